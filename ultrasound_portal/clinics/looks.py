"""What a brand shows beside name, line and colours, as it is asked for; and whether it tells where she was scanned."""

import re
from dataclasses import dataclass

from ultrasound_portal.clinics.errors import BrandFault, BrandRefused

HEIGHTS = {6: "Slim", 8: "Usual", 10: "High", 12: "Very high"}
"""The heights of a strip in hundredths of a picture's width."""

_WEB = re.compile(r"\A(https?://)?[a-z0-9-]+(\.[a-z0-9-]+)+(/[a-z0-9._~/-]*)?\Z", re.IGNORECASE | re.ASCII)
_HANDLE = re.compile(r"\A@[\w.-]{1,39}\Z", re.ASCII)
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Look:
    """Where the strip stands, how high it is, and what is written under name and line; `paper_logo` as it was sent."""

    web: str = ""
    handle: str = ""
    qr: bool = False
    top: bool = True
    height: int = 8
    paper_logo: bytes | None = None


USUAL = Look()
"""What counts where nothing is asked for."""


def check_look(look: Look) -> None:
    """Raise BrandRefused with the first fault."""
    if len(look.web) > 80 or (look.web and not _WEB.match(look.web)):
        raise BrandRefused(BrandFault.WEB)
    if look.handle and not _HANDLE.match(look.handle):
        raise BrandRefused(BrandFault.HANDLE)
    if look.qr and not look.web:
        raise BrandRefused(BrandFault.NO_ADDRESS)
    if look.height not in HEIGHTS:
        raise BrandRefused(BrandFault.HEIGHT)


def tells_place(clinic_name: str, *written: str) -> bool:
    """Say whether what is written names the clinic or leads to it, so that whoever sees a picture knows where."""
    name, line, *contact = (" ".join(part.split()).casefold() for part in written)
    words = set(_WORD.findall(clinic_name.casefold()))
    return any(contact) or bool(words & set(_WORD.findall(f"{name} {line}"))) or "." in line
