"""Painted screens and their truth."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.phantoms import ink
from deid.phantoms.painting import paint
from deid.phantoms.person import invent_person
from deid.phantoms.spec import Kind, Layout, Spec, Subject, Transducer

SMALL = Spec(invent_person(3), width=480, height=360)
SPECS = st.builds(
    Spec,
    person=st.integers(0, 50).map(invent_person),
    seed=st.integers(0, 1000),
    subject=st.sampled_from(Subject),
    layout=st.sampled_from(Layout),
    transducer=st.sampled_from(Transducer),
    width=st.integers(400, 640),
    height=st.integers(320, 480),
    note=st.sampled_from(["", "Baby waves"]),
)


@settings(max_examples=20, deadline=None)
@given(SPECS)
def test_every_true_box_holds_ink_and_lies_on_the_screen(spec: Spec) -> None:
    inked, bare = paint(spec), paint(replace(spec, inked=False))
    changed = (inked.frames[0] != bare.frames[0]).any(axis=2)
    for text in inked.truth:
        x, y, w, h = text.box
        assert 0 <= x < x + w <= spec.width
        assert 0 <= y < y + h <= spec.height
        assert changed[y : y + h, x : x + w].mean() > 0.08, text.kind
        assert text.inside == bool(inked.area[y : y + h, x : x + w].any())
    assert bare.truth == ()


@settings(max_examples=6, deadline=None)
@given(SPECS)
def test_equal_orders_give_equal_pixels(spec: Spec) -> None:
    one, two = paint(spec), paint(spec)
    assert (one.frames == two.frames).all()
    assert one.truth == two.truth
    assert one.frames.shape == (1, spec.height, spec.width, 3)
    assert one.frames.dtype == np.uint8


@pytest.mark.parametrize("subject", Subject)
def test_echoes_lie_in_the_area_alone(subject: Subject) -> None:
    phantom = paint(replace(SMALL, subject=subject, inked=False))
    if subject is Subject.REPORT:
        assert not phantom.area.any()
        assert phantom.regions == ()
        return
    assert not phantom.frames[:, ~phantom.area].any()
    assert phantom.frames[:, phantom.area].mean() > 20


@pytest.mark.parametrize("subject", [subject for subject in Subject if subject is not Subject.REPORT])
def test_the_region_is_true_to_the_area(subject: Subject) -> None:
    phantom = paint(replace(SMALL, subject=subject))
    rows, columns = np.nonzero(phantom.area)
    region = phantom.regions[0]
    assert region.x0 <= columns.min() <= columns.max() <= region.x1 < 480
    assert region.y0 <= rows.min() <= rows.max() <= region.y1 < 360
    assert region.spacing > 0


def test_seeds_differ() -> None:
    assert (paint(SMALL).frames != paint(replace(SMALL, seed=9)).frames).any()


def test_a_cine_moves_under_a_still_overlay() -> None:
    phantom = paint(replace(SMALL, frames=6, flash=(2, 3)))
    x, y, w, h = next(text.box for text in phantom.truth if text.kind is Kind.HOSPITAL)
    assert (phantom.frames[:, y : y + h, x : x + w] == phantom.frames[0, y : y + h, x : x + w]).all()
    assert (phantom.frames[0][phantom.area] != phantom.frames[5][phantom.area]).mean() > 0.2


def test_a_relief_can_turn() -> None:
    frames = paint(replace(SMALL, subject=Subject.SURFACE, frames=2)).frames
    assert (frames[0] != frames[1]).any()


def test_without_installed_fonts_every_text_still_leaves_ink(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ink, "_FONTS", tmp_path)
    ink.font.cache_clear()
    phantom = paint(replace(SMALL, subject=Subject.HEAD, layout=Layout.MERIDIAN))
    ink.font.cache_clear()
    assert {Kind.NAME, Kind.ID, Kind.MEASUREMENT} <= {text.kind for text in phantom.truth}
