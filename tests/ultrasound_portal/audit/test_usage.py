"""Seeded misuse is found, and ordinary use is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from ultrasound_portal.audit import usage
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R52")]

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
CLINIC, ANN, BEA = uuid4(), f"user:{uuid4()}", f"user:{uuid4()}"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> object:
    @contextmanager
    def set_to(moment: datetime) -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: moment)
            yield

    return set_to


def look(actor: str, *, patient: UUID | None = None, clinic: UUID = CLINIC, event: Event | None = None) -> None:
    with transaction.atomic():
        record(
            event or Event.PICTURE_VIEWED_BY_STAFF,
            actor=actor,
            clinic_id=clinic,
            object_kind="artefact",
            object_id=uuid4(),
            patient_id=patient or uuid4(),
        )


def refuse(link: UUID, reason: str) -> None:
    with transaction.atomic():
        record(
            Event.LINK_REFUSED,
            actor=f"link:{link}",
            clinic_id=CLINIC,
            object_kind="link",
            object_id=link,
            outcome="refused",
            detail={"reason": reason},
        )


def test_looks_at_night_and_at_the_weekend_are_found(at: object) -> None:
    hours = {
        ANN: [MONDAY, MONDAY.replace(hour=19, minute=59), MONDAY.replace(hour=7)],
        BEA: [MONDAY.replace(hour=3), MONDAY.replace(hour=3, minute=30), MONDAY + timedelta(days=5)],
    }
    for actor, moments in hours.items():
        for moment in moments:
            with at(moment):  # type: ignore[operator]
                look(actor)
    found = usage.odd_hours(CLINIC, MONDAY - timedelta(days=1), opens=time(7), closes=time(20))
    assert [(one.actor, one.looks) for one in found] == [(BEA, 1), (BEA, 2)]
    assert usage.odd_hours(uuid4(), MONDAY - timedelta(days=1), opens=time(7), closes=time(20)) == []
    assert usage.odd_hours(CLINIC, MONDAY + timedelta(days=6), opens=time(7), closes=time(20)) == []


def test_many_pictures_within_any_hour_are_found(at: object) -> None:
    patient = uuid4()
    for number in range(6):
        with at(MONDAY + timedelta(minutes=9 * number + 25)):  # type: ignore[operator]
            look(BEA, patient=patient)
        with at(MONDAY + timedelta(minutes=70 * number)):  # type: ignore[operator]
            look(ANN)
    [found] = usage.many_pictures(CLINIC, MONDAY - timedelta(days=1), more_than=5)
    assert (found.actor, found.pictures, found.patients) == (BEA, 6, 1)
    assert usage.many_pictures(CLINIC, MONDAY - timedelta(days=1), more_than=6) == []


def test_who_keeps_coming_to_closed_doors_is_found() -> None:
    ended, guessed, once = uuid4(), uuid4(), uuid4()
    for _ in range(3):
        refuse(ended, "expired")
        refuse(guessed, "wrong_code")
    refuse(once, "revoked")
    refuse(once, "no_session")
    found = usage.closed_doors(CLINIC, timezone.now() - timedelta(days=1), at_least=3)
    assert {(one.link_id, one.ended, one.wrong) for one in found} == {(ended, 3, 0), (guessed, 0, 3)}
