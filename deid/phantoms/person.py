"""Invented patients for painted screens; nobody in here exists."""

from dataclasses import dataclass

import numpy as np

_GIVEN = (
    "Amara",
    "Beatrix",
    "Carmen",
    "Daniela",
    "Elin",
    "Fatima",
    "Greta",
    "Hana",
    "Ingrid",
    "Jolanta",
    "Katarina",
    "Leonie",
    "Mirela",
    "Noor",
    "Odile",
    "Priya",
)
_FAMILY = (
    "Achterberg",
    "Brightwater",
    "Castellanos",
    "Dunmore",
    "Eklund",
    "Farrokhzad",
    "Grünewald",
    "Hollis",
    "Ivanova",
    "Jankowski",
    "Kestrel",
    "Lindqvist",
    "Moravec",
    "Nakamura",
    "Oyelaran",
    "Petrescu",
)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented patient; `name` is a PN value (`Family^Given`, PS3.5 6.2), `birth_date` is `YYYYMMDD`."""

    name: str
    record_number: str
    birth_date: str
    accession: str = "ACC-000000"

    @property
    def family(self) -> str:
        """Return the first component of the name."""
        return self.name.split("^")[0]

    @property
    def given(self) -> str:
        """Return the second component of the name, or nothing."""
        return self.name.partition("^")[2].split("^")[0]

    @property
    def printed_name(self) -> str:
        """Return the name as machines print it in a header."""
        return f"{self.family.upper()}, {self.given}" if self.given else self.family.upper()

    @property
    def printed_birth_date(self) -> str:
        """Return the birth date as `DD.MM.YYYY`."""
        return f"{self.birth_date[6:8]}.{self.birth_date[4:6]}.{self.birth_date[:4]}"


def invent_person(seed: int) -> Person:
    """Return the invented patient of a seed; the same seed gives the same patient."""
    rng = np.random.default_rng([seed, 11])
    year, month, day = rng.integers(1979, 2005), rng.integers(1, 13), rng.integers(1, 29)
    return Person(
        name=f"{rng.choice(_FAMILY)}^{rng.choice(_GIVEN)}",
        record_number=f"{rng.integers(10, 99)}-{rng.integers(100000, 999999)}",
        birth_date=f"{year:04d}{month:02d}{day:02d}",
        accession=f"A{rng.integers(10**7, 10**8)}",
    )
