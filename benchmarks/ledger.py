"""How long a page of the consent ledger takes with many answers on record, and how many questions it asks the database.

`python -m benchmarks.ledger [--consents 100000] [--rounds 5]` fills a scratch database, SQLite in a temporary folder or
the empty one that DATABASE_URL names, and prints seconds (median) and queries for each way of reading.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import django

BATCH = 5000
WAYS = {
    "first page": "",
    "last page": "page=last",
    "one purpose": "purpose=family",
    "running": "state=active",
    "expired": "state=expired",
    "one basis": "basis=guardian",
    "one member of staff": "who=administrator",
    "one patient": "patient=first",
    "everything at once": "purpose=family&state=withdrawn&basis=adult&version=1&since=2026-01-01",
    "one wording": "version=1",
    "since a day": "since=2026-01-01&until=2026-06-30",
    "ending soon": "report=expiring",
    "copies out": "report=copies_out",
    "blocked": "report=blocked",
}


def median_of(call: Callable[[], int], rounds: int) -> tuple[float, int]:
    """Return the median seconds of `rounds` calls after one to warm up, and what the last call returned."""
    taken, last = [], call()
    for _ in range(rounds):
        begun = time.perf_counter()
        last = call()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken), last


def main(arguments: list[str]) -> int:
    """Fill, measure and print; return 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger")
    parser.add_argument("--consents", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PORTAL_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ultrasound_portal.settings")
        django.setup()
        found = measure(given.consents, given.rounds)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


def measure(consents: int, rounds: int) -> dict[str, dict[str, float]]:
    """Return seconds and queries by way of reading, from a database with that many answers."""
    # these know models, which are there only once Django has been set up
    from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: PLC0415

    from ultrasound_portal.clinics import sign_ins  # noqa: PLC0415
    from ultrasound_portal.clinics.models import Proof  # noqa: PLC0415
    from ultrasound_portal.vault import keyring  # noqa: PLC0415

    setup_test_environment()
    keyring.prepare()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    # a session as signing in with both factors gives it
    user_logged_in.connect(lambda request, user, **_: sign_ins.begin(request, user, proof=Proof.CODE), weak=False)
    browser = Client()
    filled = fill(consents)
    browser.force_login(filled.administrator)

    def read(query: str) -> int:
        for name, key in (("administrator", filled.administrator.pk), ("first", filled.patient_id)):
            query = query.replace(name, str(key))
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(f"/desk/consents/?{query}", secure=True)
        assert answer.status_code == 200, answer.status_code
        return len(asked)

    found = {}
    for way, query in WAYS.items():
        seconds, queries = median_of(lambda query=query: read(query), rounds)
        found[way] = {"seconds": round(seconds, 3), "queries": queries}
    return found


@dataclass(frozen=True)
class Filled:
    """Who reads, and a patient who has answers."""

    administrator: Any
    patient_id: uuid.UUID


def fill(consents: int) -> Filled:
    """Write that many answers of a tenth as many patients and an entry for each, with the triggers lifted."""
    from django.utils import timezone  # noqa: PLC0415

    from consent.models import Capacity, ConsentRecord, Grant, Profile, Purpose, Wording  # noqa: PLC0415
    from consent.states import Basis, GrantDecision, GrantState  # noqa: PLC0415
    from tests.factories.clinics import make_clinic, make_staff  # noqa: PLC0415
    from tests.triggers import without_triggers  # noqa: PLC0415
    from ultrasound_portal.audit.models import Entry  # noqa: PLC0415
    from ultrasound_portal.clinics.roles import Role  # noqa: PLC0415
    from ultrasound_portal.patients.models import Patient  # noqa: PLC0415

    clinic = make_clinic()
    administrator = make_staff(clinic, role=Role.ADMINISTRATOR)
    profile, now = Profile.objects.get(is_default=True), timezone.now()
    wordings = list(Wording.objects.filter(language="en", retired_at=None).select_related("purpose"))
    states = [GrantState.ACTIVE, GrantState.REFUSED, GrantState.WITHDRAWN, GrantState.SUPERSEDED, GrantState.EXPIRED]
    assert Purpose.objects.count() >= len(wordings)
    patients = [
        Patient(clinic=clinic, identity_object_id=uuid.uuid4(), identity_sealed=b"x", match_value=uuid.uuid4().hex)
        for _ in range(max(1, consents // 10))
    ]
    Patient.objects.bulk_create(patients, batch_size=BATCH)
    with without_triggers():
        for start in range(0, consents, BATCH):
            records, capacities, grants = [], [], []
            for number in range(start, min(start + BATCH, consents)):
                at = now - timedelta(minutes=number * 5)
                patient, wording, state = (
                    patients[number % len(patients)],
                    wordings[number % len(wordings)],
                    states[number % 5],
                )
                record = ConsentRecord(clinic=clinic, patient=patient, opened_by=administrator, opened_at=at)
                denied = state == GrantState.REFUSED
                records.append(record)
                capacities.append(Capacity(record=record, profile=profile, basis=Basis.ADULT))
                grants.append(
                    Grant(
                        record=record,
                        clinic=clinic,
                        patient=patient,
                        purpose=wording.purpose,
                        scope_id=uuid.uuid4(),
                        wording=wording,
                        decision=GrantDecision.DENY if denied else GrantDecision.PERMIT,
                        state=state,
                        valid_from=at,
                        valid_until=None if denied else at + timedelta(days=365),
                    )
                )
            ConsentRecord.objects.bulk_create(records)
            Capacity.objects.bulk_create(capacities)
            Grant.objects.bulk_create(grants)
            Entry.objects.bulk_create(_told(grants, start))
    return Filled(administrator, patients[0].pk)


def _told(grants: list[Any], start: int) -> list[Any]:
    """One entry for each answer: every tenth was downloaded, every fiftieth refused by the gate."""
    from ultrasound_portal.audit.events import Event  # noqa: PLC0415
    from ultrasound_portal.audit.models import Entry  # noqa: PLC0415

    entries = []
    for number, grant in enumerate(grants, start=start):
        event = Event.PICTURE_SERVED
        event = Event.PICTURE_DOWNLOADED if number % 10 == 2 else event
        event = Event.GATE_REFUSED if number % 50 == 3 else event
        entries.append(
            Entry(
                seq=1_000_000 + number,
                at=grant.valid_from,
                event=event,
                actor="link:x",
                clinic_id=grant.clinic_id,
                patient_id=grant.patient_id,
                grant_id=grant.pk,
                purpose=grant.purpose_id,
                outcome="success",
                detail={"start": 0},
            )
        )
    return entries


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
