"""Reads DICOM pictures as other programs do: DCMTK, pydicom by its own colour functions, and two builds of FFmpeg.

One is for JPEG 2000, one for films of one stream."""

import io
import subprocess
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_frames
from pydicom.pixels import apply_color_lut, apply_voi_lut, pixel_array
from pydicom.uid import (
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000TransferSyntaxes,
    JPEGLSLossless,
    JPEGLSNearLossless,
    MPEGTransferSyntaxes,
)

_JPEG_2000 = (*JPEG2000TransferSyntaxes, HTJ2KLossless, HTJ2KLosslessRPCL, "1.2.840.10008.1.2.4.203")


def dcmtk(data: bytes, folder: Path, *, frame: int = 1) -> np.ndarray:
    """Return one frame as dcmj2pnm shows it, with the first window where there is one; uint8 (rows, columns, 3)."""
    file = folder / "seen.dcm"
    file.write_bytes(data)
    header = dcmread(io.BytesIO(data), stop_before_pixels=True)
    window = ["+Wi", "1"] if "WindowWidth" in header else []
    if header.file_meta.TransferSyntaxUID in (JPEGLSLossless, JPEGLSNearLossless):
        unpacked = folder / "unpacked.dcm"
        subprocess.run(["dcmdjpls", file, unpacked], check=True, capture_output=True)
        file = unpacked
    shown = subprocess.run(
        ["dcmj2pnm", "--write-png", "-O", "+F", str(frame), *window, file], check=True, capture_output=True
    )
    with Image.open(io.BytesIO(shown.stdout), formats=("PNG",)) as image:
        return np.asarray(image.convert("RGB"))


def pydicoms(data: bytes) -> np.ndarray:
    """Return a still as pydicom decodes it and turns it into colours; uint8 (rows, columns, 3)."""
    dataset = dcmread(io.BytesIO(data))
    values = pixel_array(dataset)
    photometric = str(dataset.PhotometricInterpretation)
    if photometric == "PALETTE COLOR":
        return (apply_color_lut(values, dataset) >> 8).astype(np.uint8)
    if values.ndim == 3:
        return values
    shown = apply_voi_lut(values, dataset)
    if "WindowWidth" in dataset:
        shown = (shown - _least(dataset)) * (255 / ((1 << int(dataset.BitsStored)) - 1))
    shown = np.asarray(shown).round().clip(0, 255).astype(np.uint8)
    shown = 255 - shown if photometric == "MONOCHROME1" else shown
    return np.repeat(shown[:, :, np.newaxis], 3, axis=2)


def _least(dataset: Dataset) -> int:
    return -(1 << (int(dataset.BitsStored) - 1)) if dataset.PixelRepresentation else 0


def second(data: bytes, folder: Path) -> np.ndarray:
    """Return a still as a program without any code of pydicom's decoders shows it."""
    syntax = dcmread(io.BytesIO(data), stop_before_pixels=True).file_meta.TransferSyntaxUID
    if syntax in MPEGTransferSyntaxes:
        return played(data, folder)[0]
    return ffmpeg(data) if syntax in _JPEG_2000 else dcmtk(data, folder)


def played(data: bytes, folder: Path) -> list[np.ndarray]:
    """Return the frames of a film of one stream as the build of FFmpeg inside OpenCV plays them."""
    film = folder / "film.mp4"
    film.write_bytes(next(generate_frames(dcmread(io.BytesIO(data)).PixelData, number_of_frames=1)))
    player = cv2.VideoCapture(str(film), cv2.CAP_FFMPEG)
    shown = []
    while (taken := player.read())[0]:
        shown.append(cv2.cvtColor(taken[1], cv2.COLOR_BGR2RGB))
    player.release()
    return shown


def ffmpeg(data: bytes) -> np.ndarray:
    """Return the JPEG 2000 codestream of a still of eight bits as FFmpeg decodes it; uint8 (rows, columns, 3)."""
    coded = next(generate_frames(dcmread(io.BytesIO(data)).PixelData, number_of_frames=1))
    decoder = av.CodecContext.create("jpeg2000", "r")
    (picture,) = [*decoder.decode(av.Packet(coded)), *decoder.decode(None)]
    return np.asarray(picture.to_ndarray(format="rgb24"))
