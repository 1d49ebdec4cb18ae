"""The engine alone: cleans DICOM files, folders and ZIPs into a folder and writes a report."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deid.engine import choices, durable
from deid.engine.batch import Batch, Ending, Order
from deid.engine.disclosure import Purpose
from deid.engine.findings import Status
from deid.engine.ledger import ForeignResults, Ledger, LedgerBusy
from deid.engine.policy import Policy
from deid.engine.progress import Progress
from deid.engine.sources import Source, walk

_ALL_CLEAN, _NOT_ALL, _BROKEN_OFF, _INTERRUPTED = 0, 1, 3, 130
_ABOUT = """Files get neutral names: 0001.dcm, 0001.png and, for a film, 0001.mp4. What is held is written too, for a
reviewer's eyes. A run that was interrupted goes on where it was when it is started again with the same DIR: finished
inputs are not done again, unless they, the engine, the brand, the policy or the secret file changed. The new
identifiers are keyed with a secret: without --secret-file it is random for each finished run, so two runs give one
patient two pseudonyms. Exit status: 0 all clean, 1 something held or rejected, 2 usage, 3 broken off (disk
full), 130 interrupted."""


class _Misused(Exception):
    """The command was given something that it cannot work with; the text says what."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns 0 when all is clean, 1 when something is held or rejected, 3 when the results cannot
    be written and 130 when interrupted. Raises SystemExit(2) for bad usage.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    report = options.report or options.out / "report.json"
    try:
        order = _order(options)
        _make_folder(options.out)
        _check_report(report)
        found = list(_found(options.sources, options.out, report))
        if not found:
            raise _Misused("there is nothing to read")
        return _run(found, options.out, report, order)
    except _Misused as misused:
        parser.error(str(misused))
    except LedgerBusy:
        parser.error("another run is at work on the folder for the results")
    except ForeignResults:
        parser.error("the folder for the results holds results that no run here has a record of; choose another")
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deid.engine", description=__doc__.splitlines()[0] if __doc__ else None, epilog=_ABOUT
    )
    parser.add_argument("sources", nargs="+", type=Path, metavar="SRC", help="file, folder or ZIP")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    parser.add_argument("--brand", type=Path, metavar="FILE", help="JSON or TOML: name, line, background, ink, logo")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="JSON or TOML: which text may stay")
    parser.add_argument("--purpose", choices=list(Purpose), help="what the DICOM files are made for (own_copy)")
    parser.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="processes at once (1)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="report (DIR/report.json)")
    parser.add_argument("--secret-file", type=Path, metavar="FILE", help="key of the pseudonyms, 16 bytes or more")
    return parser


def _jobs(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError("give a number from 1 to 256")
    return number


@contextmanager
def _about(what: str) -> Iterator[None]:
    """Say which argument a fault belongs to, without the path: it may name a patient."""
    try:
        yield
    except OSError as error:
        raise _Misused(f"{what}: {error.strerror or 'unusable file'}") from error
    except ValueError as error:
        raise _Misused(f"{what}: {error}") from error


def _order(options: argparse.Namespace) -> Order:
    with _about("--brand"):
        brand = choices.brand(options.brand) if options.brand else None
    with _about("--policy"):
        policy = choices.policy(options.policy) if options.policy else Policy()
    with _about("--purpose"):
        policy = choices.for_purpose(policy, options.purpose) if options.purpose else policy
    with _about("--secret-file"):
        secret = choices.secret(options.secret_file) if options.secret_file else None
    return Order(policy=policy, brand=brand, secret=secret, jobs=options.jobs)


def _make_folder(out: Path) -> None:
    with _about("--out"):
        out.mkdir(parents=True, exist_ok=True)
        if not os.access(out, os.R_OK | os.W_OK | os.X_OK):
            raise ValueError("it cannot be written")


def _check_report(report: Path) -> None:
    """Find out before the work whether the report can be written, and that it replaces nothing but a report."""
    with _about("--report"):
        if report.exists() and not _is_report(report):
            raise ValueError("there is something that is no report")
        if not os.access(report.parent, os.W_OK | os.X_OK):
            raise ValueError("its folder is missing or cannot be written")


def _is_report(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(1) == b"["


def _found(sources: list[Path], out: Path, report: Path) -> Iterator[Source]:
    """Yield every input once, whatever the number of ways that lead to it."""
    results = out.resolve()
    seen: set[tuple[str, str | None]] = {(os.path.realpath(report), None)}
    for position, root in enumerate(sources, start=1):
        with _about(f"source {position}"):
            if Path(os.path.realpath(root)).is_relative_to(results):
                raise ValueError("it lies in the folder for the results")
            for source in walk(root, leave_out=results):
                place = (os.path.realpath(source.path), source.member)
                if place not in seen:
                    seen.add(place)
                    yield source


def _run(found: list[Source], out: Path, report: Path, order: Order) -> int:
    # a service manager's stop is treated like Ctrl-C
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Ledger(out, places=len(found)) as folder:
            with Progress(len(found), sys.stderr) as progress:
                ending = Batch(order, folder, progress).run(found)
            durable.replace(report, _json(ending))
            return _told(ending, strangers=folder.strangers())
    except OSError as error:
        return _told(Ending([], fault=error), strangers=0)
    finally:
        signal.signal(signal.SIGTERM, before)


def _json(ending: Ending) -> bytes:
    return (json.dumps(ending.entries, indent=2, ensure_ascii=False) + "\n").encode()


def _told(ending: Ending, *, strangers: int) -> int:
    """Say what the numbers do not, and return the exit status."""
    if ending.fault is not None:
        reason = ending.fault.strerror or "no reason given"
        _say(f"broke off, the system says: {reason}; what is finished stays, start again to go on")
        return _BROKEN_OFF
    if ending.stopped:
        _say("interrupted: what is finished stays, start again to go on")
        return _INTERRUPTED
    if strangers:
        _say(f"the folder also holds {strangers} results of other inputs, which are not in this report")
    clean = all(entry["status"] == Status.CLEAN.value for entry in ending.entries)
    return _ALL_CLEAN if clean else _NOT_ALL


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
