"""Every route that gives a visitor anything is walked in every state in which nothing may be given.

The routes are found in the URLconf, so a route that is added tomorrow is walked tomorrow.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from consent.documents import keep
from consent.ending import suspend
from consent.models import ConsentDocument
from consent.services import withdraw_consent
from consent.states import SuspensionCause, WithdrawalChannel
from deid.models import Artefact
from deid.states import ArtefactKind, InstanceState
from sharing.models import Invitation, Link, Opening
from sharing.services.invitations import NewInvitation, revoke_invitations
from sharing.services.links import revoke_links
from tests.factories.patients import make_patient
from tests.factories.sharing import Scene, make_grant, make_invitation, make_link, make_released, make_scene, make_study
from tests.triggers import without_triggers
from ultrasound_portal.patients.services import forget

pytestmark = pytest.mark.django_db

VISITOR = "open link"
INVITED = "open invitation"
# pages that everybody may see; whoever adds one says here that it gives no picture
PUBLIC = {
    "health_live", "health_ready", "home", "sign_in", "passkey", "passkey_question", "sign_out", "entry", "open",
    "code", "decide_door", "decide_open", "decide_code", "join", "join_account", "leave",
    "forgotten", "reset_password", "reset_new",
}  # fmt: skip
# whoever asks for one of these asks for a picture, or for a paper that shows some
KEYS_OF_FILES = {"artefact_id", "document_id", "picture_id"}
STATE_OF_THE_LINK = {"expired", "not yet", "revoked", "left", "idle", "over", "forgotten"}
ASKING: dict[str, tuple[str, dict[str, str], str]] = {
    "get": ("get", {}, ""),
    "head": ("head", {}, ""),
    "to keep": ("get", {}, "?download=1"),
    "range": ("get", {"Range": "bytes=0-99"}, ""),
    "suffix": ("get", {"Range": "bytes=-1"}, ""),
    "beyond": ("get", {"Range": "bytes=999999999-"}, ""),
    "not changed": ("get", {"If-None-Match": "*"}, ""),
    "not since": ("get", {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, ""),
    "rest of what I have": ("get", {"Range": "bytes=10-", "If-Range": '"anything"'}, ""),
}


@dataclass(frozen=True, slots=True)
class Route:
    """One place of the URLconf with the rule that its view declares."""

    name: str
    space: str
    rule: str
    arguments: dict[str, str]

    @property
    def names_a_file(self) -> bool:
        return bool(KEYS_OF_FILES & set(self.arguments))

    def address(self, values: dict[str, object]) -> str:
        missing = set(self.arguments) - set(values)
        assert not missing, f"{self.name}: teach this walk what to put for {missing}"
        arguments = {name: values[name] for name in self.arguments}
        return reverse(f"{self.space}:{self.name}" if self.space else self.name, kwargs=arguments)


def routes(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[Route]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, entry.namespace or space)
        else:
            rule = str(getattr(entry.callback, "access_rule", ""))
            arguments = {name: type(shape).__name__ for name, shape in entry.pattern.converters.items()}
            yield Route(entry.name or "", space, rule, arguments)


def visitors() -> list[Route]:
    """The routes behind the door of a link."""
    return [route for route in routes() if route.rule == VISITOR]


def invited() -> list[Route]:
    """The routes behind the door of an invitation to decide."""
    return [route for route in routes() if route.rule == INVITED]


def values_of(scene: Scene, *kinds: ArtefactKind) -> list[dict[str, object]]:
    """What stands for the arguments of a route: each file of the scene's picture, or those of the kinds, and keys."""
    common: dict[str, object] = {
        "picture_id": scene.instances[0].pk,
        "link_id": scene.link.pk,
        "study_id": scene.study.pk,
        "document_id": (copy := ConsentDocument.objects.get(scope_id=scene.study.pk)).pk,
        "copy_id": copy.pk,
        "grant_id": scene.grant.pk,
        "purpose": "own_copy",
    }
    files = Artefact.objects.filter(instance=scene.instances[0], kind__in=kinds or list(ArtefactKind))
    return [{**common, "artefact_id": file.pk} for file in files]


