"""Kills parts of the portal while it works and looks at what is left: `python -m tests.chaos --help`.

The same seed strikes the same pictures at the same steps; when whole processes die is a matter of the moment.
"""

import argparse
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command

from tests.servers import Postgres, Redis, free_port

AT_STEPS = 0.9


def main(arguments: list[str]) -> int:
    """Run one storm; 0 where nothing was lost, doubled, released or left unfinished."""
    options = _options(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    tell(f"chaos: --kind {options.kind} --kills {options.kills} --seed {seed}")
    with tempfile.TemporaryDirectory(prefix="portal-chaos-") as name, _servers(options.kind, Path(name)) as servers:
        os.environ["PORTAL_DATA"] = str(Path(name) / "data")
        os.environ["SECRET_KEY"] = secrets.token_hex(32)
        os.environ["DJANGO_SETTINGS_MODULE"] = "ultrasound_portal.settings"
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        django.setup()
        # these need the settings of this storm
        import_module("ultrasound_portal.vault.keyring").prepare()
        call_command("migrate", verbosity=0)
        at_steps, at_random = (import_module(f"tests.chaos.{part}") for part in ("at_steps", "at_random"))
        began = time.monotonic()
        storm = at_steps.Storm(round(options.kills * AT_STEPS), seed=seed, servers=at_steps.Servers(*servers))
        storm.rage()
        struck = ", ".join(f"{count} {name}" for name, count in sorted(storm.kills.items()))
        tell(f"  at steps: {struck}; {len(storm.sent)} pictures, {storm.set_aside} set aside and retried")
        gale = at_random.Gale(options.kills - storm.kills.total(), seed=seed, servers=servers)
        gale.rage()
        struck = ", ".join(f"{count} {name}" for name, count in sorted(gale.kills.items()))
        tell(f"  at random: {struck}; {len(gale.sent)} pictures, done {gale.seconds:.0f} s after the last")
        wrong = import_module("tests.chaos.verdict").faults([*storm.sent, *gale.sent])
        if gale.seconds > at_random.WITHIN:
            wrong.append(f"not everything was done within {at_random.WITHIN:.0f} s")
        for fault in wrong:
            tell(f"  {fault}")
        total = storm.kills.total() + gale.kills.total()
        tell(f"  {total} kills in {time.monotonic() - began:.0f} s: {len(wrong)} faults")
        return 1 if wrong else 0


def tell(sentence: str) -> None:
    """Write one line at once."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


@contextmanager
def _servers(kind: str, folder: Path) -> Iterator[tuple[Postgres | None, Redis | None]]:
    if kind == "embedded":
        yield None, None
        return
    folder.chmod(0o755)
    for name in ("postgres", "redis"):
        (folder / name).mkdir()
    postgres, redis = Postgres(folder / "postgres", free_port()), Redis(folder / "redis", free_port())
    postgres.make()
    postgres.start()
    redis.start()
    os.environ["DATABASE_URL"], os.environ["CELERY_BROKER_URL"] = postgres.address, redis.address
    try:
        yield postgres, redis
    finally:
        redis.kill()
        postgres.stop()


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how many processes die (5000 is the long form)")
    parser.add_argument("--kind", choices=("production", "embedded"), default="production", help="which way to run")
    parser.add_argument("--seed", type=int, help="strike as that run did")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
