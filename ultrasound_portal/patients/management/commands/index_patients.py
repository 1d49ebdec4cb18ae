"""`manage.py index_patients`: patients from before the search was there can be found as well."""

from typing import Any

from django.core.management.base import BaseCommand

from ultrasound_portal.patients.services import index_all


class Command(BaseCommand):
    """Writes the search terms of patients who have none."""

    help = "Let every patient be found by name, record number and birth date. It may be run again at any time."

    def handle(self, *_: Any, **__: Any) -> None:  # Any: Django's signature
        """Say how many were indexed."""
        self.stdout.write(f"{index_all()} patients can be found now.")