def asked(route: Route, scene: Scene) -> Iterator[tuple[str, str]]:
    """Every way of asking for a film, and the plain one for every other file."""
    yield from ((address, how) for address in addresses(route, values_of(scene, ArtefactKind.FILM)) for how in ASKING)
    yield from ((address, "get") for address in addresses(route, values_of(scene)))


def addresses(route: Route, choices: list[dict[str, object]]) -> set[str]:
    return {route.address(values) for values in choices}


def expire(scene: Scene) -> None:
    scene_time(scene, begins=-3, ends=-1)


def not_yet(scene: Scene) -> None:
    scene_time(scene, begins=1, ends=3)


def scene_time(scene: Scene, *, begins: int, ends: int) -> None:
    now = timezone.now()
    with without_triggers():
        Link.objects.filter(pk=scene.link.pk).update(
            not_before=now + timedelta(days=begins), not_after=now + timedelta(days=ends)
        )


def revoke(scene: Scene) -> None:
    revoke_links(Link.objects.filter(pk=scene.link.pk), actor="system:test")


def withdraw(scene: Scene) -> None:
    withdraw_consent(scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)


def rest(scene: Scene) -> None:
    suspend(scene.grant, SuspensionCause.FAMILY, actor=f"user:{scene.clinician.pk}", reason="Her sister rang")


def hold(scene: Scene) -> None:
    _to(scene, InstanceState.HELD)


def unrelease(scene: Scene) -> None:
    _to(scene, InstanceState.CLEAN)


def _to(scene: Scene, state: InstanceState) -> None:
    for instance in scene.instances:
        instance.state, instance.released_at, instance.released_by = state, None, None
        instance.reason = "unsure" if state is InstanceState.HELD else ""
        instance.save()


def leave(scene: Scene) -> None:
    Opening.objects.filter(link=scene.link).update(ended_at=timezone.now())


def idle(scene: Scene) -> None:
    back = timezone.now() - timedelta(minutes=16)
    Opening.objects.filter(link=scene.link).update(opened_at=back, last_seen_at=back)


def over(scene: Scene) -> None:
    Opening.objects.filter(link=scene.link).update(opened_at=timezone.now() - timedelta(minutes=121))


def forgotten(scene: Scene) -> None:
    forget(scene.patient, actor="system:test")


ENDINGS: dict[str, Callable[[Scene], None]] = {
    "expired": expire,
    "not yet": not_yet,
    "revoked": revoke,
    "withdrawn": withdraw,
    "suspended": rest,
    "held": hold,
    "not released": unrelease,
    "left": leave,
    "idle": idle,
    "over": over,
    "forgotten": forgotten,
}


def no_session(scene: Scene) -> Client:
    return Client()


def wrong_session(scene: Scene) -> Client:
    browser = Client()
    browser.cookies["visit"] = "x" * 43
    return browser


def other_clinic(scene: Scene) -> Client:
    return make_scene().open()


def other_patient(scene: Scene) -> Client:
    patient = make_patient(scene.clinic)
    study = make_study(scene.clinic, patient)
    make_released(study, scene.clinician)
    made = make_link(make_grant(patient, scene.clinician, study), study, scene.clinician)
    return _opened(made.secret, made.code)


def other_link(scene: Scene) -> Client:
    """Her own link to another scan."""
    study = make_study(scene.clinic, scene.patient)
    make_released(study, scene.clinician)
    made = make_link(make_grant(scene.patient, scene.clinician, study), study, scene.clinician)
    return _opened(made.secret, made.code)


def staff(scene: Scene) -> Client:
    """A member of staff has no visit: what patients see is no way round the desk's own guard."""
    browser = Client()
    browser.force_login(scene.clinician)
    return browser


def _opened(secret: str, code: str) -> Client:
    browser = Client()
    assert browser.post(reverse("sharing:open"), {"secret": secret, "code": code}).status_code == 302
    return browser


