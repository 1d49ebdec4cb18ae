"""`manage.py forget`: destroys the keys of everything that is kept of one patient."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from ultrasound_portal.patients.errors import ErasureRefused
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import forget


class Command(BaseCommand):
    """Forgets a patient for good."""

    help = "Destroy the keys of a patient's identity, pictures, signatures and links. This cannot be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the patient's key: names are never typed into a command line."""
        parser.add_argument("patient", type=UUID, help="her key, as the audit page shows it")
        parser.add_argument("--yes", action="store_true", help="do it; without this nothing happens")

    def handle(self, *_: Any, patient: UUID, yes: bool, **__: Any) -> None:  # Any: Django's signature
        """Forget her; raises CommandError with a sentence."""
        found = Patient.objects.filter(pk=patient).first()
        if found is None:
            raise CommandError("There is no such patient.")
        if not yes:
            raise CommandError("Everything of this patient would be destroyed. Add --yes to do it.")
        try:
            forget(found, actor="system:operator")
        except ErasureRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write("Forgotten. The backups taken before this still hold her keys: see docs/operations.md.")
