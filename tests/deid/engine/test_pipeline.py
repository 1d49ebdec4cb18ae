"""A painted screen goes in with a name on it and comes out without; doubt ends in a held outcome."""

import io
from dataclasses import replace

import av
import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate

from deid.engine import frames, pipeline, png, tesseract_library
from deid.engine.brand import Brand
from deid.engine.disclosure import STRICTEST, Dates, Disclosure, Purpose
from deid.engine.errors import HoldReason, Rejected
from deid.engine.findings import Outcome, Status
from deid.engine.geometry import Box, Why
from deid.engine.policy import Policy
from deid.phantoms.dicom import Packing, Wrapping, to_dicom
from deid.phantoms.painting import paint
from deid.phantoms.spec import Kind, Phantom, Spec, Subject
from deid.phantoms.studies import FIRST
from tests.deid.engine import bad_headers
from tests.deid.engine.headers import written

BRAND = Brand(name="Harbour Clinic", line="With love", background="#0f4c5c", ink="#ffffff")
BAD = bad_headers.all_of_them()
SECRET = b"0123456789abcdef0123456789abcdef"
IDENTIFYING = {Kind.NAME, Kind.ID, Kind.BIRTH_DATE, Kind.DATE, Kind.HOSPITAL, Kind.NOTE}


def cleaned(data: bytes, policy: Policy | None = None, brand: Brand | None = BRAND) -> Outcome:
    return pipeline.deidentify(data, policy=policy or Policy(), brand=brand, secret=SECRET)


def master_of(outcome: Outcome) -> Dataset:
    assert outcome.outputs.dicom is not None
    return dcmread(io.BytesIO(outcome.outputs.dicom))


def pixels(dataset: Dataset) -> list[np.ndarray]:
    return list(frames.open_frames(dataset, max_pixels=10**9))


def legible(phantom: Phantom, shown: list[np.ndarray]) -> list[str]:
    """Return the kinds of identifying ink of which more than a sixth is still there."""
    bare = paint(replace(phantom.spec, inked=False)).frames
    left = []
    for text in phantom.truth:
        x, y, w, h = text.box
        here = np.s_[y : y + h, x : x + w]
        source = phantom.frames[text.first_frame][here].astype(int)
        ink = np.abs(source - bare[text.first_frame][here]).max(axis=2) > 40
        same = np.abs(shown[text.first_frame][here].astype(int) - source).max(axis=2) < 25
        if text.kind in IDENTIFYING and ink.any() and (same & ink).sum() > ink.sum() / 6:
            left.append(text.kind.value)
    return left


@pytest.mark.requirement("R30")
@pytest.mark.requirement("R32")
@pytest.mark.parametrize("regions", [True, False])
def test_still_comes_out_clean(regions: bool) -> None:
    phantom = paint(Spec(FIRST, seed=3, subject=Subject.HEAD, width=800, height=600))

    outcome = cleaned(to_dicom(phantom, FIRST, Wrapping(regions=regions)))

    assert (outcome.status, outcome.reason) == (Status.CLEAN, None)
    dataset = master_of(outcome)
    assert (dataset.Rows, dataset.Columns, dataset.BurnedInAnnotation) == (600, 800, "NO")
    assert dataset.PatientIdentityRemoved == "YES"
    assert legible(phantom, pixels(dataset)) == []
    assert outcome.outputs.film is None
    assert outcome.outputs.still_size is not None
    assert set(outcome.seconds) >= {"decode", "area", "text", "plan", "redact", "brand", "render", "verify", "encode"}


