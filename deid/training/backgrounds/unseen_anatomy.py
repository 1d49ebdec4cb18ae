"""Structures of the body that training never shows, to examine how a detector generalises."""

import numpy as np

from deid.training.backgrounds.fields import smooth, wave
from deid.training.backgrounds.sheet import Sheet, blob, joined


def tendon(sheet: Sheet, rng: np.random.Generator) -> None:
    """Many fine parallel fibres."""
    y, tall = float(rng.uniform(0.1, 0.6)) * sheet.rows, float(rng.uniform(0.08, 0.3)) * sheet.rows
    slope, x = float(rng.normal(0, 0.08)), np.linspace(0, sheet.columns, 30)
    bend = 0.03 * sheet.rows * wave(rng, 30, 20)
    for row in np.arange(0, tall, float(rng.uniform(2.5, 5))):
        first = int(rng.integers(0, 12))
        last = first + int(rng.integers(8, 18))
        fibre = joined(x, y + row + slope * x + bend + rng.normal(0, 0.5, 30))[first:last]
        sheet.stroke(fibre, float(rng.uniform(0.4, 0.85)), width=1, soft=0.5)


def honeycomb(sheet: Sheet, rng: np.random.Generator) -> None:
    """A mesh of thin septa round dark cells."""
    cx, cy = rng.uniform(0.2, 0.8) * sheet.columns, rng.uniform(0.2, 0.75) * sheet.rows
    r, cell = float(rng.uniform(0.1, 0.3)) * sheet.size, float(rng.uniform(8, 22))
    for dy in np.arange(-r, r, cell * 0.86):
        reach = float(np.sqrt(max(r * r - dy * dy, 0)))
        for dx in np.arange(-reach, reach, cell):
            x, y = cx + dx + rng.normal(0, cell / 5), cy + dy + rng.normal(0, cell / 5)
            ring = blob(x, y, cell * 0.52, cell * 0.48, wobble=0.3, rng=rng)
            sheet.fill(ring, 0.0, soft=0.8)
            sheet.stroke(ring, float(rng.uniform(0.4, 0.8)), width=1)


def star(sheet: Sheet, rng: np.random.Generator) -> None:
    """A dark mass with spikes, a bright rim and a shadow."""
    cx, cy = rng.uniform(0.25, 0.75) * sheet.columns, rng.uniform(0.2, 0.7) * sheet.rows
    angle = np.linspace(0, 2 * np.pi, 90)
    spikes = 1 + 0.25 * np.abs(np.sin(angle * int(rng.integers(4, 9)))) * rng.uniform(0.3, 1.6, 90)
    r = float(rng.uniform(0.06, 0.18)) * sheet.size * spikes
    mass = joined(cx + r * np.cos(angle), cy + 0.8 * r * np.sin(angle))
    sheet.stroke(mass, 0.75, width=5, soft=3)
    sheet.fill(mass, float(rng.uniform(0.0, 0.2)), soft=1.0, dense=0.6)


def nodule(sheet: Sheet, rng: np.random.Generator) -> None:
    """A nodule within a dark halo, holding tiny chalk grains."""
    for _ in range(int(rng.integers(1, 4))):
        cx, cy = rng.uniform(0.15, 0.85) * sheet.columns, rng.uniform(0.15, 0.8) * sheet.rows
        r = float(rng.uniform(0.05, 0.16)) * sheet.size
        sheet.fill(blob(cx, cy, 1.15 * r, r, wobble=0.06, rng=rng), 0.05, soft=1.2)
        sheet.fill(blob(cx, cy, r, 0.85 * r, wobble=0.06, rng=rng), float(rng.uniform(0.35, 0.6)), soft=1.2)
        grains = rng.normal((cx, cy), 0.35 * r, (int(rng.integers(4, 25)), 2)).astype(np.float32)
        sheet.spots(grains, 1.05, radius=float(rng.uniform(0.7, 1.6)), dense=0.25)


def streaks(sheet: Sheet, rng: np.random.Generator) -> None:
    """Lung: a bright pleural line and rays that run to the bottom undimmed."""
    y, x = float(rng.uniform(0.1, 0.3)) * sheet.rows, np.linspace(0, sheet.columns, 30)
    sheet.stroke(joined(x, y + 2 * wave(rng, 30, 9)), 1.0, width=float(rng.uniform(2, 5)), dense=0.5)
    for _ in range(int(rng.integers(1, 7))):
        cx, half = float(rng.uniform(0, 1)) * sheet.columns, float(rng.uniform(1.5, 9))
        ray = joined([cx - half, cx + half, cx + 2 * half, cx - 2 * half], [y, y, sheet.rows, sheet.rows])
        sheet.fill(ray, float(rng.uniform(0.55, 0.9)), soft=2.5, mix=0.7)


def lakes(sheet: Sheet, rng: np.random.Generator) -> None:
    """Flat dark lakes that interlace through brighter tissue."""
    field = smooth(rng, sheet.level.shape, float(rng.uniform(10, 30)), across=float(rng.uniform(1, 2.5)))
    wet = np.clip((field - np.float32(rng.uniform(0.6, 1.4))) * 6, 0, 1)
    sheet.level += (np.float32(-0.02) - sheet.level) * wet


def gas(sheet: Sheet, rng: np.random.Generator) -> None:
    """Gut: short bright crescents with dirty shadows below."""
    for _ in range(int(rng.integers(2, 9))):
        cx, cy = rng.uniform(0, 1) * sheet.columns, rng.uniform(0.15, 0.8) * sheet.rows
        turn = np.linspace(-1, 1, 10)
        half = float(rng.uniform(0.02, 0.08)) * sheet.size
        crescent = joined(cx + half * turn, cy - 0.35 * half * (1 - turn**2))
        sheet.stroke(crescent, float(rng.uniform(0.8, 1.15)), width=float(rng.uniform(2, 5)), dense=0.8)


def ladder(sheet: Sheet, rng: np.random.Generator) -> None:
    """Short rungs between two rails: a stent, a catheter's braid, laminae."""
    x0, y0 = rng.uniform(0.1, 0.6) * sheet.columns, rng.uniform(0.2, 0.7) * sheet.rows
    step, tall, slope = float(rng.uniform(4, 10)), float(rng.uniform(5, 16)), float(rng.normal(0, 0.3))
    for number in range(int(rng.integers(6, 28))):
        x, y = x0 + number * step, y0 + slope * number * step
        rung = joined([x, x + rng.normal(0, 1)], [y - tall / 2, y + tall / 2])
        sheet.stroke(rung, float(rng.uniform(0.6, 1.05)), width=float(rng.uniform(1, 2.2)))


def terraces(sheet: Sheet, rng: np.random.Generator) -> None:
    """Tissue in flat steps of brightness with hard borders."""
    field = smooth(rng, sheet.level.shape, float(rng.uniform(18, 60)), across=1.5)
    sheet.level += np.float32(rng.uniform(0.05, 0.12)) * np.round(field * np.float32(1.5))
