"""Paints an ordered screen: the picture first, then the machine's ink over it."""

import math

import numpy as np

from deid.phantoms.anatomy.scenes import SCENES, Scene
from deid.phantoms.cine import moved
from deid.phantoms.dress import picture_box, tones
from deid.phantoms.ink import Pen
from deid.phantoms.overlay import label_picture, mark_echoes
from deid.phantoms.report import print_report
from deid.phantoms.screens import dress_screen
from deid.phantoms.sector import Sector, scan_converter
from deid.phantoms.spec import Mask, Phantom, Pixels, Region, Spec, Subject, Transducer
from deid.phantoms.speckle import echoes
from deid.phantoms.surface import relief
from deid.phantoms.tissue import Tissue

_SHEET_SCALE = 36.0
_FOCUS = 0.42


def paint(spec: Spec) -> Phantom:
    """Return the painted screen of an order; frames are uint8 (N, H, W, 3)."""
    if spec.subject is Subject.REPORT:
        return _report(spec)
    if spec.subject is Subject.SURFACE:
        return _surface(spec)
    return _echoes(spec)


def _echoes(spec: Spec) -> Phantom:
    scene = SCENES[spec.subject]
    sector = _sector(spec, scene)
    frames, area = _echo_frames(spec, scene, sector)
    pen = _pen(spec, area)
    if spec.inked:
        dress_screen(pen, spec)
        mark_echoes(pen, spec, scene, sector)
        if scene.label:
            label_picture(pen, spec, scene.label)
    box = (sector.left, sector.top, sector.width, sector.height)
    return _finished(spec, frames, pen, (_region(box, 1 / sector.scale),))


def _surface(spec: Spec) -> Phantom:
    left, top, width, height = box = _surface_box(spec)
    frames = np.zeros((spec.frames, spec.height, spec.width, 3), np.uint8)
    for number in range(spec.frames):
        rng = np.random.default_rng([spec.seed, 7])
        sway = 0.05 * math.sin(2 * math.pi * number / 30)
        frames[number, top : top + height, left : left + width] = relief(height, width, rng, sway)
    area = np.zeros((spec.height, spec.width), np.bool_)
    area[top : top + height, left : left + width] = True
    pen = _pen(spec, area)
    if spec.inked:
        dress_screen(pen, spec)
        label_picture(pen, spec, "3D")
    return _finished(spec, frames, pen, (_region(box, 8 / height),))


def _report(spec: Spec) -> Phantom:
    frames = np.full((spec.frames, spec.height, spec.width, 3), 236, np.uint8)
    pen = _pen(spec, np.zeros((spec.height, spec.width), np.bool_))
    if spec.inked:
        print_report(pen, spec)
    return _finished(spec, frames, pen, ())


def _pen(spec: Spec, area: Mask) -> Pen:
    return Pen((spec.width, spec.height), area, spec.frames - 1)


def _finished(spec: Spec, frames: Pixels, pen: Pen, regions: tuple[Region, ...]) -> Phantom:
    for number in range(spec.frames):
        frames[number] = pen.apply(frames[number], number)
    return Phantom(spec, frames, tuple(pen.texts), pen.area, regions)


def _echo_frames(spec: Spec, scene: Scene, sector: Sector) -> tuple[Pixels, Mask]:
    rng = np.random.default_rng([spec.seed, 5])
    tissue = Tissue(sector.reach + 1, sector.depth + 1, scale=_SHEET_SCALE, rng=rng)
    scene.draw(tissue, sector.radius)
    sheet = echoes(tissue, rng)
    converter = scan_converter(sector, spec.height, spec.width)
    x, y = sector.places()
    colours, step = tones(spec.layout), sector.depth / x.shape[0]
    frames = np.zeros((spec.frames, spec.height, spec.width, 3), np.uint8)
    screen = np.zeros((spec.height, spec.width), np.float32)
    for number in range(spec.frames):
        at_x, at_y = moved(x, y, scene.pulses, number)
        converter.convert(sheet.seen(at_x, at_y, step=step, focus=_FOCUS), screen)
        frames[number] = colours[(screen * 255).astype(np.uint8)]
    return frames, converter.area


def _sector(spec: Spec, scene: Scene) -> Sector:
    left, top, width, height = picture_box(spec)
    if spec.transducer is Transducer.LINEAR:
        return Sector(left, top, width, height, scene.depth * 0.8, 0.0, scene.depth * 0.42)
    return Sector(left, top, width, height, scene.depth, 5.0, scene.half_angle)


def _surface_box(spec: Spec) -> tuple[int, int, int, int]:
    left, top, width, height = picture_box(spec)
    tall = round(height * 0.94)
    wide = min(round(tall * 1.22), round(width * 0.9))
    return left + (width - wide) // 2, top + (height - tall) // 2, wide, tall


def _region(box: tuple[int, int, int, int], spacing: float) -> Region:
    left, top, width, height = box
    return Region(left, top, left + width - 1, top + height - 1, spatial_format=1, data_type=1, spacing=spacing)
