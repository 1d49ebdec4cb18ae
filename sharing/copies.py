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
from django.utils import timezone
from django.utils.formats import date_format

from consent.models import Grant
from consent.sealed import name_of, recipient_of
from consent.states import GrantDecision, GrantState
from ultrasound_portal.clinics.models import Clinic

SOURCE = Path(settings.BASE_DIR) / "templates" / "sharing" / "copy.typ"
STANDARD: Literal["ua-1"] = "ua-1"
VEILED = "It may tell the sex of the child, so it is not shown here."


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """One picture of the copy: `position` in the sitting, hashes (hex) by kind, and a small JPEG, or none to show."""

    picture_id: UUID
    position: int
    hashes: tuple[tuple[str, str], ...]
    jpeg: bytes | None


def make_copy(grants: Iterable[Grant], pictures: Iterable[SmallPicture], *, clinic: Clinic, name: str) -> bytes:
    """Return the PDF of what was decided in one sitting. `name` is the patient's as people read it.

    Fonts are embedded; nothing is written to a disk or fetched from anywhere.
    """
    told = {
        "clinic": clinic.name,
        "contact": clinic.contact,
        "patient": name,
        "made": _day(timezone.now()),
        "answers": [_answer(grant) for grant in grants],
        "pictures": [_picture(picture) for picture in pictures],
    }
    pdf: bytes = typst.compile(
        _source(),
        format="pdf",
        pdf_standards=[STANDARD],
        sys_inputs={"told": json.dumps(told)},
    )
    return pdf


@cache
def _source() -> bytes:
    return SOURCE.read_bytes()


def _answer(grant: Grant) -> dict[str, Any]:
    record, wording = grant.record, grant.wording
    permits = grant.decision == GrantDecision.PERMIT
    facts = [("Answer", str(GrantDecision(grant.decision).label)), ("Given on", _day(grant.valid_from))]
    if permits and grant.valid_until:
        facts.append(("Ends on", _day(grant.valid_until)))
    if grant.state == GrantState.PENDING:
        facts.append(("State", "Waits for a signature. It does not count before that."))
    if hasattr(record, "capacity"):
        facts.append(("Decided by", record.capacity.get_basis_display()))
    if hasattr(record, "recipient"):
        facts.append(("Who gets the pictures", recipient_of(record.recipient)))
    for signature in record.signatures.order_by("role"):
        facts.append((signature.get_role_display(), f"{name_of(signature)}, {_day(signature.signed_at)}"))
        if signature.permanence_acknowledged and permits:
            facts.append(("Understood", "What is posted or published can stay for good."))
    facts.append(("Words", f"{wording.language}, version {wording.version}, SHA-256 {wording.sha256}"))
    return {"title": wording.title, "facts": facts, "sections": wording.sections(), "language": wording.language}


def _picture(picture: SmallPicture) -> dict[str, Any]:
    return {
        "label": f"Picture {picture.position}",
        "hashes": [f"{kind}: {sha256}" for kind, sha256 in picture.hashes],
        "jpeg": list(picture.jpeg) if picture.jpeg else [],
        "note": "" if picture.jpeg else VEILED,
    }


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y")
