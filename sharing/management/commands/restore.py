"""`manage.py restore DIR --keys DIR`: a backup into an empty system, with all ended again that was ended later."""

import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sharing.services import restoring
from sharing.services.restoring import Replayed
from ultrasound_portal.audit import witness
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.witness import WitnessBroken
from ultrasound_portal.backups import manifest
from ultrasound_portal.backups.errors import BackupRefused
from ultrasound_portal.backups.loading import load
from ultrasound_portal.backups.making import newest
from ultrasound_portal.backups.manifest import Manifest
from ultrasound_portal.vault import tombstones


class Command(BaseCommand):
    """Puts a backup back."""

    help = "Restore the newest backup in DIR, or the one that DIR is, into an empty database and store."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the places of backup, keys and witness."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keys", type=Path, help="where the key files were copied to, if they are not here yet")
        parser.add_argument("--witness", type=Path, help="the folder with trail.jsonl and destroyed of the lost system")
        parser.add_argument(
            "--without-witness", action="store_true", help="there is none: every consent and every link ends"
        )

    def handle(self, *_: Any, folder: Path, keys: Path | None, **options: Any) -> None:  # Any: Django's signature
        """Restore, replay, and say what a person still has to do."""
        seen = options["witness"] or witness.path().parent
        try:
            backup = newest(folder.absolute())
            found = manifest.read(backup)
            tail = None if options["without_witness"] else list(_tail(seen, found))
            loaded = load(backup, keys=keys and keys.absolute(), destroyed=tombstones.noted(seen / "destroyed"))
            replayed = restoring.end_everything() if tail is None else restoring.replay(tail)
        except (BackupRefused, WitnessBroken) as refusal:
            raise CommandError(str(refusal)) from None
        self._take_over(seen)
        self.stdout.write(f"restored {backup.name}: trail to entry {found.trail_seq}, {found.objects} objects")
        self.stdout.write(f"opened {loaded.opened} objects to see that they open; {loaded.missing} are missing")
        self._tell(replayed, tail)

    def _tell(self, replayed: Replayed, tail: list[Entry] | None) -> None:
        if tail is None:
            self.stdout.write("Nobody witnessed what came after the backup, so all consents and links were ended.")
        else:
            until = tail[-1].at.isoformat() if tail else "the backup"
            self.stdout.write(f"witnessed until {until}: {replayed.entries} entries given back to the trail")
        self.stdout.write(
            f"ended again: {replayed.grants} consents, {replayed.links} links, {replayed.releases} releases, "
            f"{replayed.rejections} rejected pictures, {replayed.forgotten} patients"
        )
        for patient in replayed.by_hand:
            self.stdout.write(
                f"Patient {patient} had been forgotten and is on legal hold: lift it and forget her again."
            )

    def _take_over(self, seen: Path) -> None:
        """Go on with the witness of the lost system as this one's own."""
        own = witness.path()
        if seen.resolve() != own.parent.resolve() and (seen / own.name).exists():
            own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(seen / own.name, own)
            own.chmod(0o600)
        witness.follow()
        tombstones.catch_up()


def _tail(seen: Path, found: Manifest) -> Iterator[Entry]:
    """Yield what the witness has after the backup's last entry; raises WitnessBroken where it does not know that."""
    known = found.trail_seq == 0
    for entry in witness.entries(seen / witness.path().name):
        if entry.seq == found.trail_seq:
            known = entry.leaf_hash == found.trail_hash
        elif entry.seq > found.trail_seq:
            yield entry
    if not known:
        raise WitnessBroken(
            "The witness does not know the end of this backup. Give the witness of the lost system (--witness), or, "
            "where there is none, say so (--without-witness): then every consent and every link ends."
        )
