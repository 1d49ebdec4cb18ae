"""What a clinic may choose about cleaning, as data; the least strict choice still covers identifiers."""

from dataclasses import dataclass

from deid.engine.geometry import Box


@dataclass(frozen=True, slots=True)
class Policy:
    """Choices and budgets of one run.

    `extra_boxes` are a reviewer's own covers. `keep_measurements` lets words of the measurement and anatomy list stay
    inside the picture. `max_pixels` bounds rows x columns x frames before anything is decoded; `ocr_seconds` bounds
    one call of the text reader.
    """

    extra_boxes: tuple[Box, ...] = ()
    keep_measurements: bool = True
    max_pixels: int = 400_000_000
    ocr_seconds: float = 20.0
