"""Switch a purpose on or off, for one clinic or for all."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.models import Purpose
from consent.offers import offer, withhold
from ultrasound_portal.clinics.models import Clinic


class Command(BaseCommand):
    """`manage.py offer_purpose social_media --clinic <id> [--off]`; asking twice changes nothing."""

    help = "Let a clinic ask its patients for a purpose, or stop asking; answers on record stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("purpose", help="the code of the purpose")
        parser.add_argument("--off", action="store_true", help="stop asking for it")
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
        change, word = (withhold, "off") if options["off"] else (offer, "on")
        new = sum(change(purpose, clinic) for clinic in clinics)
        self.stdout.write(f"{purpose.name}: switched {word} for {new}, was {word} already for {len(clinics) - new}.")
