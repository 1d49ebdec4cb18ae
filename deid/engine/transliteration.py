"""Spells names as machines with only Latin capitals print them: umlauts written out, Cyrillic and Greek in Latin."""

import unicodedata

_WRITTEN_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"}
)
_PLAIN = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
# ISO 9 and the passports of ICAO 9303 differ in few letters; a reader's fuzzy comparison bridges those
_CYRILLIC = (
    "а=a б=b в=v г=g ґ=g д=d е=e ё=e є=ye ж=zh з=z и=i і=i ї=yi й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh "
    "ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya ў=u ђ=dj ј=j љ=lj њ=nj ћ=c џ=dz ѓ=g ќ=k ѕ=dz"
)
_GREEK = "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o"
_OTHER_SCRIPTS = str.maketrans(dict(pair.split("=") for pair in f"{_CYRILLIC} {_GREEK}".split()))


def plain(text: str) -> str:
    """Return `text` in small letters without accents; letters of other scripts stay."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()


def spellings(name: str) -> frozenset[str]:
    """Return the spellings of a name without accents, with umlauts written out, and in Latin letters."""
    small = unicodedata.normalize("NFC", name.casefold())
    return frozenset(
        {
            plain(small),
            plain(small.translate(_WRITTEN_OUT)),
            plain(small.translate(_OTHER_SCRIPTS)),
            plain(plain(small).translate(_OTHER_SCRIPTS)),
        }
    )
