"""Switch on, for one clinic or for all, a purpose that is off by default."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.models import Purpose
from consent.offers import offer
from ultrasound_portal.clinics.models import Clinic


class Command(BaseCommand):
    """`manage.py offer_purpose social_media --clinic <id>`; asking twice changes nothing."""

    help = "Let a clinic ask its patients for a purpose that is off by default, such as social_media."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("purpose", help="the code of the purpose")
        places = parser.add_mutually_exclusive_group(required=True)
        places.add_argument("--clinic", type=uuid.UUID, help="the id of one clinic")
        places.add_argument("--all-clinics", action="store_true", help="every clinic there is now")

    def handle(self, **options: Any) -> None:  # Any: Django hands over what the parser found
        purpose = Purpose.objects.filter(pk=options["purpose"]).first()
        if purpose is None:
            known = ", ".join(Purpose.objects.values_list("pk", flat=True))
            raise CommandError(f"There is no such purpose. Choose one of {known}.")
        clinics = Clinic.objects.all()
        if not options["all_clinics"]:
            clinics = clinics.filter(pk=options["clinic"])
        if not clinics:
            raise CommandError("There is no such clinic. Look up its id, or use --all-clinics.")
        new = sum(offer(purpose, clinic) for clinic in clinics)
        self.stdout.write(f"{purpose.name}: switched on for {new}, was on already for {len(clinics) - new}.")
