"""The way into a file."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from deid.training.treatment import Treatment, draw

PLAIN = Treatment(1.0, cv2.INTER_LINEAR, False, False, 1.0, 1.0, 0.0, 0, False)


def picture() -> np.ndarray:
    pixels = np.zeros((60, 80, 3), np.uint8)
    pixels[20:40, 30:50] = (200, 40, 90)
    return pixels


def test_a_plain_treatment_changes_nothing() -> None:
    assert np.array_equal(PLAIN.pixels(picture()), picture())


@pytest.mark.parametrize("scale", [0.7, 0.83, 1.17, 1.4])
def test_labels_follow_the_pixels(scale: float) -> None:
    way = replace(PLAIN, scale=scale)
    labels = (picture()[..., 0] > 0).astype(np.int16) * 3
    scaled, pixels = way.labels(labels), way.pixels(picture())
    assert scaled.shape == pixels.shape[:2] == way.mask(labels > 0).shape
    ink = pixels[..., 0] > 100
    assert (np.mean((scaled == 3) == ink)) > 0.98


def test_no_stroke_is_lost_where_the_screen_shrinks() -> None:
    labels = np.zeros((60, 80), np.int16)
    labels[:, ::4] = 5
    assert replace(PLAIN, scale=0.7).labels(labels).any(axis=0).sum() == 20


def test_inverted_greys_turn_black_to_white() -> None:
    treated = replace(PLAIN, inverted=True, grey=True).pixels(picture())
    assert treated[0, 0].tolist() == [255, 255, 255]
    assert (np.ptp(treated, axis=2) == 0).all()


@pytest.mark.parametrize("subsampled", [False, True], ids=["444", "420"])
def test_jpeg_keeps_the_picture_nearly(subsampled: bool) -> None:
    treated = replace(PLAIN, quality=90, subsampled=subsampled).pixels(picture())
    assert treated.shape == picture().shape
    assert np.abs(treated.astype(int) - picture()).mean() < 6


@pytest.mark.parametrize("sharpness", [-0.8, 0.8], ids=["soft", "sharp"])
def test_sharpness_changes_edges_only(sharpness: float) -> None:
    treated = replace(PLAIN, sharpness=sharpness).pixels(picture())
    assert np.array_equal(treated[:10], picture()[:10])
    assert not np.array_equal(treated, picture())


def test_small_type_is_never_shrunk_beyond_reading_and_sizes_stay_in_range() -> None:
    rng = np.random.default_rng(0)
    for size in ((320, 240), (640, 480), (1280, 1024)):
        ways = [draw(rng, size, 8) for _ in range(60)]
        assert all(way.scale * 8 >= 7.4 or way.scale == 1 for way in ways)
        assert all(320 <= round(size[0] * way.scale) <= 1280 for way in ways)
