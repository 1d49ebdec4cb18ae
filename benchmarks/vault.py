"""How fast a sealed film leaves the patient's own view, beside the same view giving the same bytes from a plain file.

`python -m benchmarks.vault [--mib 64] [--rounds 5]` prints both rates and their ratio; the two take turns within a run.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import django

MIB = 1024 * 1024
AIM = 0.7


class PlainReader:
    """A reader of a plain file with the interface of the vault's."""

    def __init__(self, path: Path) -> None:
        self._path, self.size = path, path.stat().st_size

    def read_range(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from start up to stop."""
        with self._path.open("rb", buffering=0) as file:
            yield os.pread(file.fileno(), stop - start, start)


def compare(sealed: Callable[[], int], plain: Callable[[], int], rounds: int) -> dict[str, float]:
    """Return the medians of both rates in MiB for a second of processor time, and sealed over plain.

    Each call returns the bytes it gave. Processor time, since a neighbour on the machine slows both at random.
    """
    seconds: dict[str, list[float]] = {"sealed": [], "plain": []}
    size = sealed()
    assert plain() == size
    for _ in range(rounds):
        for name, call in (("sealed", sealed), ("plain", plain)):
            begun = time.process_time()
            call()
            seconds[name].append(time.process_time() - begun)
    middle = {name: statistics.median(taken) for name, taken in seconds.items()}
    return {
        "sealed_mib_s": size / MIB / middle["sealed"],
        "plain_mib_s": size / MIB / middle["plain"],
        "ratio": middle["plain"] / middle["sealed"],
    }


def measure(size: int, rounds: int, folder: Path) -> dict[str, float]:
    """Build a link to one film of about `size` bytes and serve it both ways; needs a migrated database."""
    # these know models, which are there only once Django has been set up
    from deid.states import ArtefactKind  # noqa: PLC0415
    from sharing import access  # noqa: PLC0415
    from tests.factories.sharing import make_scene  # noqa: PLC0415

    scene = make_scene(film_padding=size)
    film = scene.file(ArtefactKind.FILM)
    browser, address = scene.open(), f"/v/picture/{film.pk}"
    copy = folder / "plain"
    reader = access.release.open_artefact(film.pk)
    copy.write_bytes(b"".join(reader.read_range(0, reader.size)))

    def serve() -> int:
        answer = browser.get(address)
        assert answer.status_code == 200
        return sum(len(piece) for piece in answer.streaming_content)

    def serve_plain() -> int:
        with mock.patch.object(access.release, "open_sealed", return_value=PlainReader(copy)):
            return serve()

    return compare(serve, serve_plain, rounds)


def main(arguments: list[str]) -> int:
    """Measure in a data folder of its own; return 1 where the ratio misses the aim."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.vault")
    parser.add_argument("--mib", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "PORTAL_DATA": folder,
            "PORTAL_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "ultrasound_portal.settings",
        }
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        from ultrasound_portal.vault import keyring  # noqa: PLC0415

        keyring.prepare()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        found = measure(chosen.mib * MIB, chosen.rounds, Path(folder))
    sys.stdout.write(json.dumps({name: round(value, 3) for name, value in found.items()}) + "\n")
    return 0 if found["ratio"] >= AIM else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
