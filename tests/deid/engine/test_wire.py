"""What goes into the pipe comes out of it, and what is no frame or no answer is told apart."""

import json
import struct
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine import wire
from deid.engine.archives import Limits
from deid.engine.brand import Brand
from deid.engine.errors import HoldReason, RejectReason
from deid.engine.findings import Flag, Outcome, Outputs, Status
from deid.engine.formats import MEDIA, Format, Render
from deid.engine.geometry import Box, Why
from deid.engine.intake import Peek
from deid.engine.policy import KeptText, Policy

NUMBER = st.integers(0, 10_000)
BOXES = st.builds(
    lambda x, y, w, h, first, more, why: Box(x, y, w + 1, h + 1, first, first + more, why),
    NUMBER,
    NUMBER,
    NUMBER,
    NUMBER,
    NUMBER,
    NUMBER,
    st.sampled_from(Why),
)
POLICIES = st.builds(
    Policy,
    extra_boxes=st.lists(BOXES, max_size=4).map(tuple),
    lifted=st.lists(BOXES, max_size=4).map(tuple),
    text=st.sampled_from(KeptText),
    gestational_age=st.booleans(),
    also_kept=st.lists(st.sampled_from(["Doppler", "Nabel", "4D-Live"]), max_size=3).map(tuple),
    also_covered=st.lists(st.sampled_from(["St Anna", "Nordklinik"]), max_size=3).map(tuple),
    max_pixels=st.integers(0, 2**40),
    ocr_seconds=st.floats(0, 1e6),
)
BRANDS = st.builds(
    Brand,
    name=st.text(),
    line=st.text(),
    background=st.text(),
    ink=st.text(),
    logo=st.none() | st.binary(),
    version=NUMBER,
    paper_logo=st.none() | st.binary(),
    web=st.text(),
    handle=st.text(),
    qr=st.booleans(),
    top=st.booleans(),
    height=NUMBER,
)
RENDERS = st.lists(
    st.builds(Render, st.sampled_from(Format), st.binary(max_size=50), st.sampled_from(list(MEDIA)), NUMBER, NUMBER),
    max_size=6,
)
FILES = st.none() | st.binary(max_size=50)
OUTPUTS = st.builds(
    Outputs,
    dicom=FILES,
    still=FILES,
    still_jpeg=FILES,
    thumbnail=FILES,
    film=FILES,
    source_still=FILES,
    source_film=FILES,
    still_size=st.none() | st.tuples(NUMBER, NUMBER),
    still_origin=st.none() | st.tuples(st.integers(-9_999, 9_999), st.integers(-9_999, 9_999)),
    still_cut=st.none() | st.tuples(st.integers(-9_999, 9_999), st.integers(-9_999, 9_999), NUMBER, NUMBER),
    film_times=st.none() | st.lists(NUMBER, max_size=5).map(tuple),
)


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    reason = draw(st.none() | st.sampled_from(HoldReason))
    return Outcome(
        status=Status.CLEAN if reason is None else Status.HELD,
        reason=reason,
        boxes=tuple(draw(st.lists(BOXES, max_size=4))),
        outputs=draw(OUTPUTS),
        seconds=draw(st.dictionaries(st.text(), st.floats(0, 1e6), max_size=4)),
        rows=draw(NUMBER),
        columns=draw(NUMBER),
        frames=draw(NUMBER),
        flags=draw(st.frozensets(st.sampled_from(Flag))),
        detector=draw(st.sampled_from(["", "ab" * 32])),
    )


PEEKS = st.builds(
    Peek,
    **dict.fromkeys(
        (
            "sop_class_uid",
            "sop_instance_uid",
            "series_instance_uid",
            "study_instance_uid",
            "transfer_syntax_uid",
            "patient_name",
            "patient_id",
            "birth_date",
            "manufacturer",
            "model",
            "station",
        ),
        st.text(),
    ),
    **dict.fromkeys(("rows", "columns", "frames", "instance_number"), NUMBER),
)


def sent(header: dict[str, object], blobs: list[bytes]) -> wire.Frame:
    """Send a frame through a stream and receive it."""
    stream = BytesIO()
    wire.write(stream, header, blobs)
    stream.seek(0)
    frame = wire.read(stream)
    assert frame is not None
    assert wire.read(stream) is None
    return frame


@given(
    st.dictionaries(st.text().filter(lambda name: name != "blobs"), st.text() | NUMBER),
    st.lists(st.binary(), max_size=8),
)
def test_frames_round_trip(header: dict[str, object], blobs: list[bytes]) -> None:
    frame = sent(header, blobs)
    assert frame.header == header
    assert frame.blobs == tuple(blobs)


@given(POLICIES)
def test_policies_round_trip(policy: Policy) -> None:
    assert wire.policy_from_json(sent(wire.policy_to_json(policy), []).header) == policy


@given(st.none() | BRANDS)
def test_brands_round_trip(brand: Brand | None) -> None:
    frame = sent(*wire.brand_to_json(brand))
    assert wire.brand_from_json(frame.header, frame.blobs) == brand


@given(outcomes())
def test_outcomes_round_trip(outcome: Outcome) -> None:
    frame = sent(*wire.outcome_to_json(outcome))
    assert wire.outcome_from_json(frame.header, frame.blobs) == outcome


@given(PEEKS)
def test_peeks_round_trip(peek: Peek) -> None:
    assert wire.peek_from_json(sent(wire.peek_to_json(peek), []).header) == peek


