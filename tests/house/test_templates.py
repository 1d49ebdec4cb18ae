"""Templates keep to the strict Content-Security-Policy, and to the classes that the stylesheets know."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->|/\*.*?\*/", re.DOTALL)
ELSEWHERE = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", re.IGNORECASE)
# htmx sets the first while it waits; the block `look` sets the others on the root element
SET_ELSEWHERE = {"htmx-request", "desk", "patient"}
NAMESPACE = "http://www.w3.org/"
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script between tags": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "a handler attribute": re.compile(r"<[^>]*\son[a-z]+=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "evaluated script for htmx": re.compile(r"\bhx-on|\bhx-vals=[\"']js:|\bhx-vars=", re.IGNORECASE),
}


def faults(template: str) -> list[str]:
    """Name what the Content-Security-Policy would block in a template, or what would call another machine."""
    text = COMMENT.sub("", template)
    found = [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]
    return found + (["an outside address"] if ELSEWHERE.search(text.replace(NAMESPACE, "")) else [])


def classes_used(template: str) -> set[str]:
    """Return the class names of a template; names that a tag or variable completes become `stem*`."""
    settled = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "*", COMMENT.sub("", template))
    names = {name.strip("*") for value in re.findall(r"\sclass=\"([^\"]*)\"", settled) for name in value.split()}
    return {f"{name.split('*')[0]}*" if "*" in name or name.endswith("-") else name for name in names if name}


def classes_known(css: str) -> set[str]:
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", COMMENT.sub("", css)))


def unknown(used: set[str], known: set[str]) -> set[str]:
    """Return the used names that no sheet knows; `stem*` is known when some class begins with the stem."""
    return {
        name
        for name in used
        if not any(each == name or ("*" in name and each.startswith(name.split("*")[0])) for each in known)
    }


def unworn(known: set[str], worn: set[str]) -> set[str]:
    """Return the classes of the sheets that no template wears, be it through a stem."""
    stems = tuple(name.rstrip("*") for name in worn if name.endswith("*"))
    return {name for name in known - worn if not (stems and name.startswith(stems))}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_needs_nothing_that_the_policy_forbids(template: Path) -> None:
    assert faults(template.read_text()) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_class_is_in_the_stylesheets(template: Path) -> None:
    known = classes_known("".join(sheet.read_text() for sheet in SHEETS))
    assert unknown(classes_used(template.read_text()), known) == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_stylesheet_has_no_class_that_nothing_wears(sheet: Path) -> None:
    worn = set().union(*(classes_used(template.read_text()) for template in TEMPLATES))
    scripts = "".join(script.read_text() for script in (ROOT / "static/js").glob("*.mjs"))
    known = classes_known(sheet.read_text())
    assert unworn(known - SET_ELSEWHERE, worn) - set(re.findall(r"[\w-]+", scripts)) == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_stylesheet_calls_nothing_and_lives_in_a_layer(sheet: Path) -> None:
    css = COMMENT.sub("", sheet.read_text())
    assert not ELSEWHERE.search(css)
    assert "@import" not in css
    assert "url(" not in css
    assert css.lstrip().startswith("@layer")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_stylesheet_uses_only_tokens_that_exist(sheet: Path) -> None:
    tokens = (ROOT / "static/css/tokens.css").read_text()
    assert set(re.findall(r"var\(--([\w-]+)", sheet.read_text())) <= set(re.findall(r"--([\w-]+):", tokens))


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>run()</script>",
        '<button onclick="run()">',
        '<a href="javascript:run()">',
        '<p hx-on:click="run()">',
        '<img src="https://example.org/picture.png">',
        '<script src="//example.org/run.js"></script>',
    ],
)
def test_a_planted_fault_is_seen(planted: str) -> None:
    assert faults(planted) != []


def test_an_unknown_class_is_seen() -> None:
    plain = '<p class="card {% if old %}faded{% endif %}">'
    tone = '<p class="notice--{% if a == "b" %}danger{% else %}info{% endif %} {{ x }}">'
    template = f'{plain}{tone}<b class="badge badge--{{{{ state|lower }}}}"><i class="tint-{{{{ x }}}}">'
    assert classes_used(template) == {"card", "faded", "badge", "badge--*", "tint-*", "notice--*"}
    assert unworn({"card", "badge--held", "gone"}, classes_used(template)) == {"gone"}
    assert unknown(classes_used(template), classes_known(".card, .notice--info, .badge--held { }")) == {
        "faded",
        "badge",
        "tint-*",
    }
