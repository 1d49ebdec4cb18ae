"""Every kind of bad input gets its own reason on its own row, and takes nothing good down with it."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, EncapsulatedPDFStorage, ExplicitVRLittleEndian, generate_uid

from deid.engine.errors import EXPLANATIONS, RejectReason
from tests import samples
from tests.journeys import desk
from tests.journeys.portal import Portal

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

MANY = 500


def document() -> bytes:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = UID(EncapsulatedPDFStorage)
    meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset = Dataset()
    dataset.file_meta = meta
    dataset.SOPClassUID, dataset.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.Modality = "DOC"
    dataset.EncapsulatedDocument = b"%PDF-1.4 "
    written = io.BytesIO()
    dataset.save_as(written, enforce_file_format=True)
    return written.getvalue()


def never_seen() -> bytes:
    """A good picture that no other journey has sent to the same portal."""
    dataset = dcmread(samples.named("examples_rgb_color.dcm"))
    dataset.StudyInstanceUID = generate_uid()
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    written = io.BytesIO()
    dataset.save_as(written, enforce_file_format=True)
    return written.getvalue()


def packed(members: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def bad_files(folder: Path) -> dict[str, RejectReason]:
    good = samples.named("US1_UNCR.dcm").read_bytes()
    files = {
        "empty.dcm": (b"", RejectReason.EMPTY),
        "text.dcm": (b"The pictures are on the other disc.\n" * 20, RejectReason.NOT_DICOM),
        "cut.dcm": (good[: len(good) // 2], RejectReason.TRUNCATED),
        "ct.dcm": (samples.named("CT_small.dcm").read_bytes(), RejectReason.NOT_ULTRASOUND),
        "document.dcm": (document(), RejectReason.ENCAPSULATED_DOCUMENT),
        "report.dcm": (samples.named("reportsi.dcm").read_bytes(), RejectReason.STRUCTURED_REPORT),
        "nested.zip": (packed({"inner.zip": packed({"a.dcm": good})}), RejectReason.ZIP_NESTED),
        "slip.zip": (packed({"../../a.dcm": good}), RejectReason.ZIP_UNSAFE_NAME),
        "broken.zip": (packed({"a.dcm": good})[:-30], RejectReason.ZIP_DAMAGED),
    }
    for name, (content, _) in files.items():
        (folder / name).write_bytes(content)
    return {name: reason for name, (_, reason) in files.items()}


@pytest.mark.requirement("R36")
def test_each_bad_file_has_its_reason_and_the_good_one_is_taken(
    embedded: Portal, browser: Browser, tmp_path: Path
) -> None:
    expected = bad_files(tmp_path)
    mixed = packed({"good.dcm": never_seen(), "notes.txt": b"see page two"})
    (tmp_path / "mixed.zip").write_bytes(mixed)
    page = browser.new_page()
    desk.sign_in(page, embedded, "sonographer")
    rows = desk.upload(page, embedded, sorted(tmp_path.iterdir()))

    assert {name: rows[name] for name in expected} == {
        name: ("Refused", EXPLANATIONS[reason]) for name, reason in expected.items()
    }
    assert rows["mixed.zip"][0] in {"Cleaned", "Held"}
    assert rows["mixed.zip, file 2"] == ("Refused", EXPLANATIONS[RejectReason.NOT_DICOM])
    page.context.close()


def test_many_files_at_once(embedded: Portal, browser: Browser, tmp_path: Path) -> None:
    for number in range(MANY):
        (tmp_path / f"{number:04}.dcm").write_bytes(b"not a picture " * (number % 7 + 1))
    page = browser.new_page()
    desk.sign_in(page, embedded, "sonographer")
    rows = desk.upload(page, embedded, sorted(tmp_path.iterdir()))
    assert len(rows) == MANY
    assert set(rows.values()) == {("Refused", EXPLANATIONS[RejectReason.NOT_DICOM])}
    stored = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert set(stored) <= {"htmx-current-path-for-history"}
    page.context.close()
