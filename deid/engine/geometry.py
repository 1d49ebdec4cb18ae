"""Boxes in source pixels: where something is covered, in which frames, and why."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """The reason that a box was covered or marked."""

    OUTSIDE = "outside"
    IDENTIFIER = "identifier"
    UNKNOWN_TEXT = "unknown_text"
    DEVICE = "device"
    MANUAL = "manual"
    TEXT_LEFT = "text_left"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in source pixels, origin top left; `last_frame` is inclusive."""

    x: int
    y: int
    w: int
    h: int
    first_frame: int
    last_frame: int
    why: Why

    def __post_init__(self) -> None:
        if self.x < 0 or self.y < 0 or self.w <= 0 or self.h <= 0:
            raise ValueError("a box lies inside the picture and has an area")
        if not 0 <= self.first_frame <= self.last_frame:
            raise ValueError("a box lives in at least one frame")

    def to_json(self) -> dict[str, int | str]:
        """Return the box with the keys of `report.json`."""
        return {
            "x": self.x,
            "y": self.y,
            "w": self.w,
            "h": self.h,
            "first_frame": self.first_frame,
            "last_frame": self.last_frame,
            "why": self.why.value,
        }

    @classmethod
    def from_json(cls, values: dict[str, int | str]) -> "Box":
        """Build a box from `to_json`; raises KeyError, TypeError or ValueError for anything else."""
        numbers = {name: int(values[name]) for name in ("x", "y", "w", "h", "first_frame", "last_frame")}
        return cls(**numbers, why=Why(str(values["why"])))
