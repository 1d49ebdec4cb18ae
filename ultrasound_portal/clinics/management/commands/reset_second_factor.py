"""`manage.py reset_second_factor`: for somebody who lost her factors and whom no administrator may help."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics import second_factors, sign_ins
from ultrasound_portal.clinics.management.people import check_ready, find_user
from ultrasound_portal.clinics.services import SYSTEM


class Command(BaseCommand):
    """Takes every factor away and ends every session, so that the next sign-in sets a factor up."""

    help = "Take a person's second factors away and sign her out everywhere. Make sure first that it is she who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the person."""
        parser.add_argument("--email", required=True, help="the address she signs in with")

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's signature
        """Do it, with an entry on the trail of each of her clinics; raises CommandError for an unknown address."""
        check_ready()
        user = find_user(options["email"])
        if user is None:
            raise CommandError("Nobody signs in with this address.")
        with transaction.atomic():
            second_factors.forget(user)
            sign_ins.end(user)
            for clinic_id in user.memberships.values_list("clinic_id", flat=True):
                record(
                    Event.SECOND_FACTORS_RESET,
                    actor=SYSTEM,
                    clinic_id=clinic_id,
                    object_kind="user",
                    object_id=user.pk,
                )
        self.stdout.write("Done. The next sign-in sets up a second factor.")
