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


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files made from one instance; a member is None where it could not be made or does not apply.

    `dicom` is the clean master without brand; `still`, `still_jpeg`, `thumbnail` and `film` carry the brand and are
    the patient's. `source_still` and `source_film` show the input as it came and are for the reviewer's eyes only.
    """

    dicom: bytes | None = None
    still: bytes | None = None
    still_jpeg: bytes | None = None
    thumbnail: bytes | None = None
    film: bytes | None = None
    source_still: bytes | None = None
    source_film: bytes | None = None
    still_size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """CLEAN, or HELD with the first reason; `boxes` are in source pixels, `seconds` are per stage."""

    status: Status
    reason: HoldReason | None
    boxes: tuple[Box, ...]
    outputs: Outputs
    seconds: Mapping[str, float]
    rows: int
    columns: int
    frames: int

    def __post_init__(self) -> None:
        if (self.status is Status.HELD) != (self.reason is not None):
            raise ValueError("a held outcome has a reason, a clean one has none")
