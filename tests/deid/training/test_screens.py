"""Painted screens and their truth."""

import cv2
import numpy as np
import pytest

from deid.training.screens import Screen, paint

pytestmark = pytest.mark.usefixtures("typefaces")
SPLITS = pytest.mark.parametrize("held_out", [False, True], ids=["training", "exam"])
DENSITIES = pytest.mark.parametrize("density", ["screen", "dense", "hard"])


def contrast(screen: Screen, number: int) -> float:
    """Return how far a text's ink lies from what surrounds it, in the channel where it is most."""
    x, y, w, h = screen.printed[number - 1].box
    place = (slice(max(0, y - 3), y + h + 3), slice(max(0, x - 3), x + w + 3))
    labels, pixels = screen.labels[place], screen.pixels[place].astype(float)
    near = cv2.dilate((labels > 0).astype(np.uint8), np.ones((3, 3))) > 0
    return float(np.abs(pixels[labels == number].mean(axis=0) - pixels[~near].mean(axis=0)).max())


@SPLITS
@DENSITIES
@pytest.mark.parametrize("seed", range(3))
def test_boxes_and_labels_agree(seed: int, held_out: bool, density: str) -> None:
    screen = paint(seed, held_out=held_out, density=density)
    rows, columns = screen.labels.shape
    assert screen.pixels.shape == screen.clean.shape == (rows, columns, 3)
    assert screen.ignored.shape == screen.area.shape == (rows, columns)
    assert set(np.unique(screen.labels)) - {0} == set(range(1, len(screen.printed) + 1))
    for number, printed in enumerate(screen.printed, start=1):
        x, y, w, h = printed.box
        assert cv2.boundingRect((screen.labels == number).astype(np.uint8)) == (x, y, w, h)
        assert printed.inside == bool(screen.area[screen.labels == number].any())


@SPLITS
@DENSITIES
def test_ink_stands_out_from_what_surrounds_it(held_out: bool, density: str) -> None:
    screens = [paint(seed, held_out=held_out, density=density) for seed in range(10, 16)]
    contrasts = [contrast(screen, number + 1) for screen in screens for number in range(len(screen.printed))]
    assert np.median(contrasts) > 70
    assert np.mean(np.array(contrasts) > 20) > (0.9 if density == "hard" else 0.95)


@SPLITS
def test_a_seed_paints_the_same_screen_again(held_out: bool) -> None:
    first, second = paint(4, held_out=held_out), paint(4, held_out=held_out)
    assert np.array_equal(first.pixels, second.pixels)
    assert np.array_equal(first.labels, second.labels)
    assert first.printed == second.printed
    assert first.identity == second.identity


def test_away_from_ink_and_marks_the_picture_is_the_clean_one() -> None:
    screen = paint(3, held_out=False)
    assert (np.abs(screen.pixels.astype(int) - screen.clean).max(axis=2) < 24).mean() > 0.6


def test_another_density_is_refused() -> None:
    with pytest.raises(ValueError, match="density"):
        paint(0, held_out=False, density="sparse")
