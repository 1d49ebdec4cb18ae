"""Choose by which jurisdiction's rules a clinic asks who may consent."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.models import ClinicProfile, Profile
from ultrasound_portal.clinics.models import Clinic


class Command(BaseCommand):
    """`manage.py jurisdiction uk --clinic <id>`; decisions on record keep the rules they were made by."""

    help = "Choose by which jurisdiction's rules a clinic asks who may consent, such as us, uk or au."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("profile", help="the code of the profile")
        parser.add_argument("--clinic", type=uuid.UUID, required=True, help="the id of the clinic")

    def handle(self, **options: Any) -> None:  # Any: Django hands over what the parser found
        profile = Profile.objects.filter(pk=options["profile"]).first()
        if profile is None:
            known = ", ".join(Profile.objects.values_list("pk", flat=True))
            raise CommandError(f"There is no such profile. Choose one of {known}.")
        clinic = Clinic.objects.filter(pk=options["clinic"]).first()
        if clinic is None:
            raise CommandError("There is no such clinic. Look up its id.")
        ClinicProfile.objects.update_or_create(clinic=clinic, defaults={"profile": profile})
        self.stdout.write(f"{clinic.name} asks by the rules of {profile.name}.")
