"""Every address is walked without a session, half signed in, as every role, and as people of another clinic.

The routes are those of the resolver, so a new one is walked without being told of. For the walk as a stranger to the
clinic, the objects that a route takes are found by trying every row there is, as somebody who may.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import models, transaction
from django.http.response import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path

from tests.factories.clinics import PASSWORD, give_code_app, make_clinic, make_staff
from tests.factories.sharing import make_scene
from tests.house.test_field_classification import OURS
from ultrasound_portal.clinics.access import StaffRequest, requires
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.clinics.roles import CAPABILITIES, Capability, Role

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PATCH", "DELETE")
RIGHTS = frozenset(one.value for one in Capability)
"""The rules that ask for a role; the others' views touch what is their visitor's own, of staff or of patients."""


@dataclass(frozen=True, slots=True)
class Route:
    """An address with its parameters as the resolver names them, and who may use it."""

    pattern: str
    rule: str
    kinds: tuple[tuple[str, str], ...]

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


def signed_in(clinic: Clinic, role: Role) -> Client:
    client = Client(raise_request_exception=False)  # a page that breaks over a row has found it
    client.force_login(make_staff(clinic, role))
    return client


def leads_to_sign_in(answer: HttpResponseBase) -> bool:
    return answer.status_code == 405 or answer.headers.get("Location", "").startswith("/sign-in/")


def opened(clients: Iterable[Client], found: Iterable[Route]) -> list[str]:
    """Name the addresses of roles that somebody without one gets more from than the way to sign in."""
    return [
        f"{method} {route.pattern}"
        for client, route, method in product(clients, [one for one in found if one.rule in RIGHTS], METHODS)
        if not leads_to_sign_in(ask(client, method, somewhere(route)))
    ]


def wrongly_open(clinic: Clinic, found: Iterable[Route]) -> list[str]:
    """Name where a role gets in without the right, or is kept out with it."""
    clients = {role: signed_in(clinic, role) for role in Role}
    return [
        f"{role} {method} {route.pattern}"
        for route in found
        if route.rule in RIGHTS
        for method in METHODS
        if ask(clients[Role.AUDITOR], method, somewhere(route)).status_code != 405
        for role, client in clients.items()
        if (ask(client, method, somewhere(route)).status_code == 403) == (route.rule in CAPABILITIES[role])
    ]


def rows() -> tuple[UUID, ...]:
    """Return the key of one row of each of our tables."""
    ours = [model for model in apps.get_models() if model._meta.app_label in OURS]
    keyed = [model for model in ours if isinstance(model._meta.pk, models.UUIDField)]
    firsts = [model._default_manager.order_by("pk").first() for model in keyed]
    return tuple(row.pk for row in firsts if row is not None)


def reached(client: Client, route: Route, keys: tuple[UUID, ...]) -> tuple[str, str] | None:
    """Return method and address at which somebody who may finds something, or nothing."""
    choices = [keys if kind == "uuid" else ("own_copy",) for _, kind in route.kinds]
    for values, method in product(product(*choices), ("GET", "POST")):
        address = route.filled(values)
        if ask(client, method, address).status_code not in {404, 405}:
            return method, address
    return None


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
    scene = make_scene()
    own, other = signed_in(scene.clinic, Role.ADMINISTRATOR), signed_in(make_clinic("Elsewhere"), Role.ADMINISTRATOR)
    keys = rows()
    taking = [one for one in routes(get_resolver().url_patterns) if one.kinds and one.rule in RIGHTS]
    found = {route.pattern: reached(own, route, keys) for route in taking}
    there = {pattern: place for pattern, place in found.items() if place}
    seen = {
        pattern: ask(other, method, address).status_code
        for pattern, (method, address) in there.items()
        if ask(other, method, address).status_code != 404
    }
    assert seen == {}
    assert len(there) > len(taking) * 0.6, sorted(set(found) - set(there))


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


def test_the_row_of_another_clinic_is_found_by_whoever_may() -> None:
    scene = make_scene()
    [study] = [one for one in routes(get_resolver().url_patterns) if one.pattern == "desk/study/<uuid:study>/"]
    assert reached(signed_in(scene.clinic, Role.CLINICIAN), study, rows()) == ("GET", f"/desk/study/{scene.study.pk}/")
    assert reached(signed_in(make_clinic(), Role.CLINICIAN), study, rows()) is None
