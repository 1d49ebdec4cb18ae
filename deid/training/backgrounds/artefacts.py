"""What stands in a picture without being an organ: artefacts, tools, fine texture; each draws itself on a sheet."""

import numpy as np

from deid.training.backgrounds.fields import smooth, wave
from deid.training.backgrounds.sheet import Sheet, joined, place


def reverberation(sheet: Sheet, rng: np.random.Generator) -> None:
    """Copies of one echo at even steps of depth, each fainter than the last."""
    y, step = float(rng.uniform(0.02, 0.4)) * sheet.rows, float(rng.uniform(0.012, 0.08)) * sheet.rows
    left, width = float(rng.uniform(0, 0.7)) * sheet.columns, float(rng.uniform(0.05, 0.5)) * sheet.columns
    level = float(rng.uniform(0.5, 1.0))
    for copy in range(int(rng.integers(3, 14))):
        x = np.linspace(left, left + width, 12)
        line = joined(x, y + copy * step + 0.8 * wave(rng, 12, 5))
        sheet.stroke(line, level * 0.87**copy, width=float(rng.uniform(1, 3)), soft=0.8)


def needle(sheet: Sheet, rng: np.random.Generator) -> None:
    """A needle, catheter or fibre: a straight bright line, at times with echoes below it."""
    x0, y0 = rng.uniform(0, sheet.columns), rng.uniform(0, 0.4) * sheet.rows
    x1, y1 = rng.uniform(0, sheet.columns), rng.uniform(0.3, 0.9) * sheet.rows
    for copy in range(int(rng.integers(1, 4))):
        line = joined([x0, x1], [y0 + 5 * copy, y1 + 5 * copy])
        sheet.stroke(line, float(rng.uniform(0.7, 1.2)) * 0.75**copy, width=float(rng.uniform(1, 2.5)))


def glints(sheet: Sheet, rng: np.random.Generator) -> None:
    """Specular dots and short dashes strewn over a patch."""
    cx, cy = place(sheet, rng)
    spread = float(rng.uniform(0.03, 0.3)) * sheet.size
    places = rng.normal((cx, cy), spread, (int(rng.integers(8, 60)), 2)).astype(np.float32)
    sheet.spots(places, float(rng.uniform(0.6, 1.2)), radius=float(rng.uniform(0.6, 2.2)))


def dashes(sheet: Sheet, rng: np.random.Generator) -> None:
    """Rows of short bright dashes of one height, close together: folds, ribs or gut seen end on."""
    cx, cy = place(sheet, rng)
    size = float(rng.uniform(2.5, 8))
    for row in range(int(rng.integers(1, 4))):
        x = cx
        for _ in range(int(rng.integers(4, 16))):
            x += size * float(rng.uniform(0.6, 1.3))
            hook = joined(x + rng.normal(0, size / 3, 4), cy + row * 2.2 * size + rng.normal(0, size / 3, 4))
            sheet.stroke(hook, float(rng.uniform(0.5, 1.1)), width=float(rng.uniform(1, 2)))


def comets(sheet: Sheet, rng: np.random.Generator) -> None:
    """Bright points with a tapering tail down the beam."""
    for _ in range(int(rng.integers(1, 7))):
        cx, cy = place(sheet, rng)
        long, wide = float(rng.uniform(0.04, 0.3)) * sheet.size, float(rng.uniform(1, 4))
        tail = joined([cx - wide, cx + wide, cx], [cy, cy, cy + long])
        sheet.fill(tail, float(rng.uniform(0.6, 1.0)), soft=1.0, mix=0.8)


def hair(sheet: Sheet, rng: np.random.Generator) -> None:
    """A bundle of fine curved threads, as hair in fluid, choroid or fibres of muscle."""
    cx, cy = place(sheet, rng)
    spread, long = float(rng.uniform(0.03, 0.2)) * sheet.size, float(rng.uniform(0.03, 0.25)) * sheet.size
    bearing = float(rng.uniform(-0.7, 0.7))
    for _ in range(int(rng.integers(8, 40))):
        along = np.linspace(0, long * rng.uniform(0.4, 1), 8)
        angle = bearing + rng.normal(0, 0.15) + 0.4 * wave(rng, 8, 6)
        start = rng.normal(0, spread, 2)
        thread = joined(cx + start[0] + along * np.cos(angle), cy + start[1] + along * np.sin(angle))
        sheet.stroke(thread, float(rng.uniform(0.45, 0.9)), width=1, soft=0.5)


def lobes(sheet: Sheet, rng: np.random.Generator) -> None:
    """Side lobes: thin faint arcs beside a strong echo."""
    cx, cy = place(sheet, rng)
    reach = float(rng.uniform(0.1, 0.4)) * sheet.size
    for _ in range(int(rng.integers(1, 4))):
        x = np.linspace(-reach, reach, 24)
        arc = joined(cx + x, cy + x**2 / (2.5 * reach) * rng.uniform(0.3, 1.4))
        sheet.stroke(arc, float(rng.uniform(0.25, 0.7)), width=float(rng.uniform(1, 3)), soft=1.0)


def mottle(sheet: Sheet, rng: np.random.Generator) -> None:
    """Uneven tissue: patches brighter and darker than their ground, of one size."""
    grain = float(rng.uniform(3, 40))
    patches = smooth(rng, sheet.level.shape, grain, across=float(rng.uniform(1, 3)))
    sheet.level += np.float32(rng.uniform(0.03, 0.14)) * patches
