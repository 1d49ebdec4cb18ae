"""A master under another header keeps its pixels byte by byte and tells what the purpose allows, and no more."""

import io
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.dataset import FileDataset

from deid.engine import reheading, sweep
from deid.engine.disclosure import Disclosure, Purpose
from deid.engine.errors import Held, HoldReason, Rejected
from deid.engine.identifiers import Identifiers
from tests.conformance import charts, road
from tests.deid.engine import videos
from tests.deid.engine.headers import US_MULTIFRAME, ultrasound, written

pytestmark = pytest.mark.requirement("R33")

SECRET = b"a secret of the tests"
NAMES = ("Mustermann", "MRN0048213", "ACC771234", "Lindenhof", "19900312", "20260114")


@cache
def sources() -> dict[str, bytes]:
    told = {"StudyDescription": "Fetal heart of Mustermann", "PatientAge": "035Y", "StudyTime": "143210"}
    film = np.zeros((3, charts.ROWS, charts.COLUMNS), np.uint8) + charts.greys()
    return {
        "still": charts.written(charts.native_grey(**told)),
        "palette": charts.written(charts.native_palette()),
        "JPEG": charts.pillow_jpeg("YBR_FULL_422"),
        "cine": charts.written(
            charts.described(
                "MONOCHROME2", film.tobytes(), SOPClassUID=US_MULTIFRAME, NumberOfFrames=3, FrameTime=40, **told
            )
        ),
        "one stream": videos.file(videos.stream([charts.chart()] * 3), charts.chart(), 3),
    }


@cache
def master(name: str) -> bytes:
    return road.cleaned(sources()[name], np.ones((charts.ROWS, charts.COLUMNS), np.bool_), [])


def made(name: str, purpose: Purpose, secret: bytes = SECRET) -> bytes:
    usual = Disclosure.usual(purpose)
    return reheading.reheaded(sources()[name], master(name), disclosure=usual, secret=secret)


def read(data: bytes) -> FileDataset:
    return dcmread(io.BytesIO(data))


def codes(dataset: Dataset) -> set[str]:
    return {item.CodeValue for item in dataset.DeidentificationMethodCodeSequence}


@pytest.mark.parametrize("purpose", [Purpose.TEACHING, Purpose.RESEARCH, Purpose.CONSULTATION])
@pytest.mark.parametrize("name", ["still", "palette", "JPEG", "cine", "one stream"])
def test_pixels_are_the_masters_byte_by_byte_and_no_name_is_left(name: str, purpose: Purpose, tmp_path: Path) -> None:
    again, before = made(name, purpose), read(master(name))

    after = read(again)

    assert after.PixelData == before.PixelData
    assert after.file_meta.TransferSyntaxUID == before.file_meta.TransferSyntaxUID
    assert [one.tolist() for one in road.pictures(again)] == [one.tolist() for one in road.pictures(master(name))]
    assert not any(one.encode() in again for one in NAMES)
    file = tmp_path / "again.dcm"
    file.write_bytes(again)
    assert not subprocess.run(["dcmdump", file], capture_output=True, check=True).stderr


def test_each_purpose_tells_what_its_row_allows() -> None:
    teaching, research, consultation = (
        read(made("cine", purpose)) for purpose in (Purpose.TEACHING, Purpose.RESEARCH, Purpose.CONSULTATION)
    )

    assert {"113105", "113107"} <= codes(teaching)
    assert {"113105", "113107", "113108"} <= codes(research)
    assert not {"113105", "113106", "113107", "113108"} & codes(consultation)
    assert teaching.StudyDate
    assert teaching.StudyDate != "20260114"
    assert consultation.StudyDate == ""
    assert "PatientAge" not in teaching
    assert research.PatientAge == "035Y"
    assert "Mustermann" not in teaching.StudyDescription
    assert len({one.PatientID for one in (teaching, research, consultation)}) == 3
    assert len({one.SOPInstanceUID for one in (teaching, research, consultation)}) == 3


def test_the_same_purpose_gives_the_same_file_and_another_secret_another() -> None:
    assert made("still", Purpose.TEACHING) == made("still", Purpose.TEACHING)
    assert read(made("still", Purpose.TEACHING)).PatientID != read(made("still", Purpose.TEACHING, b"other")).PatientID


def test_where_the_source_is_gone_the_header_of_the_master_is_read() -> None:
    usual = Disclosure.usual(Purpose.RESEARCH)

    again = read(reheading.reheaded(None, master("cine"), disclosure=usual, secret=SECRET))

    assert again.StudyDate == ""
    assert "PatientAge" not in again
    assert again.PatientID != read(master("cine")).PatientID


def test_a_picture_that_did_not_pass_the_second_look_says_so() -> None:
    held = read(master("still"))
    held.BurnedInAnnotation = "YES"

    usual = Disclosure.usual(Purpose.TEACHING)
    again = read(reheading.reheaded(sources()["still"], written(held), disclosure=usual, secret=SECRET))

    assert again.BurnedInAnnotation == "YES"
    assert "113101" not in codes(again)


def test_a_header_never_goes_over_another_picture() -> None:
    other = written(ultrasound())

    with pytest.raises(Held) as caught:
        reheading.reheaded(other, master("still"), disclosure=Disclosure.usual(Purpose.TEACHING), secret=SECRET)
    assert caught.value.reason is HoldReason.RENDER_FAILED


def test_what_is_no_file_is_refused() -> None:
    with pytest.raises(Rejected):
        reheading.reheaded(b"", master("still"), disclosure=Disclosure.usual(Purpose.TEACHING), secret=SECRET)


def test_what_the_last_search_finds_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(_: bytes, known: Identifiers) -> bool:
        return known.matches("Mustermann")

    monkeypatch.setattr(sweep, "found", found)

    with pytest.raises(Held) as caught:
        made("still", Purpose.TEACHING)
    assert caught.value.reason is HoldReason.IDENTIFIER_LEFT
