"""A session of staff is worth what its row says: it ends, it locks, and it knows when the person was last there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.factories.clinics import make_member
from ultrasound_portal.clinics import sign_ins
from ultrasound_portal.clinics.models import SignIn, User

pytestmark = pytest.mark.django_db
PAGE = "/desk/account/"


@pytest.fixture
def ada(client: Client) -> User:
    user = make_member().user
    client.force_login(user)
    return user


def age(**ages: timedelta) -> None:
    now = timezone.now()
    SignIn.objects.update(**{f"{name}_at": now - by for name, by in ages.items()})


@pytest.mark.requirement("R49")
def test_without_its_row_a_session_is_a_strangers_at_the_next_request(client: Client, ada: User) -> None:
    assert client.get(PAGE).status_code == 200
    SignIn.objects.all().delete()
    assert client.get(PAGE).headers["Location"] == f"/sign-in/?next={PAGE}"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("ages", "lives"),
    [
        ({"started": sign_ins.LONGEST - timedelta(minutes=1)}, True),
        ({"started": sign_ins.LONGEST}, False),
        ({"seen": sign_ins.UNSEEN - timedelta(minutes=1)}, True),
        ({"seen": sign_ins.UNSEEN}, False),
    ],
    ids=["nearly ten hours", "ten hours", "nearly an hour unseen", "an hour unseen"],
)
def test_it_ends_after_its_longest_time_and_when_the_browser_is_gone(
    client: Client, ada: User, ages: dict[str, timedelta], lives: bool
) -> None:
    age(**ages)
    assert (client.get(PAGE).status_code == 200) is lives
    assert SignIn.objects.exists() is lives


def test_the_row_of_somebody_else_opens_nothing(client: Client, ada: User) -> None:
    other = Client()
    other.force_login(make_member().user)
    session = client.session
    session[sign_ins.KEY] = other.session[sign_ins.KEY]
    session.save()
    assert client.get(PAGE).status_code == 302


def test_a_page_that_renews_itself_does_not_keep_a_desk_open(client: Client, ada: User, settings: Settings) -> None:
    settings.PORTAL_LOCK = timedelta(minutes=15)
    age(active=timedelta(minutes=10), seen=timedelta(minutes=10))
    client.get("/desk/", headers={"HX-Request": "true"})
    client.get("/desk/", headers={"Sec-Fetch-Mode": "cors"})
    row = SignIn.objects.get()
    assert timezone.now() - row.seen_at < timedelta(minutes=1)
    assert timezone.now() - row.active_at > timedelta(minutes=9)
    client.get("/desk/", headers={"Sec-Fetch-Mode": "navigate"})
    assert timezone.now() - SignIn.objects.get().active_at < timedelta(minutes=1)


def test_a_desk_that_was_left_alone_is_locked(ada: User, settings: Settings) -> None:
    settings.PORTAL_LOCK = timedelta(minutes=15)
    assert not sign_ins.is_locked(SignIn.objects.get())
    age(active=timedelta(minutes=16))
    row = SignIn.objects.get()
    assert sign_ins.is_locked(row)
    sign_ins.prove(row)
    assert not sign_ins.is_locked(SignIn.objects.get())


def test_a_lock_by_hand_is_one_lock(ada: User) -> None:
    row = SignIn.objects.get()
    assert sign_ins.lock(row)
    assert not sign_ins.lock(row)
    sign_ins.note_activity(row)
    assert sign_ins.is_locked(SignIn.objects.get())


def test_a_proof_grows_old(ada: User) -> None:
    assert sign_ins.is_proved(SignIn.objects.get(), sign_ins.VERY_FRESH)
    age(proved=timedelta(minutes=6))
    assert not sign_ins.is_proved(SignIn.objects.get(), sign_ins.VERY_FRESH)
    assert sign_ins.is_proved(SignIn.objects.get(), sign_ins.FRESH)


def test_rows_that_are_over_are_removed(client: Client, ada: User) -> None:
    Client().force_login(ada)
    Client().force_login(ada)
    over, unseen, _ = SignIn.objects.order_by("started_at")
    SignIn.objects.filter(pk=over.pk).update(started_at=timezone.now() - sign_ins.LONGEST)
    SignIn.objects.filter(pk=unseen.pk).update(seen_at=timezone.now() - sign_ins.UNSEEN)
    assert sign_ins.of(ada).count() == 1
    sign_ins.clear()
    assert SignIn.objects.count() == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140 Safari/537.36", "Chrome on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile", "Chrome on Android"),
        ("<script>alert(1)</script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_device_is_named_from_a_closed_list(agent: str, words: str) -> None:
    assert sign_ins.device(agent) == words
