"""`manage.py backup DIR --keys DIR`: a copy of everything while the portal runs, the keys in a place of their own."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ultrasound_portal.backups.errors import BackupRefused
from ultrasound_portal.backups.making import make

KEEP = 14


class Command(BaseCommand):
    """Makes a backup."""

    help = "Copy the database and the sealed objects to DIR, and the key files to another place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the two places."""
        parser.add_argument("folder", type=Path, help="where the backups lie, objects once for all of them")
        parser.add_argument("--keys", type=Path, help="where the key files go; another place, another person")
        parser.add_argument("--keep", type=int, default=KEEP, help=f"how many backups to keep ({KEEP})")

    def handle(self, *_: Any, folder: Path, keys: Path | None, keep: int, **__: Any) -> None:  # Any: Django's signature
        """Make it, and say what it holds."""
        if keep < 1:
            raise CommandError("Keep at least one backup.")
        try:
            made = make(folder.absolute(), keys=keys and keys.absolute(), keep=keep)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        told = made.manifest
        self.stdout.write(f"{made.folder}: trail to entry {told.trail_seq}, {told.objects} objects")
        if keys is None:
            self.stdout.write("The keys were not copied. Without them nobody can open this backup.")
        elif not made.keys:
            self.stdout.write("No key file is here: the keys are kept elsewhere, and must be backed up there.")
        if made.dropped:
            self.stdout.write(f"{made.dropped} older backups were dropped.")
