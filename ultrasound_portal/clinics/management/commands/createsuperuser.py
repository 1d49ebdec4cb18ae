"""`manage.py createsuperuser`: says what to use instead, since nobody stands above the roles of a clinic."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Takes the place of Django's own command, which would ask for everything and then fail."""

    help = "There are no superusers here. Use open_clinic, or add_member for a clinic that is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whatever Django's own command takes, so that the sentence comes and not a usage."""
        parser.add_argument("--email")
        parser.add_argument("--display_name")
        parser.add_argument("--database")
        parser.add_argument("--noinput", "--no-input", action="store_true")

    def handle(self, *_: Any, **__: Any) -> None:  # Any: Django's signature
        """Raise CommandError with the way out."""
        raise CommandError(
            "There are no superusers here. Use open_clinic to open a clinic with its administrator, "
            "or add_member to add a person to a clinic."
        )
