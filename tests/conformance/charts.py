"""A colour chart, and the chart as a DICOM file in every photometric interpretation and transfer syntax."""

import base64
import io
import subprocess
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from pydicom import Dataset
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders.base import get_encoder
from pydicom.uid import (
    HEVCM10P51,
    JPEG2000,
    UID,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
)

from tests.deid.engine import videos
from tests.deid.engine.headers import ultrasound

ROWS, COLUMNS = 96, 128
HTJ2K = UID("1.2.840.10008.1.2.4.203")
# patches of 32 x 24 pixels: grey steps, skin, blood flow both ways, annotations
PATCHES = (
    ((0, 0, 0), (70, 70, 70), (140, 140, 140), (235, 235, 235)),
    ((210, 40, 40), (40, 60, 210), (40, 190, 80), (230, 210, 40)),
    ((60, 200, 210), (200, 60, 190), (230, 140, 30), (120, 80, 40)),
    ((215, 165, 130), (150, 100, 75), (90, 110, 160), (200, 220, 190)),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One way to store the chart; `build` is given a folder for its own use.

    `lossless` says that the way loses nothing but roundings.
    """

    name: str
    build: Callable[[Path], bytes] = field(repr=False)
    grey: bool = False
    lossless: bool = True


def chart() -> np.ndarray:
    """Return the chart, uint8 (rows, columns, 3); every patch rises by a few tones, so that no row is like another."""
    patches = np.array(PATCHES, dtype=np.uint8)
    picture = np.repeat(np.repeat(patches, ROWS // 4, axis=0), COLUMNS // 4, axis=1)
    rise = np.add.outer(np.arange(ROWS) % 24 // 4, np.arange(COLUMNS) % 32 // 5).astype(np.uint8)
    return np.ascontiguousarray(picture + rise[:, :, np.newaxis])


def greys() -> np.ndarray:
    """Return the chart in grey, uint8 (rows, columns)."""
    return np.asarray(cv2.cvtColor(chart(), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def written(dataset: Dataset, syntax: UID = ExplicitVRLittleEndian) -> bytes:
    """Return the data set as a file of that transfer syntax."""
    dataset.file_meta.TransferSyntaxUID = syntax
    if syntax.is_encapsulated:
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def described(photometric: str, data: bytes, **changes: object) -> Dataset:
    """Return an invented ultrasound object whose pixel module says so."""
    samples = 3 if photometric.startswith(("RGB", "YBR")) else 1
    values: dict[str, object] = {
        "Rows": ROWS,
        "Columns": COLUMNS,
        "SamplesPerPixel": samples,
        "PhotometricInterpretation": photometric,
        "PlanarConfiguration": 0 if samples == 3 else None,
        "PixelData": data + bytes(len(data) % 2),
    }
    return ultrasound(**(values | changes))


def to_ybr(picture: np.ndarray) -> np.ndarray:
    """Return RGB as YBR_FULL (PS3.3 C.7.6.3.1.2)."""
    return np.ascontiguousarray(cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb)[:, :, (0, 2, 1)])


def native_grey(photometric: str = "MONOCHROME2", **changes: object) -> Dataset:
    """Return the grey chart, turned over where the least value is white."""
    values = 255 - greys() if photometric == "MONOCHROME1" else greys()
    return described(photometric, values.tobytes(), **changes)


def deep_grey(*, stored: int, signed: bool, photometric: str = "MONOCHROME2") -> Dataset:
    """Return the grey chart in 16 bits with the window that shows it as it is."""
    top = 1 << stored
    low = -top // 2 if signed else 0
    shown = 255 - greys() if photometric == "MONOCHROME1" else greys()
    values = low + np.round(shown.astype(np.float64) * (top - 1) / 255)
    kind = "<i2" if signed else "<u2"
    return described(
        photometric,
        values.astype(kind).tobytes(),
        BitsAllocated=16,
        BitsStored=stored,
        HighBit=stored - 1,
        PixelRepresentation=int(signed),
        WindowCenter=low + top / 2,
        WindowWidth=top,
    )


def native_palette(*, bits: int = 8) -> Dataset:
    """Return the chart as indices into a palette of 256 colours, 16 bits an entry."""
    indexed = Image.fromarray(chart()).quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette = np.zeros((256, 3), np.uint16)
    known = np.array(indexed.getpalette(), dtype=np.uint16).reshape(-1, 3)
    palette[: len(known)] = known * 257
    dataset = described(
        "PALETTE COLOR",
        np.asarray(indexed).astype(f"<u{bits // 8}").tobytes(),
        BitsAllocated=bits,
        BitsStored=bits,
        HighBit=bits - 1,
    )
    for place, name in enumerate(("Red", "Green", "Blue")):
        setattr(dataset, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(dataset, f"{name}PaletteColorLookupTableData", palette[:, place].astype("<u2").tobytes())
    return dataset


def native_colour(photometric: str, *, planar: int = 0) -> Dataset:
    """Return the chart in three samples a pixel, by pixel or by plane."""
    values = to_ybr(chart()) if photometric == "YBR_FULL" else chart()
    data = values.transpose(2, 0, 1).tobytes() if planar else values.tobytes()
    return described(photometric, data, PlanarConfiguration=planar)


def native_422() -> Dataset:
    """Return the chart uncompressed with two bytes a pixel (PS3.3 C.7.6.3.1.2, YBR_FULL_422)."""
    ybr = to_ybr(chart())
    pairs = ybr.reshape(ROWS, COLUMNS // 2, 2, 3)
    chroma = np.round(pairs[:, :, :, 1:].astype(float).mean(axis=2)).astype(np.uint8)
    packed = np.concatenate([pairs[:, :, 0, :1], pairs[:, :, 1, :1], chroma], axis=2)
    return described("YBR_FULL_422", packed.tobytes())


def pillow_jpeg(photometric: str, **options: object) -> bytes:
    """Return the chart as baseline JPEG."""
    buffer = io.BytesIO()
    picture = greys() if photometric.startswith("MONOCHROME") else chart()
    picture = 255 - picture if photometric == "MONOCHROME1" else picture
    Image.fromarray(picture).save(buffer, "JPEG", quality=95, **options)
    coded = buffer.getvalue()
    return written(described(photometric, encapsulate([coded])), JPEGBaseline8Bit)


def pillow_jpeg2000(photometric: str, syntax: UID) -> bytes:
    """Return the chart as a bare JPEG 2000 codestream."""
    buffer = io.BytesIO()
    picture = greys() if photometric.startswith("MONOCHROME") else chart()
    options: dict[str, object] = {"irreversible": True, "quality_layers": [6]} if syntax == JPEG2000 else {}
    transformed = photometric in ("YBR_RCT", "YBR_ICT")
    Image.fromarray(picture).save(buffer, "JPEG2000", no_jp2=True, mct=int(transformed), **options)
    return written(described(photometric, encapsulate([buffer.getvalue()])), syntax)


def deep_jpeg2000() -> bytes:
    """Return the 12-bit chart as lossless JPEG 2000."""
    dataset = deep_grey(stored=12, signed=False)
    coded = get_encoder(JPEG2000Lossless).encode(dataset, index=0)
    dataset.PixelData = encapsulate([coded])
    return written(dataset, JPEG2000Lossless)


def htj2k(syntax: UID = HTJ2KLossless) -> bytes:
    """Return the chart as high-throughput JPEG 2000, coded once with OpenJPH, lossless, in red, green and blue."""
    coded = zlib.decompress(base64.b85decode((Path(__file__).parent / "chart.htj2k.b85").read_text().strip()))
    return written(described("YBR_RCT", encapsulate([coded])), syntax)


def one_stream(syntax: UID) -> bytes:
    """Return the chart as a film of one picture."""
    samples = "yuv420p10le" if syntax == HEVCM10P51 else "yuv420p"
    return videos.file(videos.stream([chart()], videos.ENCODERS[syntax], samples=samples), chart(), 1, syntax)


def by_dcmtk(tool: str, *options: str, source: Dataset) -> Callable[[Path], bytes]:
    """Return a builder that lets a command of DCMTK pack an uncompressed file."""

    def build(folder: Path) -> bytes:
        plain, packed = folder / "plain.dcm", folder / "packed.dcm"
        plain.write_bytes(written(source))
        subprocess.run([tool, *options, plain, packed], check=True, capture_output=True)
        return packed.read_bytes()

    return build


def _cases() -> Iterator[Case]:
    yield from _native_cases()
    yield from _lossless_cases()
    yield from _lossy_cases()


def _native_cases() -> Iterator[Case]:
    sources: dict[str, tuple[Callable[[], Dataset], bool]] = {
        "MONOCHROME1": (lambda: native_grey("MONOCHROME1"), True),
        "MONOCHROME2": (native_grey, True),
        "MONOCHROME2, 12 bits": (lambda: deep_grey(stored=12, signed=False), True),
        "MONOCHROME1, 16 bits": (lambda: deep_grey(stored=16, signed=False, photometric="MONOCHROME1"), True),
        "MONOCHROME2, 16 bits signed": (lambda: deep_grey(stored=16, signed=True), True),
        "PALETTE COLOR": (native_palette, False),
        "PALETTE COLOR, 16 bits": (lambda: native_palette(bits=16), False),
        "RGB": (lambda: native_colour("RGB"), False),
        "RGB by planes": (lambda: native_colour("RGB", planar=1), False),
        "YBR_FULL": (lambda: native_colour("YBR_FULL"), False),
        "YBR_FULL by planes": (lambda: native_colour("YBR_FULL", planar=1), False),
        "YBR_FULL_422": (native_422, False),
    }
    for name, (source, grey) in sources.items():
        yield Case(f"explicit {name}", lambda _, source=source: written(source()), grey=grey)
        for syntax, option in (("implicit", "+ti"), ("big endian", "+tb")):
            yield Case(f"{syntax} {name}", by_dcmtk("dcmconv", option, source=source()), grey=grey)


def _lossless_cases() -> Iterator[Case]:
    ways = {
        "RLE": ("dcmcrle",),
        "JPEG lossless": ("dcmcjpeg", "+el"),
        "JPEG lossless SV1": ("dcmcjpeg", "+e1"),
        "JPEG-LS": ("dcmcjpls", "+el"),
        "JPEG-LS by planes": ("dcmcjpls", "+el", "+in"),
    }
    sources = {
        "MONOCHROME1": (native_grey("MONOCHROME1"), True),
        "MONOCHROME2": (native_grey(), True),
        "PALETTE COLOR": (native_palette(), False),
        "RGB": (native_colour("RGB"), False),
        "RGB by planes": (native_colour("RGB", planar=1), False),
    }
    for way, (tool, *options) in ways.items():
        for name, (source, grey) in sources.items():
            yield Case(f"{way} {name}", by_dcmtk(tool, *options, source=source), grey=grey)
    yield Case("RLE YBR_FULL", by_dcmtk("dcmcrle", source=native_colour("YBR_FULL")))
    for way, (tool, *options) in {"RLE": ("dcmcrle",), "JPEG-LS": ("dcmcjpls", "+el")}.items():
        for stored, signed in ((12, False), (16, True)):
            name = f"{way} MONOCHROME2, {stored} bits"
            yield Case(name, by_dcmtk(tool, *options, source=deep_grey(stored=stored, signed=signed)), grey=True)
    for photometric in ("MONOCHROME2", "RGB", "YBR_RCT"):
        name = f"JPEG 2000 lossless {photometric}"
        build = lambda _, photometric=photometric: pillow_jpeg2000(photometric, JPEG2000Lossless)  # noqa: E731
        yield Case(name, build, grey=photometric == "MONOCHROME2")
    yield Case("JPEG 2000 lossless 12 bits", lambda _: deep_jpeg2000(), grey=True)
    for syntax in (HTJ2KLossless, HTJ2KLosslessRPCL, HTJ2K):
        yield Case(syntax.name, lambda _, syntax=syntax: htj2k(syntax), lossless=syntax != HTJ2K)


def _lossy_cases() -> Iterator[Case]:
    sampled = {"YBR_FULL": 0, "YBR_FULL_422": 1, "YBR_FULL_422 that holds 4:2:0": 2}
    for name, sampling in sampled.items():
        photometric = name.split()[0]
        build = lambda _, p=photometric, s=sampling: pillow_jpeg(p, subsampling=s)  # noqa: E731
        yield Case(f"JPEG {name}", build, lossless=False)
    yield Case("JPEG RGB", lambda _: pillow_jpeg("RGB", keep_rgb=True), lossless=False)
    for photometric in ("MONOCHROME1", "MONOCHROME2"):
        build = lambda _, p=photometric: pillow_jpeg(p)  # noqa: E731
        yield Case(f"JPEG {photometric}", build, grey=True, lossless=False)
    for name, options in {"YBR_FULL": ("+s4",), "YBR_FULL_422": ("+s2",), "RGB": ("+cr",)}.items():
        source = native_colour("RGB")
        yield Case(f"JPEG extended {name}", by_dcmtk("dcmcjpeg", "+ee", *options, source=source), lossless=False)
    yield Case(
        "JPEG extended MONOCHROME2", by_dcmtk("dcmcjpeg", "+ee", source=native_grey()), grey=True, lossless=False
    )
    yield Case("JPEG-LS near RGB", by_dcmtk("dcmcjpls", "+en", source=native_colour("RGB")), lossless=False)
    yield Case("JPEG-LS near grey", by_dcmtk("dcmcjpls", "+en", source=native_grey()), grey=True, lossless=False)
    for photometric in ("MONOCHROME2", "YBR_ICT"):
        build = lambda _, p=photometric: pillow_jpeg2000(p, JPEG2000)  # noqa: E731
        grey = photometric == "MONOCHROME2"
        yield Case(f"JPEG 2000 {photometric}", build, grey=grey, lossless=False)
    for syntax in videos.ENCODERS:
        yield Case(f"{syntax.name} YBR_PARTIAL_420", lambda _, syntax=syntax: one_stream(syntax), lossless=False)


CASES = tuple(_cases())
