"""Paints many screens in several processes and puts crops of them on a shelf: flat files that training reads."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from deid.training import screens
from deid.training.targets import CELL, TEXT, targets

SIDE = 256
CROPS_A_SCREEN = 8
_TRIES = 3
_SHEET = 16

_Crops = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.uint8]]


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """`pictures` uint8 (N, 256, 256, 3), `cells` and `weights` uint8 (N, 64, 64), see `targets`; all mapped files."""

    pictures: npt.NDArray[np.uint8]
    cells: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        """Return the number of crops."""
        return len(self.pictures)


def fill(folder: Path, *, first_seed: int, count: int, processes: int) -> Iterator[int]:
    """Paint `count` screens, half of them dense, and write their crops; yields the number of screens done so far.

    The crops depend on `first_seed` and `count` only, whatever the number of processes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pictures, cells, weights = _files(folder, count * CROPS_A_SCREEN, mode="w+")
    sheets = [
        range(start, min(start + _SHEET, first_seed + count)) for start in range(first_seed, first_seed + count, _SHEET)
    ]
    done = 0
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for made in pool.map(_painted, sheets):
            for crop in zip(*made, strict=True):
                pictures[done], cells[done], weights[done] = crop
                done += 1
            yield done // CROPS_A_SCREEN


def load(folder: Path) -> Shelf:
    """Open a filled shelf."""
    count = (folder / "cells.bin").stat().st_size // (SIDE // CELL) ** 2
    return Shelf(*_files(folder, count, mode="r"))


def _files(folder: Path, count: int, *, mode: Literal["r", "w+"]) -> _Crops:
    small = SIDE // CELL
    shapes = {"pictures": (count, SIDE, SIDE, 3), "cells": (count, small, small), "weights": (count, small, small)}
    made = [np.memmap(folder / f"{name}.bin", np.uint8, mode, shape=shape) for name, shape in shapes.items()]
    return made[0], made[1], made[2]


def _painted(seeds: range) -> _Crops:
    cv2.setNumThreads(1)
    crops = [crop for seed in seeds for crop in _crops(seed)]
    return (
        np.stack([crop[0] for crop in crops]),
        np.stack([crop[1] for crop in crops]),
        np.stack([crop[2] for crop in crops]),
    )


def _crops(seed: int) -> Iterator[tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.uint8]]]:
    """Cut crops out of one screen at multiples of a cell; most of them show text."""
    rng = np.random.default_rng([seed, 3])
    screen = screens.paint(seed, held_out=False, density="dense" if seed % 2 else "screen")
    told = targets(screen)
    rows, columns = screen.labels.shape
    tall, wide = max(SIDE, rows + -rows % CELL), max(SIDE, columns + -columns % CELL)
    pixels = np.pad(screen.pixels, ((0, tall - rows), (0, wide - columns), (0, 0)), mode="edge")
    room = (tall // CELL - told.cells.shape[0], wide // CELL - told.cells.shape[1])
    cells, weights = (np.pad(plane, ((0, room[0]), (0, room[1]))) for plane in (told.cells, told.weights))
    small = SIDE // CELL
    for number in range(CROPS_A_SCREEN):
        # every fourth crop falls where it may, the others look for text
        for _ in range(_TRIES):
            y, x = int(rng.integers(0, tall // CELL - small + 1)), int(rng.integers(0, wide // CELL - small + 1))
            if number % 4 == 0 or (cells[y : y + small, x : x + small] == TEXT).any():
                break
        yield (
            pixels[y * CELL : y * CELL + SIDE, x * CELL : x * CELL + SIDE],
            cells[y : y + small, x : x + small],
            weights[y : y + small, x : x + small],
        )
