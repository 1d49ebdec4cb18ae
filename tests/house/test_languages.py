"""Every text that is wrapped for translation has its Spanish, none is left over, and placeholders agree."""

import gettext
import re
import subprocess
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

from ultrasound_portal.catalogues import sources

ROOT = Path(__file__).parents[2]
PACKAGES = ("ultrasound_portal", "deid", "consent", "sharing")
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%%|\{\w*\}")
LEFT_OR_RIGHT = re.compile(
    r"(?:margin|padding|border|inset)-(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?<![\w-])(?:left|right|float|clear)\s*:|text-align:\s*(?:left|right)"
)
Entry = tuple[str, int] | str


def tool(*arguments: str, given: bytes = b"") -> bytes:
    """Run a program of GNU gettext in the project's folder and return what it writes."""
    return subprocess.run(arguments, input=given, capture_output=True, check=True, cwd=ROOT).stdout


def entries(catalogue: bytes, folder: Path) -> dict[Entry, str]:
    """Return the translated entries of a catalogue; fuzzy ones and those without a translation are left out."""
    compiled = folder / "catalogue.mo"
    tool("msgfmt", "--check-format", "--output-file", str(compiled), "-", given=catalogue)
    with compiled.open("rb") as opened:
        found: dict[Entry, str] = gettext.GNUTranslations(opened)._catalog
    return {key: text for key, text in found.items() if key != ""}


def extracted(folder: Path) -> bytes:
    """Return what is wrapped in the project as a catalogue in which every text is its own translation."""
    files = []
    for template in sorted((ROOT / "templates").rglob("*.*")):
        if template.suffix in {".html", ".txt"}:
            copy = folder / f"{len(files)}.py"
            copy.write_text(templatize(template.read_text(), origin=str(template)))
            files.append(str(copy))
    files += [
        str(module)
        for package in PACKAGES
        for module in sorted((ROOT / package).rglob("*.py"))
        if "gettext" in module.read_text()
    ]
    keywords = (f"--keyword={word}" for word in KEYWORDS)
    aliases = ("--keyword=_", "--keyword=gettext", "--keyword=ngettext:1,2")
    template = tool("xgettext", "--language=Python", "--from-code=UTF-8", "--output=-", *keywords, *aliases, *files)
    ready = template.replace(b"CHARSET", b"UTF-8").replace(b"INTEGER; plural=EXPRESSION", b"2; plural=(n != 1)")
    return tool("msgen", "-", given=ready)


def placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory: pytest.TempPathFactory) -> set[Entry]:
    folder = tmp_path_factory.mktemp("wrapped")
    return set(entries(extracted(folder), folder))


@pytest.mark.requirement("R11")
@pytest.mark.parametrize("source", sources(), ids=lambda path: path.parent.parent.name)
def test_every_wrapped_text_is_translated_and_no_other(source: Path, wrapped: set[Entry], tmp_path: Path) -> None:
    translated = set(entries(source.read_bytes(), tmp_path))
    assert wrapped - translated == set(), "these have no translation"
    assert translated - wrapped == set(), "these translate nothing"


@pytest.mark.parametrize("source", sources(), ids=lambda path: path.parent.parent.name)
def test_no_translation_is_guessed_and_none_is_kept_for_nothing(source: Path) -> None:
    assert tool("msgattrib", "--only-fuzzy", str(source)) == b""
    assert tool("msgattrib", "--only-obsolete", str(source)) == b""


@pytest.mark.parametrize("source", sources(), ids=lambda path: path.parent.parent.name)
def test_placeholders_agree(source: Path, tmp_path: Path) -> None:
    for key, text in entries(source.read_bytes(), tmp_path).items():
        told = key[0] if isinstance(key, tuple) else key
        assert set(placeholders(text)) >= set(placeholders(told)), told
        assert placeholders(text) == placeholders(told) or isinstance(key, tuple), told


def test_a_text_without_translation_is_seen(tmp_path: Path, wrapped: set[Entry]) -> None:
    source = sources()[0].read_bytes()
    cut = source.replace(b'msgstr "Salir"', b'msgstr ""')
    assert wrapped - set(entries(cut, tmp_path)) == {"Leave"}


@pytest.mark.parametrize("sheet", sorted((ROOT / "static/css").glob("*.css")), ids=lambda path: path.name)
def test_no_sheet_says_left_or_right(sheet: Path) -> None:
    """A page that is read from right to left is laid out by start and end (CSS Logical Properties, level 1)."""
    assert LEFT_OR_RIGHT.findall(sheet.read_text()) == []


@pytest.mark.parametrize("planted", ["margin-left: 1rem", "float: right", "left: 0", "text-align: left"])
def test_a_planted_side_is_seen(planted: str) -> None:
    assert LEFT_OR_RIGHT.search(f".card {{ {planted}; }}")
