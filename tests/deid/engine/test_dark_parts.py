"""Noise that hangs together with echoes is followed; the halo of compression, lines and what stands apart are not."""

import numpy as np

from deid.engine import dark_parts
from tests.deid.engine import painted_screens as screens

_BRIGHT, _DARK = screens.rectangle(60, 50, 340, 120), screens.rectangle(60, 120, 340, 270)
_NONE = np.zeros((screens.ROWS, screens.COLUMNS), np.uint8)


def sparse(place: np.ndarray) -> np.ndarray:
    """Return echoes and specks on three in ten pixels of `place`, 1 inside."""
    specks = np.random.default_rng(3).random(place.shape) < 0.3
    return (_BRIGHT | (place & specks)).astype(np.uint8)


def test_noise_below_the_echoes_is_followed() -> None:
    lit = sparse(_DARK)

    grown = dark_parts.followed(_BRIGHT.astype(np.uint8), lit, _NONE) > 0

    assert grown[_DARK].mean() > 0.9
    assert not grown[~screens.near(_BRIGHT | _DARK, 2)].any()


def test_a_narrow_halo_is_not_followed() -> None:
    halo = screens.near(_BRIGHT, 7)

    grown = dark_parts.followed(_BRIGHT.astype(np.uint8), halo.astype(np.uint8), _NONE)

    assert (grown == _BRIGHT).all()


def test_noise_that_stands_apart_and_lines_are_not_followed() -> None:
    apart = sparse(screens.rectangle(60, 180, 340, 270))
    apart[120:180, 200:204] = 1

    assert (dark_parts.followed(_BRIGHT.astype(np.uint8), apart, _NONE) == _BRIGHT).all()


def test_noise_left_out_is_told_against_the_pictures() -> None:
    lit = sparse(_DARK)

    half = dark_parts.noise_beyond([_BRIGHT.astype(np.uint8)], lit, _NONE)
    whole = dark_parts.noise_beyond([(_BRIGHT | _DARK).astype(np.uint8)], lit, _NONE)

    assert half > 0.1
    assert whole == 0
    assert dark_parts.noise_beyond([], lit, _NONE) == 1


def test_what_text_hides_is_no_noise() -> None:
    lit = sparse(_DARK)

    assert dark_parts.noise_beyond([_BRIGHT.astype(np.uint8)], lit, _DARK.astype(np.uint8)) == 0
