"""What the header of a clean instance may tell: the options of PS3.15 annex E, bound to the purposes of sharing."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class Purpose(StrEnum):
    """What a clean instance is made for."""

    OWN_COPY = "own_copy"
    FAMILY = "family"
    SOCIAL_MEDIA = "social_media"
    TEACHING = "teaching"
    RESEARCH = "research"
    CONSULTATION = "consultation"


class Dates(StrEnum):
    """What becomes of dates and times, strictest first (PS3.15 E.3.6)."""

    REMOVED = "removed"
    SHIFTED = "shifted"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One choice of options; the default is the strictest. Raises ValueError for more than the purpose allows.

    `dates` are those of the examination, never a birth date. `linked` gives all studies of one patient one pseudonym
    and keeps references between instances. `descriptors` lets descriptions and codes stay as far as their words are
    known (PS3.15 E.3.5), `characteristics` what medicine needs to know of the patient (E.3.7).
    """

    purpose: Purpose = Purpose.OWN_COPY
    dates: Dates = Dates.REMOVED
    linked: bool = False
    descriptors: bool = False
    characteristics: bool = False

    def __post_init__(self) -> None:
        dates, *flags = _MOST[self.purpose]
        order = list(Dates)
        if order.index(self.dates) > order.index(dates):
            raise ValueError("the purpose does not allow these dates")
        chosen = (self.linked, self.descriptors, self.characteristics)
        if any(flag and not most for flag, most in zip(chosen, flags, strict=True)):
            raise ValueError("the purpose does not allow this option")

    @classmethod
    def usual(cls, purpose: Purpose) -> "Disclosure":
        """Return what a purpose discloses where nobody says otherwise."""
        return cls(purpose, *_USUAL[purpose])

    def to_dict(self) -> dict[str, Any]:
        """Return the choice as plain JSON values."""
        return {
            "purpose": self.purpose.value,
            "dates": self.dates.value,
            "linked": self.linked,
            "descriptors": self.descriptors,
            "characteristics": self.characteristics,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Disclosure":
        """Build a choice from `to_dict`; a missing key, but for `purpose`, has what is usual for the purpose.

        Raises ValueError, without the offending value, for other keys, other types and what cannot be chosen.
        """
        if not isinstance(values, Mapping) or set(values) - {field.name for field in fields(cls)}:
            raise ValueError("a disclosure has no such option")
        if values.get("purpose") not in tuple(Purpose):
            raise ValueError(f"purpose is one of {', '.join(Purpose)}")
        chosen = cls.usual(Purpose(values["purpose"])).to_dict() | dict(values)
        if chosen["dates"] not in tuple(Dates):
            raise ValueError(f"dates is one of {', '.join(Dates)}")
        if any(type(chosen[name]) is not bool for name in ("linked", "descriptors", "characteristics")):
            raise ValueError("linked, descriptors and characteristics are true or false")
        return cls(**chosen | {"purpose": Purpose(chosen["purpose"]), "dates": Dates(chosen["dates"])})


_Options = tuple[Dates, bool, bool, bool]
_NOTHING: _Options = (Dates.REMOVED, False, False, False)
# dates, linked, descriptors, characteristics
_USUAL: dict[Purpose, _Options] = {
    Purpose.OWN_COPY: _NOTHING,
    Purpose.FAMILY: _NOTHING,
    Purpose.SOCIAL_MEDIA: _NOTHING,
    Purpose.TEACHING: (Dates.SHIFTED, True, True, False),
    Purpose.RESEARCH: (Dates.SHIFTED, True, True, True),
    # what the grant names, and nothing else
    Purpose.CONSULTATION: _NOTHING,
}
_MOST: dict[Purpose, _Options] = {
    **_USUAL,
    Purpose.TEACHING: (Dates.SHIFTED, True, True, True),
    Purpose.CONSULTATION: (Dates.KEPT, True, True, True),
}

STRICTEST = Disclosure()
