"""One-time codes: how long, how often, for whom, and a fresh start by staff."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from sharing import door
from sharing.errors import ClosedReason, LinkClosed
from sharing.models import Link, Message, OneTimeCode
from sharing.services import codes
from sharing.services.links import NewLink
from sharing.states import SecondSecret
from tests.factories.sharing import ADDRESS, Scene, code_sent, make_sent_link
from tests.sharing.conftest import Clock
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.requirement("R43")]
STRANGER = "198.51.100.9"


@pytest.fixture
def sent(scene: Scene, settings: Settings) -> NewLink:
    return make_sent_link(scene, settings)


def refused(made: NewLink, code: str, asked: str, address: str = ADDRESS) -> ClosedReason:
    with pytest.raises(LinkClosed) as closed:
        door.open_link(secret=made.secret, code=code, address=address, asked=asked)
    return closed.value.reason


@pytest.mark.parametrize(("second", "seconds"), [(SecondSecret.EMAIL, 180), (SecondSecret.SMS, 900)])
def test_a_code_lives_as_long_as_its_way_allows(
    scene: Scene, settings: Settings, later: Clock, second: SecondSecret, seconds: int
) -> None:
    made = make_sent_link(scene, settings, second)
    asked = door.ask_for_code(secret=made.secret, address=ADDRESS)
    code = code_sent()
    assert set(code) <= set(codes.ALPHABET) | {"-"}
    later(timedelta(seconds=seconds - 2))
    assert door.open_link(secret=made.secret, code=code.lower(), address=ADDRESS, asked=asked)
    asked = door.ask_for_code(secret=made.secret, address=ADDRESS)
    code = code_sent()
    later(timedelta(seconds=seconds + 1))
    assert refused(made, code, asked) is ClosedReason.WRONG_CODE


def test_a_code_that_was_used_opens_nothing_more(sent: NewLink) -> None:
    """What somebody has recorded of an opening, both secrets and the page's own value, is of no use afterwards."""
    asked = door.ask_for_code(secret=sent.secret, address=ADDRESS)
    code = code_sent()
    assert door.open_link(secret=sent.secret, code=code, address=ADDRESS, asked=asked)
    assert refused(sent, code, asked) is ClosedReason.WRONG_CODE
    assert refused(sent, code, door.ask_for_code(secret=sent.secret, address=ADDRESS)) is ClosedReason.WRONG_CODE
    assert Entry.objects.filter(event=Event.LINK_REFUSED).count() == 2


def test_the_code_of_the_card_that_was_never_printed_opens_nothing(sent: NewLink) -> None:
    assert sent.code == ""
    Link.objects.filter(pk=sent.link.pk).update(code_hash=codes.tokens.code_hash("2222-2222"))
    assert refused(sent, "2222-2222", "") is ClosedReason.WRONG_CODE


def test_the_third_wrong_try_uses_a_code_up(sent: NewLink) -> None:
    asked = door.ask_for_code(secret=sent.secret, address=ADDRESS)
    code = code_sent()
    for _ in range(codes.TRIES):
        assert refused(sent, "BBBB-BBBB", asked) is ClosedReason.WRONG_CODE
    assert refused(sent, code, asked) is ClosedReason.WRONG_CODE


@pytest.mark.requirement("R39")
def test_a_stranger_with_the_link_keeps_nobody_out(sent: NewLink) -> None:
    """He asks and guesses as often as he is heard; her code is hers, and she is heard from where she is."""
    for _ in range(6):
        asked = door.ask_for_code(secret=sent.secret, address=STRANGER)
        refused(sent, "BBBB-BBBB", asked, STRANGER)
    assert Message.objects.count() <= codes.PER_ADDRESS
    hers = door.ask_for_code(secret=sent.secret, address=ADDRESS)
    code = code_sent()
    refused(sent, code, "guessed page", STRANGER)
    assert door.open_link(secret=sent.secret, code=code, address=ADDRESS, asked=hers)


def test_codes_are_not_sent_without_end(sent: NewLink, later: Clock) -> None:
    for number in range(codes.PER_DAY + 3):
        door.ask_for_code(secret=sent.secret, address=f"198.51.100.{number}")
    assert Message.objects.count() == codes.PER_DAY
    assert Entry.objects.filter(detail__reason="too_many_codes").count() == 3
    later(codes.DAY)
    door.ask_for_code(secret=sent.secret, address=ADDRESS)
    assert Message.objects.count() == codes.PER_DAY + 1
    assert OneTimeCode.objects.count() == 1  # yesterday's are gone


def test_staff_give_a_link_a_fresh_start(scene: Scene, sent: NewLink) -> None:
    for _ in range(codes.PER_DAY):
        door.ask_for_code(secret=sent.secret, address=ADDRESS)
        refused(sent, "BBBB-BBBB", "")
    assert Entry.objects.filter(event=Event.LINK_LOCKED, object_id=sent.link.pk).exists()
    assert codes.reissue(sent.link, by=scene.clinician) == ""
    sent.link.refresh_from_db()
    assert (sent.link.failed_attempts, sent.link.locked_until, sent.link.attempts.count()) == (0, None, 0)
    before = Message.objects.count()
    door.ask_for_code(secret=sent.secret, address=STRANGER)
    assert Message.objects.count() == before + 1


def test_a_card_gets_another_code_and_the_former_one_ends(scene: Scene) -> None:
    code = codes.reissue(scene.link, by=scene.clinician)
    with pytest.raises(LinkClosed):
        door.open_link(secret=scene.secret, code=scene.code, address=ADDRESS)
    assert door.open_link(secret=scene.secret, code=code, address=ADDRESS)
    assert Entry.objects.get(event=Event.CODE_REISSUED).detail == {"second_secret": "card"}
