"""The patient's copy of a sitting: a tagged PDF (PDF/UA-1, ISO 14289-1) with words, small pictures and their hashes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import typst
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.drawing import strokes_of
from consent.models import ConsentDocument, Grant, Recipient, Wording
from consent.sealed import drawing_of, name_of, recipient_of
from consent.states import GrantDecision, GrantState
from deid.states import ArtefactKind
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.languages import locale_of

SOURCE = Path(settings.BASE_DIR) / "templates" / "sharing" / "copy.typ"
STANDARD: Literal["ua-1"] = "ua-1"
VEILED = _("It may tell the sex of the child, so it is not shown here.")


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """One picture of the copy: `position` in the sitting, hashes (hex) by kind, and a small JPEG, or none to show."""

    picture_id: UUID
    position: int
    hashes: tuple[tuple[ArtefactKind, str], ...]
    jpeg: bytes | None


def make_copy(grants: Iterable[Grant], pictures: Iterable[SmallPicture], *, name: str) -> bytes:
    """Return the PDF of what was decided in one sitting, in the language of its words. `name` is the patient's as
    people read it.

    Fonts are embedded; nothing is written to a disk or fetched from anywhere.
    """
    decided = list(grants)
    with translation.override(locale_of(decided[0].wording.language)):
        told = {"made": _day(timezone.now()), "patient": name, "clinic": decided[0].clinic.name}
        intro = gettext("This is your copy. It was made on %(made)s for %(patient)s by %(clinic)s.") % told
        return _set(intro, [_answer(grant) for grant in decided], [_picture(one) for one in pictures], decided[0])


def make_nameless_copy(document: ConsentDocument) -> bytes:
    """Return the PDF of a sitting for the post: the answers and their words, without a picture, a drawing or a name.

    Its signatures stand with role and day, and the fingerprint of the full copy says which one it stands for.
    """
    grants = Grant.objects.filter(record__in=document.records.all()).select_related("wording", "record", "clinic")
    decided = list(grants.order_by("purpose__order"))
    with translation.override(locale_of(decided[0].wording.language)):
        told = {"made": _day(document.made_at), "sha256": document.sha256}
        intro = (
            gettext(
                "This copy was made for e-mail: it holds no picture and no name. Your full copy of %(made)s holds "
                "both; its fingerprint (SHA-256) is %(sha256)s."
            )
            % told
        )
        return _set(intro, [_answer(grant, named=False) for grant in decided], [], decided[0])


def _set(intro: str, answers: list[dict[str, Any]], pictures: list[dict[str, Any]], first: Grant) -> bytes:
    """Typeset a copy in the language that is spoken."""
    told = {
        "language": first.wording.language,
        "clinic": first.clinic.name,
        "contact": first.clinic.contact,
        "words": _words(intro, first.clinic),
        "answers": answers,
        "pictures": pictures,
    }
    pdf: bytes = typst.compile(
        _source(),
        format="pdf",
        pdf_standards=[STANDARD],
        sys_inputs={"told": json.dumps(told)},
    )
    return pdf


def _words(intro: str, clinic: Clinic) -> dict[str, str]:
    return {
        "title": gettext("Your answers about your scan pictures"),
        "intro": intro,
        "change": gettext(
            "You can change your mind at any time, and you do not have to say why: %(contact)s. "
            "Your care stays the same."
        )
        % {"contact": clinic.contact},
        "pictures": gettext("The pictures these answers are about"),
        "fingerprints": gettext(
            "The long numbers are fingerprints (SHA-256). They show that a picture is the very one you have seen."
        ),
        "page": gettext("Page"),
        "of": gettext("of"),
    }


@cache
def _source() -> bytes:
    return SOURCE.read_bytes()


def _answer(grant: Grant, *, named: bool = True) -> dict[str, Any]:
    record, wording = grant.record, grant.wording
    permits = grant.decision == GrantDecision.PERMIT
    facts = [
        (gettext("Answer"), str(GrantDecision(grant.decision).label)),
        (gettext("Given on"), _day(grant.valid_from)),
    ]
    if permits and grant.valid_until:
        facts.append((gettext("Ends on"), _day(grant.valid_until)))
    if grant.state == GrantState.PENDING:
        facts.append((gettext("State"), gettext("Waits for a signature. It does not count before that.")))
    if hasattr(record, "capacity"):
        facts.append((gettext("Decided by"), record.capacity.get_basis_display()))
    if hasattr(record, "recipient"):
        facts.append((gettext("Who gets the pictures"), _recipient(record.recipient, named)))
    signatures = list(record.signatures.order_by("role"))
    for signature in signatures:
        signed = _day(signature.signed_at)
        facts.append((signature.get_role_display(), f"{name_of(signature)}, {signed}" if named else signed))
        if signature.permanence_acknowledged and permits:
            facts.append((gettext("Understood"), gettext("What is posted or published can stay for good.")))
    facts.append((gettext("Words"), _version(wording)))
    drawn = [drawing_of(signature) for signature in signatures] if named else []
    return {
        "drawings": [strokes_of(one) for one in drawn if one],
        "title": wording.title,
        "facts": facts,
        "sections": wording.sections(),
    }


def _recipient(recipient: Recipient, named: bool) -> str:
    return recipient_of(recipient) if named else gettext("The one who is named in your full copy")


def _version(wording: Wording) -> str:
    told = {"language": wording.language, "version": wording.version, "sha256": wording.sha256}
    return gettext("%(language)s, version %(version)s, SHA-256 %(sha256)s") % told


def _picture(picture: SmallPicture) -> dict[str, Any]:
    return {
        "label": gettext("Picture %(position)s") % {"position": picture.position},
        "hashes": [f"{kind.label}: {sha256}" for kind, sha256 in picture.hashes],
        "jpeg": list(picture.jpeg) if picture.jpeg else [],
        "note": "" if picture.jpeg else str(VEILED),
    }


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at))
