"""The catalogues of translated texts: `locale/*/LC_MESSAGES/django.po`, compiled beside their sources before use.

`python -m ultrasound_portal.catalogues` compiles what is stale; GNU gettext's msgfmt does the work.
"""

import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "locale"


def sources(folder: Path = FOLDER) -> list[Path]:
    """Return the catalogues that ship, one for each language but English."""
    return sorted(folder.glob("*/LC_MESSAGES/django.po"))


def stale(folder: Path = FOLDER) -> list[Path]:
    """Return the catalogues whose compiled form is missing or older than they are."""
    return [source for source in sources(folder) if not _is_fresh(source)]


def compile_stale(folder: Path = FOLDER) -> None:
    """Compile what is stale, each in one step, so that a second process never reads half of one.

    Of a text that two merged branches both translated, the first translation counts; a house test asks for one only.

    Raises subprocess.CalledProcessError for a catalogue that msgfmt refuses, such as one whose placeholders differ.
    """
    for source in stale(folder):
        with tempfile.TemporaryDirectory(dir=source.parent) as drafts:
            draft = Path(drafts) / "django.mo"
            once = subprocess.run(["msguniq", "--use-first", str(source)], check=True, capture_output=True).stdout
            subprocess.run(["msgfmt", "--check-format", "--output-file", str(draft), "-"], input=once, check=True)
            draft.chmod(0o644)
            draft.replace(source.with_suffix(".mo"))


def _is_fresh(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime


if __name__ == "__main__":
    compile_stale()
