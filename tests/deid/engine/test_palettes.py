"""A palette is written anew: the same colours, in an order that tells nothing, and every pixel finds its own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset

from deid.engine import frames
from deid.engine.palettes import Palette


def source(colours: np.ndarray, photometric: str = "PALETTE COLOR") -> Dataset:
    dataset = Dataset()
    dataset.PhotometricInterpretation = photometric
    dataset.BitsAllocated = dataset.BitsStored = 8 if len(colours) <= 256 else 16
    for place, name in enumerate(("Red", "Green", "Blue")):
        setattr(dataset, f"{name}PaletteColorLookupTableDescriptor", [len(colours), 0, 16])
        setattr(dataset, f"{name}PaletteColorLookupTableData", (colours[:, place].astype("<u2") * 257).tobytes())
    return dataset


def palette(colours: np.ndarray) -> Palette:
    made = Palette.of(source(colours))
    assert made is not None
    return made


def colours(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 3), dtype=np.uint8)


@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 255), rows=st.integers(1, 9), columns=st.integers(1, 9))
@settings(deadline=None, max_examples=60)
def test_every_pixel_of_the_source_is_found_again(seed: int, count: int, rows: int, columns: int) -> None:
    known = colours(seed, count)
    made = palette(known)
    picture = known[np.random.default_rng(seed).integers(0, count, (rows, columns))]

    assert np.array_equal(made.fitted(picture), picture)
    header = Dataset()
    header.BitsStored = 8
    made.describe(header)
    assert np.array_equal(frames.palette_of(header)[made.indices(picture)], picture)


def test_a_strange_colour_becomes_the_nearest_one_and_its_neighbours_stay() -> None:
    made = palette(np.array([[10, 10, 10], [200, 30, 60], [90, 90, 90]], np.uint8))
    picture = np.array([[[10, 10, 10], [190, 40, 60], [80, 85, 88]]], np.uint8)

    assert made.fitted(picture).tolist() == [[[10, 10, 10], [200, 30, 60], [90, 90, 90]]]


def test_many_strange_colours_are_found_as_one_by_one() -> None:
    made, picture = palette(colours(1, 200)), colours(2, 20_000).reshape(100, 200, 3)
    some = picture[:2, :40]

    every = np.abs(made.colours[:201].astype(int)[None, None] - some[:, :, None]) ** 2
    assert np.array_equal(every.sum(axis=3).min(axis=2), ((made.fitted(some).astype(int) - some) ** 2).sum(axis=2))
    assert np.array_equal(made.fitted(picture)[:2, :40], made.fitted(some))


def test_black_is_always_there_for_what_lies_outside_the_area() -> None:
    made = palette(np.array([[255, 255, 255], [40, 0, 0]], np.uint8))

    assert made.fitted(np.zeros((1, 1, 3), np.uint8)).tolist() == [[[0, 0, 0]]]


@pytest.mark.requirement("R33")
def test_a_text_in_the_order_of_the_entries_does_not_survive() -> None:
    hidden = b"Mustermann^Erika"
    known = np.zeros((256, 3), np.uint8)
    known[: len(hidden)] = np.frombuffer(hidden, np.uint8)[:, None]
    header = Dataset()

    palette(known).describe(header)

    for name in ("Red", "Green", "Blue"):
        table = header[f"{name}PaletteColorLookupTableData"].value
        assert hidden[:4] not in table[::2]
        assert hidden[:4] not in table


def test_a_source_without_a_palette_or_with_too_many_colours_has_none() -> None:
    assert Palette.of(source(colours(1, 10), "RGB")) is None
    assert Palette.of(source(np.stack([np.arange(300) % 256, np.arange(300) // 256, np.ones(300)], axis=1))) is None
