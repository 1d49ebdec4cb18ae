"""Confines this process for good and only then becomes the child that opens uploaded files.

The walls must stand before the first library starts a thread, so nothing but Python's own modules is loaded here.
"""

import argparse
import os
import runpy
import sys
from pathlib import Path

from deid.engine import limits, walls


def main(arguments: list[str]) -> None:
    """Put up limits and walls and run the child."""
    options = _options(arguments)
    granted = limits.Limits(
        memory=options.memory, own=options.own, file_size=options.file_size, open_files=options.open_files
    )
    limits.apply(granted, parent=options.parent)
    walls.surround(scratch=os.getcwd(), readable=_readable())
    sys.argv[1:] = [f"--own={options.own}"]
    runpy.run_module("deid.engine.child", run_name="__main__", alter_sys=True)


def _readable() -> list[str]:
    """Return where Python and Tesseract find their files; of the portal's own folder only this package is shown."""
    package = Path(__file__).resolve().parents[1]
    packages = [path for path in sys.path if path and Path(path).resolve() != package.parent]
    return [str(package), *packages, *filter(None, [os.environ.get("TESSDATA_PREFIX")])]


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="deid.engine.confined")
    for name in ("parent", "memory", "own", "file-size", "open-files"):
        parser.add_argument(f"--{name}", type=int, required=True)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
