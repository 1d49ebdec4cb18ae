"""Structures of the body as ultrasound shows them, for training; each draws itself somewhere on a sheet."""

import numpy as np

from deid.training.backgrounds.fields import wave
from deid.training.backgrounds.sheet import Points, Sheet, blob, joined, path, place


def layers(sheet: Sheet, rng: np.random.Generator) -> None:
    """Skin, fat and muscle under the face: bright lines that lie across the beam."""
    y = 0.0
    for _ in range(int(rng.integers(3, 11))):
        y += float(rng.uniform(0.015, 0.07)) * sheet.rows
        _lying(sheet, rng, y, level=float(rng.uniform(0.5, 0.95)), width=float(rng.uniform(1, 4)))


def organ(sheet: Sheet, rng: np.random.Generator) -> None:
    """A large organ of its own brightness within a bright capsule."""
    outline = _somewhere(sheet, rng, (0.2, 0.5), wobble=0.12)
    sheet.fill(outline, float(rng.uniform(0.15, 0.6)), soft=float(rng.uniform(1, 5)), mix=0.85)
    if rng.random() < 0.7:
        sheet.wall(outline, float(rng.uniform(0.5, 0.9)), width=float(rng.uniform(1, 3)))


def cysts(sheet: Sheet, rng: np.random.Generator) -> None:
    """Round fluid: black, crisp, brighter behind."""
    for _ in range(int(rng.integers(1, 6))):
        outline = _somewhere(sheet, rng, (0.02, 0.14), wobble=0.08)
        sheet.fill(outline, float(rng.uniform(-0.15, 0.08)), soft=0.7, dense=-0.6)


def pocket(sheet: Sheet, rng: np.random.Generator) -> None:
    """A large dark pool with a crisp shore, as amniotic fluid or a full bladder."""
    outline = _somewhere(sheet, rng, (0.22, 0.45), wobble=0.25)
    sheet.fill(outline, float(rng.uniform(-0.25, 0.02)), soft=float(rng.uniform(0.5, 1.5)), dense=-0.25)
    sheet.wall(outline, float(rng.uniform(0.5, 1.0)), width=float(rng.uniform(1, 2.5)))


def vessel(sheet: Sheet, rng: np.random.Generator) -> None:
    """A dark tube between two bright walls."""
    for _ in range(int(rng.integers(1, 4))):
        x, y = path(sheet, rng)
        half = float(rng.uniform(0.008, 0.05)) * sheet.size
        tube = np.concatenate([joined(x, y - half), joined(x, y + half)[::-1]])
        sheet.fill(tube, float(rng.uniform(-0.1, 0.12)), soft=1.0)
        for side in (-half, half):
            sheet.wall(joined(x, y + side), float(rng.uniform(0.5, 0.95)), width=float(rng.uniform(1, 2.5)))


def skull(sheet: Sheet, rng: np.random.Generator) -> None:
    """A head: bright shell that shadows, dim brain, midline, choroid and a few folds."""
    cx, cy = place(sheet, rng)
    r = float(rng.uniform(0.2, 0.42)) * sheet.size
    turn = float(rng.normal(0, 0.4))
    shell = blob(cx, cy, r, r * rng.uniform(0.7, 0.9), turn=turn)
    sheet.fill(shell, float(rng.uniform(0.05, 0.3)), soft=2)
    sheet.wall(shell, float(rng.uniform(0.8, 1.15)), width=float(rng.uniform(2, 6)), dense=0.5)
    along = np.linspace(-0.8, 0.8, 14) * r
    midline = joined(cx + along * np.cos(turn), cy + along * np.sin(turn) + 1.2 * wave(rng, 14, 6))
    sheet.wall(midline, float(rng.uniform(0.5, 0.9)), width=1.5)
    for _ in range(int(rng.integers(2, 9))):
        fold = blob(cx + rng.normal(0, 0.35) * r, cy + rng.normal(0, 0.25) * r, 0.15 * r, 0.06 * r, turn=rng.normal())
        sheet.fill(fold, float(rng.uniform(0.0, 0.8)), soft=1.5, mix=0.7)


def femur(sheet: Sheet, rng: np.random.Generator) -> None:
    """Long bones: bright bars with clean shadows."""
    for _ in range(int(rng.integers(1, 4))):
        cx, cy = place(sheet, rng)
        along = np.linspace(-1, 1, 12) * float(rng.uniform(0.05, 0.25)) * sheet.size
        slope = float(rng.normal(0, 0.35))
        bar = joined(cx + along, cy + along * slope + 0.0015 * along**2)
        sheet.stroke(bar, float(rng.uniform(0.85, 1.2)), width=float(rng.uniform(2, 8)), dense=float(rng.uniform(1, 4)))


