"""`manage.py keys`: wrapping keys are listed, rotated, put under every object, and destroyed when unused."""

from argparse import ArgumentParser
from base64 import b64encode
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Count

from ultrasound_portal import env
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.vault import keyring, rewrapping
from ultrasound_portal.vault.errors import VaultError
from ultrasound_portal.vault.models import SealedObject

OPERATOR = "system:operator"


class Command(BaseCommand):
    """Cares for the wrapping keys; the portal may serve meanwhile."""

    help = "List the wrapping keys, make a fresh one, wrap every object under it, destroy one that nothing needs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one act."""
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="the keys that are here, and how many objects each one wraps")
        acts.add_parser("rotate", help="make a fresh current key; the old one goes on opening what it wraps")
        acts.add_parser("rewrap", help="wrap every object under the current key; may be broken off and run again")
        retire = acts.add_parser("retire", help="destroy an old key that nothing needs")
        retire.add_argument("key", help="its id, as `keys list` prints it")
        new = acts.add_parser("new", help="write a fresh key in base64 to a file, for PORTAL_KEK_KEY_FILE")
        new.add_argument("file", type=Path)

    def handle(self, *_: Any, act: str, **options: Any) -> None:  # Any: Django's signature
        """Do the act; raises CommandError with a sentence."""
        try:
            getattr(self, f"_{act}")(**{name: options[name] for name in ("key", "file") if name in options})
        except VaultError as fault:
            raise CommandError(str(fault)) from None

    def _list(self) -> None:
        current, present = keyring.current_id(), keyring.present_ids()
        living = SealedObject.objects.filter(destroyed_at=None).order_by()
        counts = dict(living.values_list("kek_id").annotate(number=Count("id")))
        for key in sorted(present | counts.keys(), key=lambda key: (key != current, key)):
            state = "current" if key == current else "old" if key in present else "MISSING"
            self.stdout.write(f"{key}  {state:<8}{counts.get(key, 0):>10} objects")

    def _rotate(self) -> None:
        former = keyring.current_id()
        with transaction.atomic():
            fresh = keyring.rotate()
            _note(Event.KEY_ROTATED, key=fresh, former=former)
        self.stdout.write(f"{fresh} is the current key. Copy the keys apart, then run `manage.py keys rewrap`.")

    def _rewrap(self) -> None:
        done = 0
        for progress in rewrapping.rewrap():
            done = progress.done
            self.stdout.write(f"{progress.done} wrapped anew, {progress.left} left")
        with transaction.atomic():
            _note(Event.KEYS_REWRAPPED, key=keyring.current_id(), objects=done)

    def _retire(self, key: str) -> None:
        with transaction.atomic():
            rewrapping.retire(key)
            _note(Event.KEY_RETIRED, key=key)
        self.stdout.write(f"{key} is destroyed. Backups of the database from before the rewrap need its copy.")

    def _new(self, file: Path) -> None:
        if file.exists():
            raise CommandError("This file is there already, and a key is never written over.")
        env.keep_secret(file.absolute(), b64encode(keyring.fresh_key()))
        self.stdout.write(f"A fresh key stands in {file}, readable by you alone.")


def _note(event: Event, **detail: str | int) -> None:
    record(event, actor=OPERATOR, clinic_id=None, object_kind="key", detail=detail)
