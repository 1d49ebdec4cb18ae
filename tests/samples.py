"""Finds the public ultrasound files that come with pydicom and pydicom-data; nothing is fetched."""

from importlib.resources import files
from pathlib import Path

_PLACES = (("data_store", "data"), ("pydicom", "data/test_files"))
_NAMES = (
    "ExplVR_BigEnd",
    "JPGLosslessP14SV1_1s_1f_8b",
    "OBXXXX1A",
    "OBXXXX1A_2frame",
    "OBXXXX1A_expb",
    "OBXXXX1A_expb_2frame",
    "OBXXXX1A_rle",
    "OBXXXX1A_rle_2frame",
    "US1_J2KI",
    "US1_J2KR",
    "US1_UNCI",
    "US1_UNCR",
    "color-pl",
    "color-px",
    "color3d_jpeg_baseline",
    "examples_jpeg2k",
    "examples_palette",
    "examples_rgb_color",
    "examples_ybr_color",
    "gdcm-US-ALOKA-16",
    "gdcm-US-ALOKA-16_big",
)


def ultrasound() -> list[Path]:
    """Return the ultrasound files, stills and films, of the main transfer syntaxes."""
    return [named(f"{name}.dcm") for name in _NAMES]


def named(name: str) -> Path:
    """Return the sample file of that name; raises FileNotFoundError."""
    for place in _places():
        for path in sorted(place.rglob(name)):
            return path
    raise FileNotFoundError(name)


def others() -> list[Path]:
    """Return every other sample: other modalities, reports, indexes and damaged files."""
    mine = set(ultrasound())
    return [path for place in _places() for path in sorted(place.rglob("*")) if path.is_file() and path not in mine]


def _places() -> list[Path]:
    return [Path(str(files(package))) / folder for package, folder in _PLACES]