def spine(sheet: Sheet, rng: np.random.Generator) -> None:
    """Vertebrae: rows of small bright echoes at even steps, which look like letters and are none."""
    x, y = path(sheet, rng)
    count = int(rng.integers(8, 40))
    at = np.linspace(0, len(x) - 1, count)
    places = joined(np.interp(at, np.arange(len(x)), x), np.interp(at, np.arange(len(y)), y))
    radius = float(rng.uniform(0.8, 3.5))
    for shift in (0.0, float(rng.uniform(4, 12)))[: int(rng.integers(1, 3))]:
        jitter = rng.normal(0, 0.8, places.shape).astype(np.float32)
        row = places + jitter + np.array([0, shift * radius], np.float32)
        sheet.spots(row, float(rng.uniform(0.7, 1.2)), radius=radius, soft=0.7, dense=0.35)


def profile(sheet: Sheet, rng: np.random.Generator) -> None:
    """A fetal profile: a body in a pool, its outline bright where it faces the probe."""
    pool = _somewhere(sheet, rng, (0.3, 0.5), wobble=0.15)
    sheet.fill(pool, float(rng.uniform(-0.2, 0.0)), soft=1.2, dense=-0.2)
    cx, cy = float(pool[:, 0].mean()), float(pool[:, 1].mean())
    r = float(rng.uniform(0.15, 0.27)) * sheet.size
    for shift, share in ((0.0, 1.0), (1.25, 0.95), (-0.75, 0.42)):
        limb = blob(cx + shift * r, cy + rng.normal(0, 0.15) * r, r * share, r * share * 0.75, wobble=0.28, rng=rng)
        sheet.fill(limb, float(rng.uniform(0.3, 0.6)), soft=1.2, dense=0.08)
        sheet.wall(limb, float(rng.uniform(0.6, 1.1)), width=float(rng.uniform(1, 3.5)))


def chambers(sheet: Sheet, rng: np.random.Generator) -> None:
    """A heart: four dark chambers, thick walls and thin leaflets."""
    cx, cy = place(sheet, rng)
    r = float(rng.uniform(0.1, 0.24)) * sheet.size
    sheet.fill(blob(cx, cy, 2.3 * r, 2.5 * r, wobble=0.1, rng=rng), float(rng.uniform(0.35, 0.6)), soft=3, mix=0.8)
    for dx, dy, tall in ((-0.95, -0.7, 1.25), (0.95, -0.7, 1.25), (-0.9, 1.2, 0.7), (0.9, 1.2, 0.7)):
        room = blob(cx + dx * r, cy + dy * r, 0.75 * r, tall * r, turn=-0.12 * dx, wobble=0.18, rng=rng)
        sheet.fill(room, float(rng.uniform(-0.2, 0.0)), soft=1.5)
    for side in (-1, 1):
        x = cx + side * np.linspace(0.1, 1.5, 10) * r
        leaflet = joined(x, cy + 0.45 * r - 0.4 * r * np.sin(np.linspace(0, 3, 10)) * rng.uniform(0, 1))
        sheet.stroke(leaflet, float(rng.uniform(0.6, 1.0)), width=float(rng.uniform(1, 3)))


def ribs(sheet: Sheet, rng: np.random.Generator) -> None:
    """Shadowing arcs side by side."""
    count = int(rng.integers(2, 7))
    y, half = float(rng.uniform(0.08, 0.5)) * sheet.rows, sheet.columns / count * float(rng.uniform(0.15, 0.35))
    for number in range(count):
        turn = np.linspace(-1.2, 1.2, 12)
        cx = (number + 0.5) * sheet.columns / count
        arc = joined(cx + half * np.sin(turn), y + half * (1 - np.cos(turn)) * 0.7 + rng.normal(0, 3))
        sheet.wall(arc, float(rng.uniform(0.7, 1.1)), width=float(rng.uniform(2, 5)), dense=2.0)


def _lying(sheet: Sheet, rng: np.random.Generator, y: float, *, level: float, width: float) -> None:
    x = np.linspace(0, sheet.columns, 40)
    line = joined(x, y + float(rng.uniform(0.3, 5)) * wave(rng, 40, float(rng.uniform(6, 30))))
    start = int(rng.integers(0, 25)) if rng.random() < 0.4 else 0
    sheet.stroke(line[start:], level, width=width, soft=float(rng.uniform(0.5, 1.6)), dense=0.05)


def _somewhere(sheet: Sheet, rng: np.random.Generator, share: tuple[float, float], *, wobble: float) -> Points:
    cx, cy = place(sheet, rng)
    rx, ry = rng.uniform(*share, 2) * sheet.size
    return blob(cx, cy, rx, ry, turn=float(rng.uniform(-0.8, 0.8)), wobble=wobble, rng=rng)
