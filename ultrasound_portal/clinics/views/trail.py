"""The administrators' view of the trail; reading it is itself an entry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ultrasound_portal.audit.events import Event, words
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, requires
from ultrasound_portal.clinics.actors import namer
from ultrasound_portal.clinics.forms import TrailFilter

PAGE = 50
CODE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}")
"""A key of an object, or a SHA-256."""

LABELS: Mapping[str, str] = {
    "attempt": "try",
    "attempts": "tries",
    "boxes": "covers",
    "channel": "told by",
    "confirmed": "sentence ticked",
    "door": "came by",
    "download_allowed": "may be saved",
    "event": "shown",
    "evidence_sha256": "SHA-256 of the evidence",
    "gate": "consent check",
    "gestational_age": "age of the pregnancy stays",
    "held_for": "was held for",
    "images": "files",
    "kind": "file",
    "may_tell_sex": "may tell the sex",
    "opening": "visit",
    "recipient_check": "recipient known by",
    "replaces": "takes the place of",
    "rows": "lines",
    "scope": "study",
    "sex_wanted": "family wants to know the sex",
    "start": "from byte",
    "stop": "to byte",
    "text": "text that stays",
    "words_covered": "own words that go",
    "words_kept": "own words that stay",
    "wording_sha256": "SHA-256 of the wording",
    "wording_version": "version of the wording",
}
"""What a person reads for a key of an entry's detail; other keys are words already."""

OBJECTS: Mapping[str, str] = {
    "artefact": "Picture file",
    "audit": "Audit trail",
    "brand": "Brand",
    "grant": "Consent",
    "instance": "Picture",
    "job": "Cleaning job",
    "text_policy": "Cleaning policy",
    "upload_item": "Uploaded file",
    "user": "Person",
}
KINDS: Mapping[str, str] = {
    "film": "clean film",
    "master": "clean original",
    "source_film": "film as it came",
    "source_still": "picture as it came",
    "still_jpeg": "small copy",
    "still_png": "clean picture",
    "thumbnail": "thumbnail",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a person reads it; `codes` are keys and digests with their labels, to be compared and not read."""

    seq: int
    at: datetime
    what: str
    who: str
    object_kind: str
    object_id: UUID | None
    outcome: str
    facts: str
    codes: tuple[tuple[str, str], ...]


@requires(Capability.AUDIT)
@require_safe
def trail(request: StaffRequest) -> HttpResponse:
    """Show a page of the clinic's entries, newest first, of one event if asked."""
    form = TrailFilter(request.GET)
    event = form.cleaned_data["event"] if form.is_valid() else ""
    with transaction.atomic():
        record(
            Event.AUDIT_READ,
            actor=actor_of(request),
            clinic_id=request.clinic.id,
            object_kind="audit",
            detail={"event": event},
        )
    entries = Entry.objects.filter(clinic_id=request.clinic.id).order_by("-seq")
    shown = entries.filter(event=event) if event else entries
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "lines": _lines(list(page)), "event": event}
    return render(request, "clinics/audit.html", context)


def _lines(entries: list[Entry]) -> list[Line]:
    name = namer(entry.actor for entry in entries)
    return [
        Line(
            seq=entry.seq,
            at=entry.at,
            what=words(Event(entry.event)),
            who=name(entry.actor),
            object_kind=OBJECTS.get(entry.object_kind, entry.object_kind.replace("_", " ").capitalize()),
            object_id=entry.object_id,
            outcome=entry.outcome,
            facts=", ".join(
                f"{_label(name)}: {_words(value)}" for name, value in entry.detail.items() if _is_fact(value)
            ),
            codes=tuple((_label(name), value) for name, value in entry.detail.items() if _is_code(value)),
        )
        for entry in entries
    ]


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " "))


def _words(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return KINDS.get(str(value), str(value).replace("_", " "))


def _is_code(value: str | int | bool) -> bool:
    return isinstance(value, str) and CODE.fullmatch(value) is not None


def _is_fact(value: str | int | bool) -> bool:
    return value != "" and not _is_code(value)
