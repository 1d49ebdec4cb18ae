"""The forms in which machines print names, dates, numbers, places and staff."""

from numpy.random import Generator

from deid.training.chance import between, happens, pick
from deid.training.fonts import EUROPEAN, scripts_of
from deid.training.people import Identity, digits
from deid.training.vocabulary import listed

_JOINED = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_LONG_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DAY_FIRST = listed(
    "{d:02}.{m:02}.{y} | {d:02}/{m:02}/{y} | {d:02}-{m:02}-{y} | {d:02}.{m:02}.{s:02} | {d}.{m}.{y} "
    "| {d:02}/{m:02}/{s:02}"
)
_OTHERS = listed(
    "{m:02}/{d:02}/{y} | {m:02}-{d:02}-{y} | {y}/{m:02}/{d:02} | {y}-{m:02}-{d:02} | {y}.{m:02}.{d:02} | "
    "{y}{m:02}{d:02} | {m}/{d}/{s:02}"
)
_WORDED = (
    "{d:02} {mon} {y}",
    "{mon} {d:02} {y}",
    "{d:02}-{mon}-{y}",
    "{d:02}{mon}{s:02}",
    "{month} {d}, {y}",
    "{y} {mon} {d:02}",
)


def name(rng: Generator, who: Identity) -> str:
    """Return the patient's name in one of the forms that machines print."""
    family, given = who.family, who.given
    if scripts_of(family) & _JOINED:
        return pick(rng, (f"{family}{given}", f"{family} {given}", f"{given}{family}"))
    if not scripts_of(family) <= EUROPEAN:
        return pick(rng, (f"{family} {given}", f"{given} {family}", f"{family}, {given}", family))
    forms = (
        f"{family.upper()}, {given}",
        f"{family.upper()}, {given.upper()}",
        f"{family}, {given}",
        f"{given} {family}",
        f"{family} {given}",
        f"{family.upper()} {given.upper()}",
        f"{family.upper()},{given.upper()}",
        f"{family.upper()}^{given.upper()}",
        f"{given[:1]}. {family}",
        f"{family} {given[:1]}",
        family.upper(),
        family,
        given,
        f"Mrs. {given} {family}",
        f"{family}, {given} {pick(rng, 'ABCDEFGHJKLMRSTW')}.",
        f"Ms {family}",
        f"Baby of {family}",
        f"B/O {family.upper()}",
        f"{family}, {given}"[: between(rng, 7, 12)] + "...",
        f"Name: {family}, {given}",
        f"Patient: {given} {family}",
        f"{family.upper()}_{given.upper()}",
        f"Frau {family}",
    )
    return pick(rng, forms)


def date(rng: Generator, day: str) -> str:
    """Return a `YYYYMMDD` day in one of the forms that machines print."""
    form = pick(rng, (*_DAY_FIRST, *_OTHERS, *_WORDED))
    year, month, number = int(day[:4]), int(day[4:6]), int(day[6:])
    worded = pick(rng, (_MONTHS, _MONTHS, [word.upper() for word in _MONTHS]))[month - 1]
    return form.format(d=number, m=month, y=year, s=year % 100, mon=worded, month=_LONG_MONTHS[month - 1])


def moment(rng: Generator) -> str:
    """Return a time of day as a machine's clock shows it."""
    hour, minute, second = between(rng, 0, 23), between(rng, 0, 59), between(rng, 0, 59)
    half = f"{(hour - 1) % 12 + 1:02}:{minute:02}"
    return pick(
        rng,
        (
            f"{hour:02}:{minute:02}:{second:02}",
            f"{hour:02}:{minute:02}",
            f"{half}:{second:02} {['AM', 'PM'][hour // 12]}",
            f"{half} {['am', 'pm'][hour // 12]}",
            f"{hour:02}:{minute:02}:{second:02}.{digits(rng, 3)}",
        ),
    )


def study(rng: Generator, who: Identity) -> str:
    """Return the day of the examination, mostly with its time."""
    day = date(rng, who.study_date)
    forms = (f"{day} {moment(rng)}", f"{day}  {moment(rng)}", day, moment(rng), f"{moment(rng)} {day}", f"Exam: {day}")
    return pick(rng, forms)


def birth(rng: Generator, who: Identity) -> str:
    """Return the birth date, mostly with a word that says what it is."""
    label = pick(rng, ("DOB ", "DOB: ", "Born ", "geb. ", "*", "", "", "Birth Date ", "Geb.Dat. ", "D.O.B. ", "BD:"))
    return label + date(rng, who.birth_date)


def record(rng: Generator, who: Identity) -> str:
    """Return the patient's or the examination's number, often with a word that says what it is."""
    label = pick(
        rng, ("", "", "ID ", "ID: ", "ID:", "MRN ", "MRN: ", "PID ", "Pat. ID: ", "#", "Exam# ", "Acc# ", "SSN ")
    )
    return label + (who.accession if label in ("Acc# ", "Exam# ") or happens(rng, 0.1) else who.record_number)


def staff(rng: Generator, who: Identity) -> str:
    """Return a member of staff: initials, a name, often a title or a part."""
    family, given = pick(rng, who.staff).split("^")
    initials = f"{given[:1]}{family[:1]}"
    forms = (
        initials,
        initials.lower(),
        f"{given[:1]}.{family[:1]}.",
        f"Dr. {family}",
        f"DR {family.upper()}",
        f"Op: {initials}",
        f"Operator: {given[:1]}{family}",
        f"Sonographer {given}",
        f"{given[:1]}. {family}, RDMS",
        f"Ref: {family}",
        f"Perf. Phys. {family}",
        f"Sono: {initials}",
        f"Tech {family.upper()}",
        f"{initials} RDMS",
        f"Ref.Phys: Dr. {family}",
        f"{family.lower()}{given[:1].lower()}",
    )
    return pick(rng, forms)


def hospital(rng: Generator, who: Identity) -> str:
    """Return the hospital's name, sometimes in capitals or cut short."""
    whole = who.hospital
    return pick(rng, (whole, whole, whole.upper(), whole[: between(rng, 8, 16)]))
