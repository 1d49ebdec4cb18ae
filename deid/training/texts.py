"""What machines print on a screen beside identifiers: measurements, anatomy, settings and free notes."""

from enum import StrEnum

from numpy.random import Generator

from deid.training import vocabulary
from deid.training.chance import between, happens, pick, spread
from deid.training.fonts import EUROPEAN, scripts_of
from deid.training.people import Identity, digits


class Kind(StrEnum):
    """What a printed text says."""

    NAME = "name"
    ID = "id"
    BIRTH_DATE = "birth date"
    DATE = "date"
    HOSPITAL = "hospital"
    STAFF = "staff"
    MEASUREMENT = "measurement"
    ANATOMY = "anatomy"
    SETTING = "setting"
    NOTE = "note"
    OTHER = "other"


IDENTIFYING = frozenset({Kind.NAME, Kind.ID, Kind.BIRTH_DATE, Kind.DATE, Kind.HOSPITAL, Kind.STAFF})


def measurement(rng: Generator) -> str:
    """Return a measurement with its value, as biometry boxes print it."""
    size, value = pick(rng, vocabulary.SIZES), spread(rng, 0.2, 34)
    weeks = f"{between(rng, 5, 41)}{pick(rng, ('w', 'W', 'w '))}{between(rng, 0, 6)}d"
    gap, unit = pick(rng, (" ", " ", "  ", ": ", " = ", "   ")), pick(rng, (" cm", "cm", " mm", "mm", ""))
    forms: tuple[str, ...] = (
        f"{size}{gap}{value:.2f}{unit}",
        f"{size}{gap}{value:.2f}{unit} {weeks}",
        f"{size}{gap}{value:.1f}{unit}",
        size,
        f"{value:.2f}{unit}",
        f"{between(rng, 1, 4)} {size}{gap}{value:.2f}{unit}",
        f"+ {size}{gap}{value:.2f}{unit}",
        f"{pick(rng, vocabulary.TIMED)}{gap}{weeks}",
        f"GA={weeks}",
        f"FHR {between(rng, 90, 180)} bpm",
        f"{between(rng, 90, 180)} bpm",
        f"{pick(rng, vocabulary.FLOWS)}{gap}{value / 10:.2f}",
        f"{pick(rng, vocabulary.FLOWS)} {value * 3:.1f} cm/s",
        f"AFI {value / 2:.1f} cm",
        weeks,
        f"EFW {between(rng, 120, 4200)}g",
        f"EFW(Hadlock) {between(rng, 120, 4200)}g ± {between(rng, 10, 400)}g",
        f"{between(rng, 3, 97)}%",
        f"D{between(rng, 1, 3)} {value:.2f}cm",
        f"HC/AC {value / 20 + 0.7:.2f}",
        f"NT {value / 12:.1f}mm",
    )
    return pick(rng, forms)


def anatomy(rng: Generator, *, held_out: bool) -> str:
    """Return an anatomy word or two, as annotations name what is seen."""
    word = pick(rng, vocabulary.PLANES_HELD_OUT if held_out else vocabulary.PLANES)
    if happens(rng, 0.15):
        word = f"{pick(rng, ('LT', 'RT', 'SAG', 'TRANS', 'LONG', 'Lt', 'Rt'))} {word}"
    return pick(rng, (word, word, word.upper(), word.title()))


def setting(rng: Generator, *, held_out: bool) -> str:
    """Return a machine's setting."""
    forms = vocabulary.SETTINGS_HELD_OUT if held_out else vocabulary.SETTINGS
    return pick(rng, forms).format(
        n=between(rng, 1, 120),
        s=between(rng, 1, 9),
        s2=between(rng, 1, 9),
        x=spread(rng, 2, 25),
        o=spread(rng, 0, 3),
        o2=spread(rng, 0, 3),
    )


def note(rng: Generator, who: Identity, *, held_out: bool) -> tuple[str, bool]:
    """Return a free note and whether it holds a name."""
    if happens(rng, 0.3):
        latin = [name for name in (who.name, *who.staff) if scripts_of(name) <= EUROPEAN]
        family, given = pick(rng, latin).split("^")
        return pick(rng, vocabulary.PERSONAL).format(family=family, given=given), True
    text = pick(rng, vocabulary.NOTES_HELD_OUT if held_out else vocabulary.NOTES)
    return pick(rng, (text, text, text.upper(), text.lower())), False


def other(rng: Generator) -> str:
    """Return a label of the machine itself: a page number, a button, a version."""
    numbers = {"n": between(rng, 1, 99), "n2": between(rng, 99, 400), "s": between(rng, 1, 9), "s2": between(rng, 1, 9)}
    return pick(rng, vocabulary.OTHERS).format(**numbers)


def nonsense(rng: Generator) -> str:
    """Return letters and digits that say nothing, so that no spelling is learned."""
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;/-+()#&%=*'<>?!"
    return digits(rng, 1) + "".join(pick(rng, signs) for _ in range(between(rng, 2, 12)))
