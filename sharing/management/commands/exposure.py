"""`manage.py exposure`: the list of pictures that were seen, by whom and when, as a spreadsheet's file."""

import csv
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from deid.models import Study
from sharing.models import Link
from sharing.services.exposure import Scope, exposures
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User

HEADS = ("patient", "study", "picture", "seen by", "first", "last", "times shown", "times saved")


class Command(BaseCommand):
    """Lists looks at pictures from the audit trail."""

    help = (
        "List whose pictures were seen, by which link or member of staff, from the audit trail; keys, never names. "
        "Without a choice it lists everything."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what narrows the list."""
        parser.add_argument("--study", type=UUID, help="key of a study")
        parser.add_argument("--patient", type=UUID, help="key of a patient")
        who = parser.add_mutually_exclusive_group()
        who.add_argument("--link", type=UUID, help="key of a link")
        who.add_argument("--staff", help="e-mail address of a member of staff")
        parser.add_argument("--since", type=_moment, help="from this day or moment on, such as 2026-03-01")
        parser.add_argument("--until", type=_moment, help="up to this day or moment, without it")

    def handle(self, *_: Any, **asked: Any) -> None:  # Any: Django's signature
        """Write the list to standard output; that it was made is on the trail."""
        scope = _scope(asked)
        found = exposures(scope)
        with transaction.atomic():
            trail.record(
                Event.EXPOSURE_LISTED,
                actor="system:command",
                clinic_id=None,
                object_kind="exposure",
                patient_id=scope.patient_id,
                detail={"rows": len(found)},
            )
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(HEADS)
        for one in found:
            times = (one.first.isoformat(timespec="seconds"), one.last.isoformat(timespec="seconds"))
            writer.writerow((one.patient_id, one.study_id, one.picture_id, one.actor, *times, one.shown, one.saved))


def _scope(asked: dict[str, Any]) -> Scope:
    if asked["study"] and not Study.objects.filter(pk=asked["study"]).exists():
        raise CommandError("There is no study with this key.")
    if asked["link"] and not Link.objects.filter(pk=asked["link"]).exists():
        raise CommandError("There is no link with this key.")
    actor = f"link:{asked['link']}" if asked["link"] else None
    if asked["staff"]:
        user = User.objects.filter(email__iexact=asked["staff"].strip()).first()
        if user is None:
            raise CommandError("Nobody on the staff has this address.")
        actor = f"user:{user.pk}"
    return Scope(
        study_id=asked["study"],
        patient_id=asked["patient"],
        actor=actor,
        since=asked["since"],
        until=asked["until"],
    )


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
        if found is None:
            day = parse_date(text)
            found = datetime(day.year, day.month, day.day) if day else None  # noqa: DTZ001  made aware below
    except ValueError:
        found = None
    if found is None:
        raise ArgumentTypeError("a day such as 2026-03-01 or a moment such as 2026-03-01T14:30")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
