"""Rebuilds descriptions, codes and model names from what is known; what is not understood goes (PS3.15 E.3.5).

A description becomes the words of it that stand in `descriptor_words.txt`, in the list's spelling. A code stays where
the Standard's own context groups have it, with the meaning that they give it.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import takewhile, zip_longest

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from deid.engine import vocabulary
from deid.engine.header_values import coded, items, plain, term
from deid.engine.profile_table import words
from deid.engine.transliteration import plain as folded

Matches = Callable[[str], bool]

# keyword and the most letters of its value representation
TEXTS = {
    "StudyDescription": 64,
    "SeriesDescription": 64,
    "ProtocolName": 64,
    "PerformedProcedureStepDescription": 64,
    "ViewName": 16,
    "StageName": 16,
}
# PS3.16 annex L, the ones that ultrasound uses
BODY_PARTS = words(
    "ABDOMEN ABDOMENPELVIS ADRENAL AORTA ARM AXILLA BACK BILEDUCT BLADDER BRAIN BREAST CAROTID CEREBELLUM CERVIX CHEST "
    "CHESTABDOMEN ELBOW EXTREMITY EYE FACE FETALARM FETALDIGIT FETALHEART FETALLEG FETALPOLE FETUS FINGER FOOT "
    "GALLBLADDER GROIN HAND HEAD HEADNECK HEART HIP ILIAC JUGULAR KIDNEY KNEE LEG LIVER LOWLIMB LUNG MEDIASTINUM NECK "
    "OVARY PANCREAS PARATHYROID PAROTID PELVIS PLACENTA POPLITEALFOSSA PORTALVEIN RETROPERITONEUM SHOULDER SKULL "
    "SPINE SPLEEN STOMACH THYROID UMBILICAL UPLIMB UTERUS VAGINA VEIN WRIST"
)
# a family's name and, behind it, what tells the machines of a family apart
_TAIL = r"(?: ?[A-Z]{0,2}-?\d{1,4}[A-Z]{0,2}){0,2}(?: (?:EXPERT|PRO|ELITE|EXP|PRIME|PREMIUM|CV|HELX))?"
_MODEL = re.compile(
    r"(?:VOLUSON|LOGIQ|VIVID|VENUE|VSCAN|EPIQ|AFFINITI|CX|IU|IE|HD|CLEARVUE|SPARQ|LUMIFY|ACUSON(?: SEQUOIA| ANTARES| "
    r"JUNIPER| REDWOOD| ORIGIN)?|SEQUOIA|APLIO|XARIO|VIAMO|NEMIO|HERA|UGEO|ACCUVIX|SONOACE|RS|WS|HS|DC|RESONA|IMAGYN|"
    r"ARIETTA|NOBLUS|PROSOUND|SSD|M-TURBO|TURBO|EDGE|TITAN|MICROMAXX|X-PORTE|MYLAB|ECUBE|SC)" + _TAIL
)
_TOKEN = re.compile(r"[^\W_]+(?:[/-][^\W_]+)*")
_THIRDS = frozenset({"trimester", "trimenon", "trim", "tri"})
_CODE_GROUPS = {
    "AnatomicRegionSequence": ("cid4031", "cid4", "cid12020", "cid12021", "cid12022", "cid12141"),
    "AnatomicRegionModifierSequence": ("cid244", "cid12237"),
    "ViewCodeSequence": ("cid6", "cid27", "cid12226"),
    "ViewModifierCodeSequence": ("cid5",),
    "StageCodeSequence": ("cid12002",),
}
CODED = tuple(_CODE_GROUPS)
# what may stand inside an item of another one
_NESTED = {
    "AnatomicRegionSequence": "AnatomicRegionModifierSequence",
    "ViewCodeSequence": "ViewModifierCodeSequence",
}
_MOST_ITEMS = 8


def set_descriptors(source: Dataset, target: Dataset, *, matches: Matches) -> None:
    """Set every description that has a known word left, the body part, the model and the codes.

    `matches` says whether words are an identifier of the source; such words go, known or not.
    """
    for keyword, most in TEXTS.items():
        if text := rebuilt(plain(source, keyword), matches=matches, most=most):
            setattr(target, keyword, text)
    part = term(source, "BodyPartExamined", BODY_PARTS)
    if part and not matches(part):
        target.BodyPartExamined = part
    model = plain(source, "ManufacturerModelName").upper()
    if _MODEL.fullmatch(model) and not matches(model):
        target.ManufacturerModelName = model
    for keyword in ("AnatomicRegionSequence", "ViewCodeSequence", "StageCodeSequence"):
        _set_codes(source, target, keyword)


def rebuilt(text: str, *, matches: Matches, most: int = 64) -> str:
    """Return the known words of a description in our spelling.

    From a word on that introduces a person, a place or a number ("Dr", "name", "ref"), nothing stays; of a text with
    the marks of a name or of a list of values, nothing at all.
    """
    if "^" in text or "=" in text:
        return ""
    tokens = list(takewhile(lambda token: not _introduces(token), _TOKEN.findall(text)))
    kept = [
        known
        for token, after in zip_longest(tokens, tokens[1:], fillvalue="")
        for known in ([token] if _counts_thirds(token, after) else _known(token))
        if not matches(token) and not matches(known)
    ]
    while kept and len(" ".join(kept)) > most:
        kept.pop()
    while kept and kept[-1] in _joining():
        kept.pop()
    while kept and kept[0] in _joining():
        kept.pop(0)
    whole = " ".join(kept)
    return "" if not whole or vocabulary.tells_sex(whole) or matches(whole) else whole


def _counts_thirds(token: str, after: str) -> bool:
    """Say whether a number stands before the third of a pregnancy that it counts; other numbers are not understood."""
    return token in ("1", "2", "3") and folded(after) in _THIRDS


def _introduces(token: str) -> bool:
    """Say whether what follows a word may be a person, a place or a number; "exam" and "study" alone are harmless."""
    return vocabulary.is_label(folded(token)) and folded(token) not in vocabulary.described()


def _known(token: str) -> Iterable[str]:
    spelling = vocabulary.described().get(folded(token))
    if spelling is not None:
        return [spelling]
    parts = re.split("[/-]", token)
    return [part for one in parts for part in _known(one)] if len(parts) > 1 else []


@cache
def _joining() -> frozenset[str]:
    return frozenset(word for word in vocabulary.described().values() if word.islower())


def _set_codes(source: Dataset, target: Dataset, keyword: str) -> None:
    kept = []
    for item in items(source, keyword, most=_MOST_ITEMS):
        code = _of_standard(item, keyword)
        if code is None:
            continue
        clean = coded(code)
        if keyword in _NESTED:
            _set_codes(item, clean, _NESTED[keyword])
        kept.append(clean)
    if kept:
        setattr(target, keyword, Sequence(kept))


def _of_standard(item: Dataset, keyword: str) -> Code | None:
    """Return the code as the context groups have it; those of SNOMED's old scheme SRT become SCT."""
    value, scheme = plain(item, "CodeValue"), plain(item, "CodingSchemeDesignator")
    if not value or not scheme:
        return None
    given = Code(value, "SRT" if scheme in ("SNM3", "99SDM") else scheme, "")
    groups = (getattr(codes, name).concepts.values() for name in _CODE_GROUPS[keyword])
    known = next((code for group in groups for code in group if code == given), None)
    return None if known is None or vocabulary.tells_sex(known.meaning) else known
