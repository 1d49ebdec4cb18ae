"""Small ultrasound files in every packing that the portal takes, all of one invented person who must never come out."""

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    RLELossless,
)

from tests import samples
from tests.deid.engine.headers import US_MULTIFRAME, region, ultrasound

ROWS, COLUMNS, FRAMES = 48, 64, 2
CANARY = "Quetzalcanary"


def seeds() -> list[bytes]:
    """Return one file for each packing, in a fixed order."""
    return [*(_written(dataset) for dataset in _datasets()), samples.named("ExplVR_BigEnd.dcm").read_bytes()]


def _datasets() -> Iterator[FileDataset]:
    for syntax in (ExplicitVRLittleEndian, ImplicitVRLittleEndian):
        yield _of(syntax, _picture(1)[..., 0].tobytes())
    yield _of(ExplicitVRLittleEndian, _picture(FRAMES).tobytes(), colours=True, frames=FRAMES)
    yield _palette()
    for syntax, coded in ((JPEGBaseline8Bit, "JPEG"), (JPEG2000Lossless, "JPEG2000")):
        frames = [_coded(frame, coded) for frame in _picture(FRAMES)]
        yield _of(syntax, encapsulate(frames), colours=True, frames=FRAMES)
        yield _of(syntax, encapsulate(frames[:1], has_bot=False), colours=True)
    packed = _of(ExplicitVRLittleEndian, _picture(1)[..., 0].tobytes())
    packed.compress(RLELossless, generate_instance_uid=False)
    yield packed


def _picture(frames: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """Return a bright sector on black, uint8 of shape (frames, rows, columns, 3); one frame less for a still."""
    down, across = np.mgrid[0:ROWS, 0:COLUMNS]
    inside = np.abs(np.arctan2(across - COLUMNS / 2, down + 6)) < 0.6
    still = np.where(inside, 60 + (down * 7 + across * 13) % 90, 0).astype(np.uint8)
    coloured = np.repeat(still[..., np.newaxis], 3, axis=2)
    return coloured if frames == 1 else np.stack([coloured] * frames)


def _of(syntax: UID, pixels: bytes, *, colours: bool = False, frames: int = 1) -> FileDataset:
    dataset = ultrasound(
        PatientName=f"{CANARY}^Una",
        PatientComments=CANARY,
        OtherPatientIDs=CANARY,
        Rows=ROWS,
        Columns=COLUMNS,
        PixelData=pixels,
        SequenceOfUltrasoundRegions=[region(RegionLocationMaxX1=COLUMNS - 2, RegionLocationMaxY1=ROWS - 2)],
        RequestAttributesSequence=Sequence([_item(2)]),
    )
    dataset.add_new(0x00091001, "LO", CANARY)
    if colours:
        dataset.SamplesPerPixel, dataset.PlanarConfiguration, dataset.PhotometricInterpretation = 3, 0, "RGB"
    if frames > 1:
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = US_MULTIFRAME
        dataset.NumberOfFrames, dataset.FrameTime = frames, 40.0
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset["PixelData"].VR = "OB" if syntax.is_compressed else "OW"
    return dataset


def _item(depth: int) -> Dataset:
    item = Dataset()
    item.PatientID = CANARY
    if depth:
        item.RequestAttributesSequence = Sequence([_item(depth - 1)])
    return item


def _palette() -> FileDataset:
    dataset = _of(ExplicitVRLittleEndian, _picture(1)[..., 0].tobytes())
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    for colour in ("Red", "Green", "Blue"):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        table = (np.arange(256, dtype="<u2") * 257).tobytes()
        setattr(dataset, f"{colour}PaletteColorLookupTableData", table)
        dataset[f"{colour}PaletteColorLookupTableData"].VR = "OW"
    return dataset


def _coded(frame: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", kind: str) -> bytes:
    buffer = io.BytesIO()
    options = {"no_jp2": True} if kind == "JPEG2000" else {}
    Image.fromarray(np.ascontiguousarray(frame[:, :, :3] if frame.ndim == 3 else frame)).save(buffer, kind, **options)
    return buffer.getvalue()


def _written(dataset: FileDataset) -> bytes:
    syntax = dataset.file_meta.TransferSyntaxUID
    buffer = io.BytesIO()
    dataset.save_as(buffer, implicit_vr=syntax.is_implicit_VR, little_endian=True, enforce_file_format=True)
    return buffer.getvalue()