@pytest.mark.parametrize(
    "raw",
    [
        b"\0",
        b"\0\0\0\x05abc",
        b"\xff\xff\xff\xff" + b"x" * 50,
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 2) + b"{}",
        struct.pack(">I", 12) + b'{"blobs": 3}',
        struct.pack(">I", 15) + b'{"blobs": ["a"]',
        struct.pack(">I", 200_000) + b"[" * 200_000,
        b"Traceback (most recent call last):\n" * 9,
    ],
)
def test_garbage_is_no_frame(raw: bytes) -> None:
    with pytest.raises(wire.Garbled):
        wire.read(BytesIO(raw))


@pytest.mark.parametrize("sizes", [[-1], [True], [1.5], [wire.MAX_BLOB + 1], [1] * 17, [5]])
def test_lying_blobs_are_no_frame(sizes: list[object]) -> None:
    header = json.dumps({"blobs": sizes}).encode()
    with pytest.raises(wire.Garbled):
        wire.read(BytesIO(struct.pack(">I", len(header)) + header + b"abc"))


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_frame_or_a_refusal(raw: bytes) -> None:
    try:
        frame = wire.read(BytesIO(raw))
    except wire.Garbled:
        frame = None
    assert frame is None or isinstance(frame, wire.Frame)


ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBER | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "status",
                "reason",
                "boxes",
                "files",
                "still_size",
                "still_origin",
                "film_times",
                "seconds",
                "rows",
                "columns",
                "frames",
                "flags",
                "detector",
            ]
        ),
        ANYTHING,
    )
)
def test_a_false_outcome_is_garbled(values: dict[str, object]) -> None:
    with pytest.raises(wire.Garbled):
        wire.outcome_from_json({"status": "clean", "reason": "none of the list", **values}, [])


@pytest.mark.parametrize(
    "values",
    [{}, {"extra_boxes": 3}, {"extra_boxes": [{}]}, {**Policy().to_dict(), "text": "everything"}],
)
def test_a_false_policy_is_garbled(values: dict[str, object]) -> None:
    with pytest.raises(wire.Garbled):
        wire.policy_from_json(values)


@pytest.mark.parametrize("values", [{}, {"brand": 3}, {"brand": {}}, {"brand": {"name": 3}}])
def test_a_false_brand_is_garbled(values: dict[str, object]) -> None:
    with pytest.raises(wire.Garbled):
        wire.brand_from_json(values, [])


@pytest.mark.parametrize("values", [{}, {"sop_class_uid": 3}])
def test_a_false_peek_is_garbled(values: dict[str, object]) -> None:
    with pytest.raises(wire.Garbled):
        wire.peek_from_json(values)


def test_parts_and_reasons_are_checked() -> None:
    assert wire.part(wire.Frame({"peek": {}}), "peek") == {}
    assert wire.reject_reason("damaged") is RejectReason.DAMAGED
    with pytest.raises(wire.Garbled):
        wire.part(wire.Frame({"peek": 3}), "peek")
    for value in ("because", None, 3):
        with pytest.raises(wire.Garbled):
            wire.reject_reason(value)


def test_a_frame_does_not_show_its_content() -> None:
    assert "Erika" not in repr(wire.Frame({"name": "Erika"}, (b"Erika",)))


@given(RENDERS)
def test_renders_come_out_as_they_went_in(made: list[Render]) -> None:
    header, blobs = wire.renders_to_json(made)
    assert wire.renders_from_json(wire.Frame(json.loads(json.dumps(header)), tuple(blobs))) == made


@pytest.mark.parametrize(
    "told",
    [
        None,
        [{}],
        [{"format": "round", "media_type": "image/jpeg", "sides": [1, 2]}],
        [{"format": "square", "media_type": "text/html", "sides": [1, 2]}],
        [{"format": "square", "media_type": "image/jpeg", "sides": [1]}],
        [],
    ],
    ids=["none", "empty", "format", "media", "sides", "count"],
)
def test_what_is_no_render_is_garbled(told: object) -> None:
    with pytest.raises(wire.Garbled):
        wire.renders_from_json(wire.Frame({"renders": told}, (b"x",)))


@pytest.mark.parametrize("cut", [[1, 2, 3], [1, 2, 3, 4.0], "cut!", {}], ids=str)
def test_a_cut_is_four_whole_numbers(cut: object) -> None:
    with pytest.raises(TypeError):
        wire.cut_of(cut)


def test_what_is_said_of_archives_is_checked() -> None:
    limits = Limits(members=3, member_bytes=4, total_bytes=5, ratio=6)
    assert wire.archive_limits_from_json(wire.archive_limits_to_json(limits)) == limits
    assert (wire.stretch([1, 2]), wire.count(3), wire.flag(True)) == ((1, 2), 3, True)
    assert wire.only_blob(wire.Frame({}, (b"x",))) == b"x"


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (wire.stretch, [1]),
        (wire.stretch, [1, -2]),
        (wire.stretch, None),
        (wire.count, -1),
        (wire.count, True),
        (wire.count, "1"),
        (wire.flag, 1),
        (wire.only_blob, wire.Frame({})),
        (wire.archive_limits_from_json, {"members": 1}),
        (wire.archive_limits_from_json, {"members": 1.5, "member_bytes": 1, "total_bytes": 1, "ratio": 1}),
    ],
    ids=[
        "stretch-of-one",
        "stretch-backwards",
        "no-stretch",
        "count-below-zero",
        "count-of-true",
        "count-as-text",
        "flag-of-one",
        "frame-without-blob",
        "limits-missing",
        "limits-broken",
    ],
)
def test_what_is_said_wrongly_of_archives_is_garbled(read: Callable[[object], object], value: object) -> None:
    with pytest.raises(wire.Garbled):
        read(value)
