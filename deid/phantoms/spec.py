"""What to paint and what was painted: the order, and the picture with its ground truth."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from deid.phantoms.person import Person

FRAMES_PER_SECOND = 25

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class Subject(StrEnum):
    """What the picture shows."""

    PROFILE = "profile"
    HEAD = "head"
    ABDOMEN = "abdomen"
    FEMUR = "femur"
    SPINE = "spine"
    HEART = "heart"
    SURFACE = "surface"
    REPORT = "report"


class Layout(StrEnum):
    """How the invented machine arranges its screen."""

    HARBOUR = "harbour"
    MERIDIAN = "meridian"
    FJORD = "fjord"


class Transducer(StrEnum):
    """The shape of the picture."""

    CONVEX = "convex"
    LINEAR = "linear"


class Kind(StrEnum):
    """What a piece of ink says."""

    NAME = "name"
    ID = "id"
    BIRTH_DATE = "birth_date"
    DATE = "date"
    HOSPITAL = "hospital"
    MEASUREMENT = "measurement"
    NOTE = "note"
    SETTING = "setting"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Spec:
    """The order for one screen; equal specs give equal pixels.

    `note` is typed inside the picture; `flash` prints the name inside it in these frames only (both ends
    included); `inked=False` leaves letters and marks away, so that the paint beneath can be compared.
    """

    person: Person
    seed: int = 0
    subject: Subject = Subject.PROFILE
    layout: Layout = Layout.HARBOUR
    transducer: Transducer = Transducer.CONVEX
    width: int = 1024
    height: int = 768
    frames: int = 1
    hospital: str = "Wrenfield Women's Imaging"
    taken: datetime = datetime(2026, 3, 17, 10, 42, 8)  # noqa: DTZ001 - machines print local time without a zone
    gestation: str = "21w3d"
    note: str = ""
    flash: tuple[int, int] | None = None
    measured: bool = True
    inked: bool = True

    def __post_init__(self) -> None:
        if self.width < 160 or self.height < 120:
            raise ValueError("a screen has at least 160 x 120 pixels")
        if self.frames < 1:
            raise ValueError("a screen has at least one frame")


@dataclass(frozen=True, slots=True)
class Inked:
    """One printed text: `box` is x, y, w, h around its ink; `inside` tells that it touches the picture."""

    text: str
    box: tuple[int, int, int, int]
    kind: Kind
    inside: bool
    first_frame: int
    last_frame: int


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of PS3.3 C.8.5.5, corners inclusive; `spacing` is centimetres per pixel."""

    x0: int
    y0: int
    x1: int
    y1: int
    spatial_format: int
    data_type: int
    spacing: float


@dataclass(frozen=True, slots=True, eq=False)
class Phantom:
    """A painted screen: `frames` uint8 (N, H, W, 3), `truth` what was printed, `area` bool (H, W)."""

    spec: Spec
    frames: Pixels
    truth: tuple[Inked, ...]
    area: Mask
    regions: tuple[Region, ...]