STRANGERS: dict[str, Callable[[Scene], Client]] = {
    "no session": no_session,
    "wrong session": wrong_session,
    "other clinic": other_clinic,
    "other patient": other_patient,
    "other link": other_link,
    "staff": staff,
}


def body_of(answer: HttpResponseBase) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def ask(browser: Client, address: str, how: str) -> HttpResponseBase:
    method, headers, query = ASKING[how]
    answer: HttpResponseBase = getattr(browser, method)(address + query, headers=headers)
    return answer


def seen(answer: HttpResponseBase) -> tuple[int, bytes, dict[str, str]]:
    """Everything by which a visitor can tell an answer from another."""
    return answer.status_code, body_of(answer), dict(answer.items())


def gives(scene: Scene, answer: HttpResponseBase) -> bool:
    """Whether an answer holds a picture of the scene, or the address of one."""
    body = body_of(answer)
    keys = [str(key).encode() for key in Artefact.objects.values_list("pk", flat=True)]
    own = {str(file.pk).encode() for file in Artefact.objects.filter(instance__in=scene.instances)}
    text = answer.headers.get("Content-Type", "").startswith(("text/", "application/json"))
    return not text or any(key in body for key in keys if key in own)


@pytest.fixture
def scene() -> Scene:
    scene = make_scene(film_padding=0)
    keep(b"%PDF-1.7 hers", [scene.grant], scope_id=scene.study.pk, actor="system:test")
    return scene


def is_open(browser: Client, address: str, how: str) -> bool:
    """Whether the answer is another one than who has no visit gets; a place that only takes forms gives nothing."""
    answer = ask(browser, address, how)
    return answer.status_code != 405 and seen(answer) != closed_answer(ASKING[how][0])


@cache
def closed_answer(method: str) -> tuple[int, bytes, dict[str, str]]:
    return seen(getattr(Client(), method)(reverse("sharing:pictures")))


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R18")
@pytest.mark.requirement("R30")
@pytest.mark.parametrize("state", ENDINGS)
def test_what_has_ended_gives_the_same_closed_answer_everywhere(scene: Scene, state: str) -> None:
    browser = scene.open()
    ENDINGS[state](scene)
    wrong = []
    for route in visitors():
        strict = state in STATE_OF_THE_LINK or route.names_a_file
        for address, how in asked(route, scene):
            fault = is_open(browser, address, how) if strict else gives(scene, ask(browser, address, how))
            wrong += [f"{route.name} {how}"] if fault else []
    assert wrong == []


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_gets_no_byte_and_where_he_names_a_file_the_closed_answer(scene: Scene, stranger: str) -> None:
    browser = STRANGERS[stranger](scene)
    wrong = []
    for route in visitors():
        for address, how in asked(route, scene):
            fault = is_open(browser, address, how) if route.names_a_file else gives(scene, ask(browser, address, how))
            wrong += [f"{route.name} {how}"] if fault else []
    assert wrong == []


def come_in(scene: Scene, made: NewInvitation) -> Client:
    browser = Client()
    answer = browser.post(reverse("sharing:decide_open"), {"secret": made.secret, "code": made.code})
    assert answer["Location"] == reverse("sharing:decide")
    return browser


def revoke_invitation(scene: Scene) -> None:
    revoke_invitations(Invitation.objects.filter(patient=scene.patient), actor="system:test")


def expire_invitation(scene: Scene) -> None:
    now = timezone.now()
    with without_triggers():
        Invitation.objects.filter(patient=scene.patient).update(
            created_at=now - timedelta(days=99), not_after=now - timedelta(seconds=1)
        )


