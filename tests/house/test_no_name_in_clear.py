"""No name that comes in at any door stands in the database in clear."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import Grant, Signature, Withdrawal
from consent.sealed import name_of, reason_of
from consent.states import GrantState
from deid.ingest.receive import receive
from sharing.incident_forms import MOMENT
from sharing.models import Incident, Link
from sharing.nicknames import nicknames_of
from sharing.services import notices
from sharing.services.incidents import account_of
from sharing.states import Channel
from tests.factories.pictures import ultrasound_bytes
from tests.factories.sharing import Scene, make_message, make_scene
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import identity_of

FAMILY, GIVEN, RECORD = "Quillenstrand", "Oddbjorga", "MRN-ZX-90417"
STUDY = "1.2.826.0.1.3680043.10.90417.31337"
SIGNER, NICKNAME, REASON = "Thessaly Vornbeck", "Grandmother Ellingsen", "My sister Philippina asked"
ADDRESS = "thorvaldine@example.net"
PLANTED = (FAMILY, GIVEN, RECORD, STUDY, "Thessaly", "Vornbeck", "Ellingsen", "Philippina", "thorvaldine")


def sightings(*words: str) -> set[str]:
    """Name `table.column` wherever one of the words stands, in any case, in text, in bytes or inside a session."""
    wanted = [word.casefold() for word in words]
    return {place for place, text in _values() if any(word in text.casefold() for word in wanted)}


def _values() -> Iterator[tuple[str, str]]:
    """Yield every value of every row of every table as text; bytes are read one character each."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor, include_views=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [f"{table}.{column[0]}" for column in cursor.description]
            for row in cursor.fetchall():
                for place, value in zip(columns, row, strict=True):
                    binary = isinstance(value, bytes | memoryview)
                    yield place, bytes(value).decode("latin-1") if binary else str(value)
    for session in Session.objects.all():
        yield "django_session.session_data", str(session.get_decoded())


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.fixture
def desk(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(scene.clinician)
    return browser


def ask(scene: Scene, desk: Client) -> Grant:
    """Hold the sitting at the desk's own page, and return the patient's yes."""
    page = reverse("sharing:ceremony", args=[scene.study.pk]) + "?basis=adult&ask=own_copy&ask=family"
    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    data = {
        "shown": desk.get(page).context["form"]["shown"].value(),
        "answer_own_copy": "permit",
        "until_own_copy": until,
        "answer_family": "deny",
        "until_family": until,
        "method": "typed",
        "name": SIGNER,
    }
    assert desk.post(page, {**data, "step": "check"}).status_code == 200
    assert desk.post(page, {**data, "step": "record"}).status_code == 302
    return Grant.objects.get(patient=scene.patient, state=GrantState.ACTIVE)


def share(scene: Scene, desk: Client) -> HttpResponse:
    data = {
        "submission": str(uuid4()),
        "nickname": NICKNAME,
        "recipient_check": "in_person",
        "pictures": [str(instance.pk) for instance in scene.instances],
        "until": (timezone.localdate() + timedelta(days=14)).isoformat(),
        "max_openings": "5",
    }
    return desk.post(reverse("sharing:link_created", args=[scene.study.pk, "own_copy"]), data)


@pytest.mark.database
def test_no_table_holds_a_name_in_clear(scene: Scene, desk: Client) -> None:
    data = ultrasound_bytes(name=f"{FAMILY}^{GIVEN}", record=RECORD, study_uid=STUDY, station=GIVEN)
    receive(data, clinic=scene.clinic, actor="system:test", door="test")
    grant = ask(scene, desk)
    assert NICKNAME in share(scene, desk).content.decode()
    link = Link.objects.latest("created_at")
    make_message(scene, to=ADDRESS)
    notices.ask(scene.link, Channel.EMAIL, ADDRESS, address="192.0.2.7")
    assert desk.get(reverse("consent:grant", args=[grant.pk])).status_code == 200
    assert desk.get(reverse("sharing:links", args=[scene.study.pk])).status_code == 200
    desk.post(reverse("sharing:link_revoke", args=[link.pk]))
    desk.post(reverse("consent:withdraw", args=[grant.pk]), {"channel": "phone", "reason": REASON})
    known = timezone.localtime().strftime(MOMENT)
    said = {"kind": "posted", "known_at": known, "account": REASON, "sure": "on"}
    desk.post(reverse("sharing:incident_new", args=[scene.study.pk]), said)

    assert sightings(*PLANTED) == set()
    # and yet everything was taken in
    assert name_of(Signature.objects.get(record=grant.record)) == SIGNER
    assert reason_of(Withdrawal.objects.get(grant=grant)) == REASON
    assert account_of(Incident.objects.get()) == REASON
    assert nicknames_of([link]) == {link.pk: NICKNAME}
    assert identity_of(Patient.objects.latest("created_at")).record_number == RECORD


def test_a_name_in_clear_is_seen_in_text_in_bytes_and_in_a_session(scene: Scene, desk: Client) -> None:
    assert sightings("Ellingsen") == set()
    scene.clinician.display_name = "ellingsen, Ruth"
    scene.clinician.save()
    Link.objects.update(nickname_sealed=b"Grandmother Ellingsen")
    session = desk.session
    session["name"] = "Ellingsen"
    session.save()
    assert sightings("Ellingsen") == {
        "clinics_user.display_name",
        "sharing_link.nickname_sealed",
        "django_session.session_data",
    }
