"""What a clinic's strip and its sheets show, as data; drawing it is the work of `branding` and `sheets`."""

from dataclasses import dataclass

USUAL_HEIGHT = 8
"""The height of a strip in hundredths of the picture's width."""


@dataclass(frozen=True, slots=True)
class Brand:
    """Name, line, web address and handle as people read them.

    Colours are `#rrggbb`. `logo` stands on the background colour and `paper_logo` on white; both are PNG or JPEG bytes.
    `qr` draws the web address as a QR code where there is room for one. The strip stands at the `top` of a picture or
    at its bottom, and is `height` hundredths of its width high. `version` is kept with the pictures.
    """

    name: str
    line: str
    background: str
    ink: str
    logo: bytes | None = None
    version: int = 1
    paper_logo: bytes | None = None
    web: str = ""
    handle: str = ""
    qr: bool = False
    top: bool = True
    height: int = USUAL_HEIGHT