INVITED_NO_MORE = {
    "revoked": revoke_invitation,
    "expired": expire_invitation,
    "held": hold,
    "not released": unrelease,
    "forgotten": forgotten,
}


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("state", INVITED_NO_MORE)
def test_an_invitation_that_gives_nothing_any_more_gives_no_byte_of_a_picture(scene: Scene, state: str) -> None:
    browser = come_in(scene, make_invitation(scene, "own_copy"))
    picture = reverse("sharing:decide_picture", args=[scene.file(ArtefactKind.FILM).pk])
    assert ask(browser, picture, "get").status_code == 200
    INVITED_NO_MORE[state](scene)
    assert [how for how in ASKING if not is_shut(browser, picture, how)] == []
    wrong = [
        f"{route.name} {how}"
        for route in invited()
        for address, how in asked(route, scene)
        if gives(scene, ask(browser, address, how))
    ]
    assert wrong == []


@pytest.mark.parametrize("stranger", STRANGERS)
def test_who_was_not_invited_gets_no_byte(scene: Scene, stranger: str) -> None:
    browser = STRANGERS[stranger](scene)
    for route in invited():
        for address, how in asked(route, scene):
            answer = ask(browser, address, how)
            assert answer.status_code in {404, 405}, (route.name, how)
            assert not gives(scene, answer), (route.name, how)


def is_shut(browser: Client, address: str, how: str) -> bool:
    """Whether the answer is the closed page of an invitation."""
    closed = seen(getattr(Client(), ASKING[how][0])(reverse("sharing:decide")))
    return seen(ask(browser, address, how)) == closed


def test_the_walk_would_see_what_is_open(scene: Scene) -> None:
    """The visitor herself gets every file but the master, so the walks above are red where a guard is missing."""
    browser = scene.open()
    given = {
        str(values["artefact_id"])
        for values in values_of(scene)
        if ask(browser, reverse("sharing:picture", args=[values["artefact_id"]]), "get").status_code == 200
    }
    files = Artefact.objects.filter(instance=scene.instances[0])
    receipt = reverse("sharing:receipt", args=[values_of(scene)[0]["document_id"]])
    assert browser.get(receipt).content == b"%PDF-1.7 hers"
    assert given == {str(file.pk) for file in files if file.kind != "master"}
    assert gives(scene, browser.get(reverse("sharing:pictures")))


@pytest.mark.requirement("R45")
def test_whatever_a_visitor_gets_is_not_kept_indexed_sniffed_embedded_or_referred(scene: Scene) -> None:
    browser = scene.open()
    for route in visitors():
        for address in addresses(route, values_of(scene)):
            answer = ask(browser, address, "get")
            headers = answer.headers
            assert "no-store" in headers["Cache-Control"], route
            assert "noindex" in headers["X-Robots-Tag"], route
            assert headers["X-Content-Type-Options"] == "nosniff", route
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin", route
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], route
            assert not {"ETag", "Last-Modified", "Expires"} & set(headers), route
            if not headers["Content-Type"].startswith("text/"):
                assert headers["Content-Security-Policy"].startswith("sandbox"), route
                assert headers["Referrer-Policy"] == "no-referrer", route


def test_only_these_routes_are_open_to_everybody() -> None:
    assert {route.name for route in routes() if route.rule == "public"} == PUBLIC


@pytest.mark.requirement("R37")
def test_the_desk_gives_nothing_to_who_is_not_signed_in(scene: Scene) -> None:
    """Every other route, pictures for staff among them, sends a stranger to the sign-in page, her own visit or not."""
    filled = {"UUIDConverter": scene.file().pk, "IntConverter": 1, "SlugConverter": "own_copy", "StringConverter": "x"}
    browser = scene.open()
    for route in routes():
        if route.rule not in {VISITOR, INVITED, "public"}:
            values = {name: filled[shape] for name, shape in route.arguments.items()}
            for how in ("get", "head", "range"):
                answer = ask(browser, route.address(values), how)
                assert answer.status_code in {302, 404, 405}, (route, how)
                assert not gives(scene, answer), (route, how)


def test_a_key_that_nobody_has_is_closed_like_any_other(scene: Scene) -> None:
    browser, nobody = scene.open(), UUID(int=uuid4().int)
    assert not any(is_open(browser, reverse("sharing:picture", args=[nobody]), how) for how in ASKING)
