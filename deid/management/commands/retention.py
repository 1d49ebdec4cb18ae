"""`manage.py retention`: destroys what every clinic's rules say need not be kept any longer, or counts it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from deid.services import retention


class Command(BaseCommand):
    """Keeps to the clinics' rules at once instead of at the next full hour."""

    help = "Destroy originals and erase pictures that are due under the clinics' rules."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--dry-run`."""
        parser.add_argument("--dry-run", action="store_true", help="count what is due and destroy nothing")

    def handle(self, *_: Any, dry_run: bool, **__: Any) -> None:  # Any: Django's signature
        """Write one line of counts."""
        done = retention.keep_to_the_rules(dry_run=dry_run)
        self.stdout.write(
            f"{'due' if dry_run else 'destroyed'}: {done.originals} originals, "
            f"{done.rejected} rejected pictures, {done.abandoned} abandoned pictures"
        )
