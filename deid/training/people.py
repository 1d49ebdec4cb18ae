"""Invented people and places for painted screens, other lists for exams than for training; nobody in here exists."""

from dataclasses import dataclass

from numpy.random import Generator

from deid.training import vocabulary
from deid.training.chance import between, happens, pick

_DIGITS = "0123456789"
# the first and last code point of a block of Unicode, and how many of its signs make a name
_SIGNS = (
    (0x4E00, 0x9FA5, 2, 4),
    (0x4E00, 0x9FA5, 2, 4),
    (0xAC00, 0xD7A3, 2, 4),
    (0x30A1, 0x30FA, 3, 7),
    (0x3041, 0x3094, 3, 6),
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a DICOM header says of a study: `name` and each of `staff` are PN values (PS3.5 6.2), dates `YYYYMMDD`."""

    name: str
    record_number: str
    birth_date: str
    study_date: str
    accession: str
    hospital: str
    staff: tuple[str, ...]

    @property
    def family(self) -> str:
        """Return the first component of the name."""
        return self.name.split("^")[0]

    @property
    def given(self) -> str:
        """Return the second component of the name, empty where there is none."""
        return self.name.partition("^")[2]


def invent(rng: Generator, *, held_out: bool, foreign: float = 0.15) -> Identity:
    """Return an invented patient with an examination, a hospital and staff; such a share of names is not European."""
    return Identity(
        name=_name(rng, held_out, foreign=foreign),
        record_number=number(rng),
        birth_date=_date(rng, 1965, 2008),
        study_date=_date(rng, 2004, 2026),
        accession=pick(rng, ("A", "ACC", "US", "", "")) + digits(rng, between(rng, 5, 10)),
        hospital=_hospital(rng, held_out),
        staff=tuple(_name(rng, held_out, foreign=0.0) for _ in range(3)),
    )


def signs(rng: Generator) -> str:
    """Return a name of any Chinese, Japanese or Korean signs."""
    first, last, fewest, most = pick(rng, _SIGNS)
    return "".join(chr(between(rng, first, last)) for _ in range(between(rng, fewest, most)))


def number(rng: Generator) -> str:
    """Return a patient's number in one of the forms that hospitals use."""
    form = between(rng, 0, 8)
    if form <= 2:
        return digits(rng, between(rng, 5, 10))
    if form == 3:
        return f"{digits(rng, 6)}-{digits(rng, 4)}"
    if form == 4:
        return f"{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 4)}"
    if form == 5:
        return f"{pick(rng, 'ABEGKMNPRSTW')}{digits(rng, between(rng, 6, 8))}"
    if form == 6:
        return f"{pick(rng, ('MRN', 'PID', 'P', 'US', 'HN'))}{digits(rng, between(rng, 5, 7))}"
    if form == 7:
        return ".".join(str(between(rng, 1, 99999)) for _ in range(4))
    return f"{digits(rng, 2)}/{digits(rng, 5)}{pick(rng, 'ABCDEF')}"


def digits(rng: Generator, count: int) -> str:
    """Return `count` digits, the first not 0."""
    return pick(rng, _DIGITS[1:]) + "".join(pick(rng, _DIGITS) for _ in range(count - 1))


def _name(rng: Generator, held_out: bool, *, foreign: float) -> str:
    if happens(rng, foreign):
        return pick(rng, vocabulary.FOREIGN_HELD_OUT if held_out else vocabulary.FOREIGN)
    if happens(rng, 0.3):
        return f"{_spoken(rng)}^{_spoken(rng)}"
    if held_out:
        return f"{pick(rng, vocabulary.FAMILIES_HELD_OUT)}^{pick(rng, vocabulary.GIVEN_HELD_OUT)}"
    return f"{pick(rng, vocabulary.FAMILIES)}^{pick(rng, vocabulary.GIVEN)}"


def _spoken(rng: Generator) -> str:
    return "".join(pick(rng, vocabulary.SYLLABLES) for _ in range(between(rng, 2, 4))).capitalize()


def _hospital(rng: Generator, held_out: bool) -> str:
    if held_out:
        return pick(rng, vocabulary.HOUSES_HELD_OUT).format(pick(rng, vocabulary.PLACES_HELD_OUT))
    return pick(rng, vocabulary.HOUSES).format(pick(rng, vocabulary.PLACES))


def _date(rng: Generator, first_year: int, last_year: int) -> str:
    return f"{between(rng, first_year, last_year):04}{between(rng, 1, 12):02}{between(rng, 1, 28):02}"
