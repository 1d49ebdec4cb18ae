"""Every address is walked without a session, half signed in, as every role, and as people of another clinic.

The routes are those of the resolver, so a new one is walked without being told of. For the walk as a stranger to the
clinic, `furnished` has one of everything an address can name; a route that finds nothing there fails the test.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from uuid import UUID, uuid4

import pytest
from django.db import models, transaction
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.utils import timezone

from consent.capacity import Claim
from consent.models import ConsentDocument
from consent.states import Basis, TaskKind
from consent.todo import open_task
from deid.ingest import deliveries
from deid.models import Artefact, DeviceRule, Round, SavedView, Study, Upload
from deid.services import legal_holds, machines
from deid.states import HoldGround
from deid.urls import urlpatterns as of_deid
from sharing.models import Invitation as ConsentInvitation
from sharing.services.incidents import open_incident
from sharing.states import IncidentKind
from tests.factories.clinics import EVERY_RIGHT, PASSWORD, give_code_app, make_clinic, make_member, make_staff
from tests.factories.sharing import Scene, make_grant, make_invitation, make_scene, make_study, minor_of
from ultrasound_portal.clinics import break_glass, invitations
from ultrasound_portal.clinics.access import StaffRequest, requires
from ultrasound_portal.clinics.models import Clinic, GlassReason, Invitation, User
from ultrasound_portal.clinics.roles import CAPABILITIES, Capability, Role
from ultrasound_portal.handbook import services as handbook
from ultrasound_portal.handbook.models import Chapter
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PATCH", "DELETE")
OF_NO_CLINIC = {
    "desk/consents/settings/rules/<slug:code>/": "rules of a place are those of the whole portal",
    "desk/consents/settings/<slug:purpose>/<slug:language>/": "purposes and languages are those of the whole portal",
}
"""Addresses with parameters that name nothing of a clinic, so that there is nothing to hide from another one."""

SLUGS = ("own_copy", "assess", "assent", "teaching")
RIGHTS = frozenset(one.value for one in Capability)
"""The rules that ask for a role; the others' views touch what is their visitor's own, of staff or of patients."""


@dataclass(frozen=True, slots=True)
class Route:
    """An address with its parameters as the resolver names them, and who may use it."""

    pattern: str
    rule: str
    kinds: tuple[tuple[str, str], ...]

    @property
    def asked(self) -> frozenset[str]:
        """Return the rights of which one opens it; none where it is open to all, or to all who are signed in."""
        return RIGHTS & frozenset(self.rule.split(" or "))

    def filled(self, values: Iterable[object]) -> str:
        """Return the address with values in the place of the parameters."""
        address = f"/{self.pattern}"
        for (name, kind), value in zip(self.kinds, values, strict=True):
            address = address.replace(f"<{kind}:{name}>", str(value))
        return address


def routes(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[Route]:
    for entry in patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, pattern)
        else:
            kinds = tuple(
                (name, type(converter).__name__.removesuffix("Converter").lower())
                for name, converter in entry.pattern.converters.items()
            )
            yield Route(pattern, getattr(entry.callback, "access_rule", ""), kinds)


def ask(client: Client, method: str, address: str) -> HttpResponseBase:
    """Ask and take back whatever the answer wrote."""
    with transaction.atomic():
        answer = client.generic(method, address)
        transaction.set_rollback(True)
    return answer


def somewhere(route: Route) -> str:
    """Return an address of the route at which nothing is."""
    return route.filled(uuid4() if kind == "uuid" else 7 if kind == "int" else "own_copy" for _, kind in route.kinds)


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)  # a page that breaks over a row has found it
    client.force_login(user)
    return client


def leads_to_sign_in(answer: HttpResponseBase) -> bool:
    return answer.status_code == 405 or answer.headers.get("Location", "").startswith("/sign-in/")


def opened(clients: Iterable[Client], found: Iterable[Route]) -> list[str]:
    """Name the addresses of roles that somebody without one gets more from than the way to sign in."""
    return [
        f"{method} {route.pattern}"
        for client, route, method in product(clients, [one for one in found if one.asked], METHODS)
        if not leads_to_sign_in(ask(client, method, somewhere(route)))
    ]


def wrongly_open(clinic: Clinic, found: Iterable[Route]) -> list[str]:
    """Name where a role gets in without the right, or is kept out with it."""
    clients = {role: signed_in(make_staff(clinic, role)) for role in Role}
    return [
        f"{role} {method} {route.pattern}"
        for route in found
        if route.asked
        for method in METHODS
        if ask(clients[Role.AUDITOR], method, somewhere(route)).status_code != 405
        for role, client in clients.items()
        if (ask(client, method, somewhere(route)).status_code == 403) == bool(route.asked & CAPABILITIES[role])
    ]


def furnished(scene: Scene, own: User) -> tuple[UUID, ...]:
    """Give the scene's clinic one of everything an address can name, and return the key of each."""
    clinic, study, other = scene.clinic, scene.study, make_member(scene.clinic, Role.SONOGRAPHER)
    clouded = make_study(clinic, scene.patient)
    machine = machines.find_or_create(clinic, manufacturer="Orbelle", model="8", station="ROOM 2")
    upload = Upload.objects.create(clinic=clinic, by=own)
    broken = break_glass.open_(other, Capability.SHARE, GlassReason.URGENT)
    minor = minor_of(scene)
    make_grant(minor.patient, scene.clinician, minor.study, claim=Claim(basis=Basis.MINOR_WITH_PARENT))
    make_invitation(scene)
    make_grant(scene.patient, scene.clinician, study, purpose="teaching")
    invitations.invite(clinic, "somebody@example.org", Role.AUDITOR, by=own)
    made: list[models.Model] = [
        study,
        minor.study,
        scene.instances[0],
        Artefact.objects.filter(instance=scene.instances[0]).earliest("pk"),
        scene.grant,
        scene.patient,
        scene.link,
        other,
        broken,
        Invitation.objects.get(clinic=clinic),
        ConsentInvitation.objects.get(clinic=clinic),
        open_incident(
            clouded, kind=IncidentKind.WRONG_PERSON, account="Posted.", known_at=timezone.now(), by=scene.clinician
        ),
        legal_holds.place(study, ground=HoldGround.COMPLAINT, by=own),
        DeviceRule.objects.create(machine=machine, rows=600, columns=800, boxes=[], made_by=own),
        SavedView.objects.create(clinic=clinic, by=own, query="state=held"),
        Round.objects.create(clinic=clinic, by=own),
        upload,
        deliveries.begin(upload, 100),
        open_task(scene.grant, TaskKind.ENDS_SOON, timezone.now()),
        keep_copy(scene),
        handbook.publish(clinic, Chapter.CONSENT, "As the clinic does it.", by=own),
    ]
    return tuple(one.pk for one in made)