@pytest.mark.requirement("R32")
def test_a_value_that_the_header_spells_holds_the_picture() -> None:
    """The patient has the name of a transducer, which a clean header may tell: nobody can know whose it is."""
    dataset = dcmread(io.BytesIO(to_dicom(paint(Spec(FIRST, subject=Subject.ABDOMEN, width=640, height=480)), FIRST)))
    dataset.TransducerType = "LINEAR"
    assert cleaned(written(dataset)).status is Status.CLEAN

    dataset.PatientName = "Linear^Maren"

    outcome = cleaned(written(dataset))
    assert (outcome.status, outcome.reason) == (Status.HELD, HoldReason.IDENTIFIER_LEFT)
    assert master_of(outcome).BurnedInAnnotation == "YES"


def test_brand_is_on_the_still_and_not_on_the_master() -> None:
    data = to_dicom(paint(Spec(FIRST, subject=Subject.ABDOMEN, width=640, height=480)), FIRST)

    with_brand, without = cleaned(data), cleaned(data, brand=None)

    assert with_brand.outputs.dicom == without.outputs.dicom
    assert with_brand.outputs.still != without.outputs.still
    still = png.decoded(with_brand.outputs.still or b"")
    assert (still[0] == (15, 76, 92)).all()


def test_cine_with_a_name_in_three_frames_comes_out_clean() -> None:
    phantom = paint(Spec(FIRST, width=480, height=360, frames=8, flash=(3, 5)))

    outcome = cleaned(to_dicom(phantom, FIRST, Wrapping(Packing.JPEG)))

    shown = pixels(master_of(outcome))
    assert outcome.frames == len(shown) == 8
    assert legible(phantom, shown) == []
    assert outcome.outputs.film
    assert outcome.outputs.source_film


@pytest.mark.parametrize("packing", [Packing.RGB, Packing.MONOCHROME2, Packing.JPEG])
def test_master_is_about_as_large_as_the_source(packing: Packing) -> None:
    data = to_dicom(paint(Spec(FIRST, width=320, height=240, frames=4)), FIRST, Wrapping(packing))

    outcome = cleaned(data)

    assert outcome.outputs.dicom
    assert len(outcome.outputs.dicom) <= 1.5 * len(data)


def test_film_plays_at_the_times_of_its_frames() -> None:
    source = dcmread(io.BytesIO(to_dicom(paint(Spec(FIRST, width=320, height=240, frames=4)), FIRST)))
    del source.FrameTime, source.CineRate
    source.FrameTimeVector, source.FrameIncrementPointer = [0, 100, 400, 50], 0x00181065
    buffer = io.BytesIO()
    source.save_as(buffer)

    outcome = cleaned(buffer.getvalue())

    with av.open(io.BytesIO(outcome.outputs.film or b"")) as film:
        times = [round(1000 * frame.time) for frame in film.decode(video=0)]
    assert times == [0, 100, 500, 550]
    assert list(master_of(outcome).FrameTimeVector) == [0, 100, 400, 50]


def test_reviewers_box_is_covered() -> None:
    phantom = paint(Spec(FIRST, subject=Subject.ABDOMEN, width=480, height=360))
    extra = Box(220, 180, 40, 30, 0, 0, Why.MANUAL)

    outcome = cleaned(to_dicom(phantom, FIRST), Policy(extra_boxes=(extra,)))

    assert extra in outcome.boxes
    covered = pixels(master_of(outcome))[0][185:205, 225:255]
    assert np.abs(covered.astype(int) - phantom.frames[0][185:205, 225:255]).mean() > 1


@pytest.mark.requirement("R36")
def test_a_picture_with_an_open_place_is_held_for_a_person() -> None:
    phantom = paint(Spec(FIRST, subject=Subject.ABDOMEN, width=480, height=360))
    place = Box(220, 180, 40, 30, 0, 0, Why.UNKNOWN_TEXT)

    outcome = cleaned(to_dicom(phantom, FIRST), Policy(lifted=(place,)))

    assert (outcome.status, outcome.reason) == (Status.HELD, HoldReason.COVER_LIFTED)
    assert master_of(outcome).BurnedInAnnotation == "YES"


