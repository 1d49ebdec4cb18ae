"""The engine alone: cleans DICOM files, folders and ZIPs into a folder and writes a report."""

import argparse
import json
import secrets
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deid.engine import branding
from deid.engine.brand import Brand
from deid.engine.cage import Cage, CageBroken
from deid.engine.errors import Rejected, RejectReason
from deid.engine.findings import Outcome, Status
from deid.engine.policy import Policy
from deid.engine.sources import Source, walk

Entry = dict[str, object]

_LEAST_SECRET = 16
_ABOUT = """Files get neutral names: 0001.dcm, 0001.png and, for a film, 0001.mp4. What is held is written too, for a
reviewer's eyes. The new identifiers are keyed with a secret: without --secret-file it is random for each run,
so two
runs give one patient two pseudonyms. Exit status: 0 all clean, 1 something held or rejected, 2 usage."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns 0 when all is clean, 1 when something is held or rejected, 2 for bad usage."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        brand = _brand(options.brand) if options.brand else None
        secret = _secret(options.secret_file)
        options.out.mkdir(parents=True, exist_ok=True)
        report = options.report or options.out / "report.json"
        found = list(_found(options.sources, options.out, report))
    except (OSError, ValueError) as error:
        parser.error(error.strerror or "unusable file" if isinstance(error, OSError) else str(error))
    if not found:
        parser.error("there is nothing to read")
    entries = _all(found, options.out, jobs=options.jobs, brand=brand, secret=secret)
    report.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(entry["status"] == Status.CLEAN.value for entry in entries) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deid.engine", description=__doc__.splitlines()[0] if __doc__ else None, epilog=_ABOUT
    )
    parser.add_argument("sources", nargs="+", type=Path, metavar="SRC", help="file, folder or ZIP")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    parser.add_argument("--brand", type=Path, metavar="FILE", help="JSON or TOML: name, line, background, ink, logo")
    parser.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="processes at once (1)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="report (DIR/report.json)")
    parser.add_argument("--secret-file", type=Path, metavar="FILE", help="key of the pseudonyms, 16 bytes or more")
    return parser


def _jobs(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError("give a number from 1 to 256")
    return number


def _found(sources: list[Path], out: Path, report: Path) -> Iterator[Source]:
    for source in sources:
        for found in walk(source, leave_out=out.resolve()):
            if found.path.resolve() != report.resolve():
                yield found


def _secret(path: Path | None) -> bytes:
    if path is None:
        return secrets.token_bytes(32)
    secret = path.read_bytes().strip()
    if len(secret) < _LEAST_SECRET:
        raise ValueError("the secret is shorter than 16 bytes")
    return secret


def _brand(path: Path) -> Brand:
    """Read a brand from a small JSON or TOML file; `logo` is a path beside it. Raises ValueError or OSError."""
    text = path.read_text(encoding="utf-8")
    values = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    known = {"name", "line", "background", "ink", "logo"}
    if not isinstance(values, dict) or set(values) - known or not values.get("name"):
        raise ValueError("a brand has a name, and may have line, background, ink and logo")
    if not all(isinstance(value, str) for value in values.values()):
        raise ValueError("the values of a brand are texts")
    brand = Brand(
        name=values["name"],
        line=values.get("line", ""),
        background=values.get("background", "#123047"),
        ink=values.get("ink", "#ffffff"),
        logo=(path.parent / values["logo"]).read_bytes() if values.get("logo") else None,
    )
    branding.draw(brand, 640, 48)
    return brand


def _all(found: list[Source], out: Path, *, jobs: int, brand: Brand | None, secret: bytes) -> list[Entry]:
    cage = Cage(size=jobs)

    def one(numbered: tuple[int, Source]) -> Entry:
        number, source = numbered
        entry = _one(source, out, f"{number:04d}", cage=cage, brand=brand, secret=secret)
        print(f"{number}/{len(found)} {entry['status']}", file=sys.stderr, flush=True)
        return entry

    try:
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            return list(pool.map(one, enumerate(found, start=1)))
    finally:
        cage.close()


def _one(source: Source, out: Path, stem: str, *, cage: Cage, brand: Brand | None, secret: bytes) -> Entry:
    try:
        outcome = cage.deidentify(source.read(), policy=Policy(), brand=brand, secret=secret)
    except Rejected as refusal:
        return _entry(source, "rejected", refusal.reason.value)
    except CageBroken as broken:
        return _entry(source, Status.HELD.value, broken.reason.value)
    except OSError:
        # one file that the disk does not give must not stop the others
        return _entry(source, "rejected", RejectReason.DAMAGED.value)
    return {
        **_entry(source, outcome.status.value, outcome.reason.value if outcome.reason else None),
        "outputs": _write(outcome, out, stem),
        "boxes": [box.to_json() for box in outcome.boxes],
        "seconds": {stage: round(seconds, 4) for stage, seconds in outcome.seconds.items()},
    }


def _entry(source: Source, status: str, reason: str | None) -> Entry:
    outputs: dict[str, str | None] = {"dicom": None, "still": None, "film": None}
    return {
        "source": source.name,
        "status": status,
        "reason": reason,
        "outputs": outputs,
        "boxes": [],
        "seconds": {},
    }


def _write(outcome: Outcome, out: Path, stem: str) -> dict[str, str | None]:
    made = outcome.outputs
    written: dict[str, str | None] = {}
    for kind, suffix, data in (
        ("dicom", ".dcm", made.dicom),
        ("still", ".png", made.still),
        ("film", ".mp4", made.film),
    ):
        written[kind] = None
        if data is not None:
            (out / f"{stem}{suffix}").write_bytes(data)
            written[kind] = f"{stem}{suffix}"
    return written


if __name__ == "__main__":
    sys.exit(main())