def keep_copy(scene: Scene) -> ConsentDocument:
    """Return a patient's copy of nothing in particular."""
    sealed = seal(b"%PDF-", kind=ObjectKind.DOCUMENT, clinic_id=scene.clinic.pk)
    return ConsentDocument.objects.create(
        clinic=scene.clinic,
        scope_id=scene.study.pk,
        object_id=sealed.pk,
        sha256=sha256(b"%PDF-").hexdigest(),
        size=5,
        made_at=timezone.now(),
    )


def reached(client: Client, route: Route, keys: tuple[UUID, ...]) -> tuple[str, str] | None:
    """Return method and address at which somebody who may finds something, or nothing."""
    choices = [keys if kind == "uuid" else SLUGS for _, kind in route.kinds]
    for values, method in product(product(*choices), ("GET", "POST", "HEAD")):
        address = route.filled(values)
        if ask(client, method, address).status_code not in {404, 405}:
            return method, address
    return None


def strays(scene: Scene, found: Iterable[Route]) -> tuple[dict[str, int], set[str]]:
    """Return what people of another clinic get where something is named, and the routes that name nothing."""
    own = make_staff(scene.clinic, EVERY_RIGHT)
    at_home, abroad = signed_in(own), signed_in(make_staff(make_clinic("Elsewhere"), EVERY_RIGHT))
    keys = furnished(scene, own)
    places = {route.pattern: reached(at_home, route, keys) for route in found}
    answers = {pattern: ask(abroad, *place).status_code for pattern, place in places.items() if place}
    return {pattern: code for pattern, code in answers.items() if code != 404}, places.keys() - answers.keys()


@pytest.mark.requirement("R37")
@pytest.mark.requirement("R48")
def test_without_a_session_or_with_a_password_alone_no_address_of_a_role_opens() -> None:
    member = make_staff(email="ada@example.org")
    give_code_app(member)
    half = Client()
    half.post("/sign-in/", {"email": "ada@example.org", "password": PASSWORD})
    assert opened([Client(), half], routes(get_resolver().url_patterns)) == []


@pytest.mark.requirement("R42")
def test_every_address_opens_to_the_roles_that_may_and_to_no_other() -> None:
    assert wrongly_open(make_clinic(), list(routes(get_resolver().url_patterns))) == []


@pytest.mark.requirement("R42")
@pytest.mark.requirement("R55")
def test_what_one_clinic_has_is_not_there_for_another() -> None:
    taking = [one for one in routes(get_resolver().url_patterns) if one.asked and one.pattern not in OF_NO_CLINIC]
    assert strays(make_scene(), [one for one in taking if one.kinds]) == ({}, set())


def pretending(address: str) -> list[Route]:
    """Return the route of a view that says it asks for the right to read the trail, at an address of another one."""

    @requires(Capability.AUDIT)
    def view(request: StaffRequest) -> HttpResponseBase:
        return HttpResponse()

    return list(routes([path(address, view)]))


def test_a_door_that_asks_for_less_than_it_says_is_seen() -> None:
    assert opened([Client()], pretending("sign-in/")) == ["GET sign-in/", "POST sign-in/"]
    assert {one.split()[0] for one in wrongly_open(make_clinic(), pretending("desk/account/"))} == {
        Role.SONOGRAPHER,
        Role.CLINICIAN,
        Role.REVIEWER,
    }
    assert {one.split()[0] for one in wrongly_open(make_clinic(), pretending("desk/brand/logo/"))} == {Role.AUDITOR}


def test_an_address_that_opens_to_another_clinic_and_one_that_names_nothing_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @requires(Capability.REVIEW)
    def careless(request: StaffRequest, study: UUID) -> HttpResponseBase:
        return HttpResponse(get_object_or_404(Study, pk=study).pk)

    [entry] = [one for one in of_deid if one.name == "study"]
    monkeypatch.setattr(entry, "callback", careless)
    [known] = routes([entry])
    unknown = Route("desk/study/<uuid:study>/nowhere/", "review", known.kinds)
    assert strays(make_scene(), [known, unknown]) == ({known.pattern: 200}, {unknown.pattern})
