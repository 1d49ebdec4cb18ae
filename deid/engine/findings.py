"""What the engine found and made: the Outcome of one instance. Findings never carry recognised text."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from deid.engine.errors import HoldReason
from deid.engine.geometry import Box


class Status(StrEnum):
    """The two endings of an input that was not refused."""

    CLEAN = "clean"
    HELD = "held"


class Flag(StrEnum):
    """What was seen in the picture that decides who may see it; a flag holds nothing back by itself.

    FETAL_SEX: words or signs that tell the sex of the child were read. They are covered; a clinician still has to look,
    since the picture itself may show it.
    """

    FETAL_SEX = "fetal_sex"


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files made from one instance; a member is None where it could not be made or does not apply.

    `dicom` is the clean master without brand; `still`, `still_jpeg`, `thumbnail` and `film` carry the brand and are
    the patient's. `source_still` and `source_film` show the input as it came and are for the reviewer's eyes only.
    `still_size` is columns and rows of the patient's pictures, `still_origin` where in them the first pixel of the
    source lies, x before y; it may lie outside. `still_cut` is the part of the source that they show: left, top,
    columns and rows. `film_times` says at how many milliseconds each frame of both films is shown, None where they
    follow at an even rate.
    """

    dicom: bytes | None = None
    still: bytes | None = None
    still_jpeg: bytes | None = None
    thumbnail: bytes | None = None
    film: bytes | None = None
    source_still: bytes | None = None
    source_film: bytes | None = None
    still_size: tuple[int, int] | None = None
    still_origin: tuple[int, int] | None = None
    still_cut: tuple[int, int, int, int] | None = None
    film_times: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """CLEAN, or HELD with the first reason; `boxes` are in source pixels, `seconds` are per stage.

    `detector` is the SHA-256 of the weights that looked for text, empty where it did not come so far.
    """

    status: Status
    reason: HoldReason | None
    boxes: tuple[Box, ...]
    outputs: Outputs
    seconds: Mapping[str, float]
    rows: int
    columns: int
    frames: int
    flags: frozenset[Flag] = frozenset()
    detector: str = ""

    def __post_init__(self) -> None:
        if (self.status is Status.HELD) != (self.reason is not None):
            raise ValueError("a held outcome has a reason, a clean one has none")
