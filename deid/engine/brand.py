"""What a clinic's strip shows, as data; drawing it is `branding`'s work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brand:
    """Name and line of a strip.

    Colours are `#rrggbb`, `logo` is PNG or JPEG bytes, `version` is kept with the pictures.
    """

    name: str
    line: str
    background: str
    ink: str
    logo: bytes | None = None
    version: int = 1
