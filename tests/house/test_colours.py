"""Every pair of ink and ground can be read, in light and dark, at the desk and on the patient's pages."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text()
DARK = "@media (prefers-color-scheme: dark)"
LOOKS = {
    "desk light": ((":root",), False),
    "desk dark": ((":root",), True),
    "patient light": ((":root", ".patient"), False),
    "patient dark": ((":root", ".patient"), True),
}
TONES = ("neutral", "info", "warn", "danger", "success")
# WCAG 2.2, 1.4.3: text on its ground
TEXT = [
    *(
        (f"colour-{ink}", f"colour-{ground}")
        for ink in ("ink", "muted", "accent", "accent-strong", "danger")
        for ground in ("page", "surface", "sunken")
    ),
    *((f"tone-{tone}-ink", f"tone-{tone}") for tone in TONES),
    ("colour-accent-ink", "colour-accent"),
    ("colour-accent-ink", "colour-accent-strong"),
    ("colour-accent-strong", "colour-accent-soft"),
    ("colour-danger-ink", "colour-danger"),
    ("colour-mat-ink", "colour-mat"),
    ("colour-mat-muted", "colour-mat"),
    ("brand-ink", "brand-background"),
]
# WCAG 2.2, 1.4.11: edges of controls and the focus ring
EDGES = [
    (f"colour-{edge}", f"colour-{ground}")
    for edge in ("line-strong", "focus", "accent")
    for ground in ("page", "surface")
]


def palette(css: str, selectors: tuple[str, ...], *, dark: bool) -> dict[str, str]:
    """Return the colours that hold for an element that all the selectors match, later rules winning."""
    found: dict[str, str] = {}
    plain, _, night = css.partition(DARK)
    for part in (plain, night) if dark else (plain,):
        for selector, body in re.findall(r"(:root|\.patient) \{(.*?)\}", part, re.DOTALL):
            if selector in selectors:
                found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", body))
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def too_faint(colours: dict[str, str], pairs: list[tuple[str, str]], least: float) -> dict[str, float]:
    ratios = {f"{ink} on {ground}": contrast(colours[ink], colours[ground]) for ink, ground in pairs}
    return {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least}


@pytest.mark.parametrize("look", LOOKS)
def test_text_is_readable(look: str) -> None:
    selectors, dark = LOOKS[look]
    assert too_faint(palette(TOKENS, selectors, dark=dark), TEXT, 4.5) == {}


@pytest.mark.parametrize("look", LOOKS)
def test_edges_of_controls_are_visible(look: str) -> None:
    selectors, dark = LOOKS[look]
    assert too_faint(palette(TOKENS, selectors, dark=dark), EDGES, 3) == {}


def test_the_known_ends_of_the_scale() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


def test_a_faint_ink_is_seen_and_the_later_rule_wins() -> None:
    light = ":root { --a: #777777; --b: #ffffff; } .patient { --a: #000000; }"
    css = f"{light} {DARK} {{ :root {{ --b: #888888; }} }}"
    assert too_faint(palette(css, (":root",), dark=False), [("a", "b")], 4.5) == {"a on b": 4.48}
    assert palette(css, (":root", ".patient"), dark=True) == {"a": "#000000", "b": "#888888"}