@pytest.mark.requirement("R36")
@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ([], None),
        (["area_uncertain", "text_left"], "area_uncertain"),
        (["cover_lifted", "identifier_left"], "identifier_left"),
        (["area_uncertain", "text_left", "render_failed"], "render_failed"),
    ],
)
def test_a_mild_reason_never_hides_a_grave_one(reasons: list[str], told: str | None) -> None:
    assert pipeline._gravest([HoldReason(reason) for reason in reasons]) == told


@pytest.mark.requirement("R36")
def test_page_of_text_is_held() -> None:
    data = to_dicom(paint(Spec(FIRST, subject=Subject.REPORT)), FIRST, Wrapping(regions=False))

    outcome = cleaned(data)

    assert outcome.status is Status.HELD
    assert outcome.reason in {HoldReason.REPORT_PAGE, HoldReason.AREA_UNCERTAIN}
    assert master_of(outcome).BurnedInAnnotation == "YES"


@pytest.mark.requirement("R36")
def test_missing_reader_is_held_with_outputs_for_the_reviewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", "/nowhere")
    tesseract_library._api.cache_clear()
    data = to_dicom(paint(Spec(FIRST, width=320, height=240)), FIRST)

    outcome = cleaned(data)

    assert (outcome.status, outcome.reason) == (Status.HELD, HoldReason.OCR_MISSING)
    assert outcome.outputs.source_still


def test_undecodable_picture_is_held_without_outputs() -> None:
    dataset = dcmread(get_testdata_file("JPGLosslessP14SV1_1s_1f_8b.dcm", download=False))
    dataset.PixelData = encapsulate([b"\xff\xd8 no picture"])
    buffer = io.BytesIO()
    dataset.save_as(buffer)

    outcome = cleaned(buffer.getvalue())

    assert (outcome.status, outcome.reason) == (Status.HELD, HoldReason.UNDECODABLE)
    assert outcome.outputs.dicom is None


def test_what_is_no_ultrasound_is_rejected() -> None:
    with pytest.raises(Rejected):
        cleaned(b"not a DICOM file at all")


@pytest.mark.parametrize("name", ["OBXXXX1A.dcm", "US1_J2KR.dcm", "gdcm-US-ALOKA-16.dcm"])
def test_public_files_come_out_clean(name: str) -> None:
    with open(get_testdata_file(name, download=False), "rb") as stream:
        outcome = cleaned(stream.read())

    assert outcome.status is Status.CLEAN
    assert not pixels(master_of(outcome))[0][:24].any()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_bad_header_ends_in_an_outcome_or_a_reason(data: bytes) -> None:
    try:
        outputs = cleaned(data).outputs
    except Rejected:
        return
    made = (outputs.dicom, outputs.still, outputs.still_jpeg, outputs.thumbnail, outputs.film)
    assert not any(bad_headers.CANARY.encode() in file for file in made if file is not None)


@pytest.mark.requirement("R33")
@pytest.mark.parametrize(
    ("disclosure", "told"),
    [
        (STRICTEST, ""),
        (Disclosure.usual(Purpose.RESEARCH), None),
        (Disclosure(Purpose.CONSULTATION, dates=Dates.KEPT), "as it was"),
    ],
    ids=["strictest", "research", "kept"],
)
def test_a_master_tells_the_dates_that_its_purpose_allows(disclosure: Disclosure, told: str | None) -> None:
    """A date that may be told is no leak; every other one is still looked for in all outputs."""
    phantom = paint(Spec(FIRST, seed=3, subject=Subject.HEAD, width=800, height=600))
    source = dcmread(io.BytesIO(to_dicom(phantom, FIRST)))
    taken = source.StudyDate
    outcome = cleaned(to_dicom(phantom, FIRST), Policy(disclosure=disclosure))
    assert outcome.status is Status.CLEAN
    told_date = master_of(outcome).StudyDate
    assert told_date == (taken if told else "") or (told is None and told_date not in ("", taken))
