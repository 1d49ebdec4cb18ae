"""`manage.py audit verify`: one line that says whether the trail is whole; the exit status says the same."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ultrasound_portal.audit.trail import verify


class Command(BaseCommand):
    """Checks the trail."""

    help = "Check that the audit trail is whole: exit status 0 if it is, 1 if not."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the one word there is so far."""
        parser.add_argument("act", choices=["verify"])

    def handle(self, *_: Any, **__: Any) -> None:  # Any: Django's signature
        """Write the verdict."""
        verdict = verify()
        if verdict.whole:
            self.stdout.write(f"whole: {verdict.entries} entries")
            return
        self.stdout.write(f"BROKEN after {verdict.entries} entries: {verdict.fault}")
        sys.exit(1)
