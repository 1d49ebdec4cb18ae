"""Light print of one frame and print of three frames show in the composites of the frames round them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import composites
from tests.deid.engine.screens import speckle

WHOLE = (slice(0, 240), slice(0, 320))
INNER = (slice(16, 64), slice(32, 96))


def film(count: int) -> list[np.ndarray]:
    return [speckle(seed) // 2 + 60 for seed in range(count)]


@pytest.mark.parametrize("count", [1, 2, 3, 32, 33, 80])
def test_every_frame_is_in_one_bundle(count: int) -> None:
    frames = [np.full((240, 320, 3), index, np.uint8) for index in range(count)]

    made = list(composites.bundles(iter(frames), INNER))

    assert [int(frame[0, 0, 0]) for bundle in made for frame in bundle.frames] == list(range(count))
    for bundle in made:
        assert bundle.last - bundle.first + 1 == len(bundle.frames)
        assert int(bundle.frames[0][0, 0, 0]) == bundle.first
        assert all(picture.shape == (48, 64, 3) for picture in (*bundle.frames, *bundle.pictures))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 57), st.booleans())
def test_print_of_three_frames_shows_somewhere(first: int, light: bool) -> None:
    frames = [np.full((24, 32, 3), 60 if index % 2 else 120, np.uint8) for index in range(60)]
    for frame in frames[first : first + 3]:
        frame[10:14, 5:15] = 250 if light else 5

    made = list(composites.bundles(iter(frames), (slice(0, 24), slice(0, 32))))

    seen = [int(picture[12, 10, 0]) for bundle in made for picture in bundle.pictures]
    assert (250 if light else 5) in seen


def test_light_print_of_one_frame_shows() -> None:
    frames = film(40)
    frames[17][100:110, 50:150] = 255

    bundle, _ = composites.bundles(iter(frames), WHOLE)

    assert bundle.pictures[0][105, 100].min() == 255


def test_moving_speckle_fades_where_three_frames_are_taken_together() -> None:
    (bundle,) = composites.bundles(iter(film(20)), WHOLE)

    brightest, lasting_light, lasting_dark = bundle.pictures

    assert brightest.mean() > lasting_light.mean() > lasting_dark.mean()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 9), st.integers(0, 10_000))
def test_middle_is_the_lower_median(count: int, seed: int) -> None:
    frames = [np.random.default_rng(seed + n).integers(0, 256, (4, 5, 3), dtype=np.uint8) for n in range(count)]

    found = composites.middle(frames)

    assert np.array_equal(found, np.sort(np.stack(frames), axis=0)[(count - 1) // 2])
