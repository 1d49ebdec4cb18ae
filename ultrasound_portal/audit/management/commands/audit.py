"""`manage.py audit verify`: one line that says whether the trail is whole; the exit status says the same."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ultrasound_portal.audit import witness
from ultrasound_portal.audit.trail import verify


class Command(BaseCommand):
    """Checks the trail, alone and against its witness."""

    help = "Check that the audit trail is whole and that the witness knows no other: exit status 0 if so, 1 if not."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is to be done."""
        parser.add_argument("act", choices=["verify", "witness"], help="check, or copy what is new to the witness")

    def handle(self, *_: Any, act: str, **__: Any) -> None:  # Any: Django's signature
        """Write the verdict."""
        if act == "witness":
            try:
                self.stdout.write(f"{witness.follow()} entries copied to {witness.path()}")
            except witness.WitnessBroken as broken:
                self._fail(str(broken))
            return
        verdict = verify()
        if not verdict.whole:
            self._fail(f"after {verdict.entries} entries: {verdict.fault}")
        last, fault = witness.compare()
        if fault:
            self._fail(f"whole by itself with {verdict.entries} entries, but {fault}")
        seen = f"the witness knows {last.seq}" if last.seq else "nobody has witnessed it yet"
        self.stdout.write(f"whole: {verdict.entries} entries, {seen}")

    def _fail(self, fault: str) -> None:
        self.stdout.write(f"BROKEN {fault}")
        sys.exit(1)
