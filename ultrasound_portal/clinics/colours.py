"""Whether two colours can be told apart: the contrast ratio of WCAG 2.2."""

import re

ENOUGH = 4.5
"""The least contrast of ordinary text (WCAG 2.2, success criterion 1.4.3)."""

_COLOUR = re.compile(r"\A#[0-9a-f]{6}\Z")


def contrast(one: str, other: str) -> float:
    """Return the ratio of two `#rrggbb` colours, from 1 to 21; raises ValueError for anything else."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2, definition of the term)."""
    if not _COLOUR.match(colour):
        raise ValueError("a colour is # and six digits")
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
