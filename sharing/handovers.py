"""A study's DICOM files for another clinician, teaching or research: each made for that purpose, and given to staff.

A file is the clean master under the header that the purpose allows. Release, consent and the patient's word on the
sex are asked again for every piece, and a picture is on the trail as saved before its first byte leaves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone

from consent import gate
from consent.models import Grant
from deid.engine.disclosure import Disclosure, Purpose
from deid.engine.errors import CageBroken, Held, Rejected
from deid.models import Study
from deid.services import masters
from sharing import access, tokens
from sharing.albums import Picture
from sharing.bundles import Member
from sharing.errors import ClosedReason, LinkClosed
from sharing.recipients import named_recipient
from sharing.services import sex_wishes
from sharing.streaming import Body
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.vault.errors import VaultError

PURPOSES = {"consult": Purpose.CONSULTATION, "teaching": Purpose.TEACHING, "research": Purpose.RESEARCH}
"""The purposes of consent for which DICOM files are made, and what their headers are made for."""

_DICOM, _TEXT = "application/dicom", "text/plain"


@dataclass(frozen=True, slots=True)
class Handover:
    """Whose pictures go, by which yes, and to whom; `actor` as on the trail."""

    study: Study
    grant: Grant
    actor: str

    @property
    def disclosure(self) -> Disclosure:
        """What the headers tell."""
        return Disclosure.usual(PURPOSES[self.grant.purpose_id])


def pictures(handover: Handover) -> list[Picture]:
    """Return the released pictures that may go now: those of which the grant covers every file that was shown.

    None may where the patient's yes must name somebody and does not.
    """
    grant = handover.grant
    if grant.purpose.needs_recipient and named_recipient(grant) is None:
        return []
    files = {one.picture_id: len(one.files) for one in access.released(handover.study.pk)}
    spoken = sex_wishes.wanted(handover.study.pk, grant.purpose_id)
    return [
        one
        for one in access.shareable(handover.study.pk, grant)
        if len(one.files) == files[one.picture_id] and (spoken or not one.tells_sex)
    ]


def members(handover: Handover, chosen: Iterable[Picture]) -> Iterator[Member]:
    """Make one file after the other, for a ZIP; the last member names those that could not be made for certain."""
    missing = []
    for number, picture in enumerate(chosen, start=1):
        name = f"picture-{number:03}"
        try:
            data = masters.made_for(picture.picture_id, handover.disclosure.purpose)
        except (Held, Rejected, CageBroken, VaultError):
            _note_missing(handover, picture, name)
            missing.append(name)
            continue
        begin, go_on = (partial(_piece, handover, picture, name, data, first=first) for first in (True, False))
        yield Member(Body(name, _DICOM, len(data)), begin, go_on)
    if missing:
        text = "".join(f"{name}: not made, since it was not certain to be clean\n" for name in missing).encode()
        yield Member(Body("missing", _TEXT, len(text)), *[lambda start, stop: text[start:stop]] * 2)


def _piece(
    handover: Handover, picture: Picture, name: str, data: bytes, start: int, stop: int, *, first: bool
) -> bytes:
    """Return some bytes of a file; raises LinkClosed, with its entry, where it may not go any more."""
    try:
        with transaction.atomic():
            _check(handover, picture)
            if first:
                _record(handover, picture, Event.PICTURE_DOWNLOADED, file=name, start=0)
            return data[start:stop]
    except LinkClosed as closed:
        with transaction.atomic():
            told = {"reason": closed.reason.value} | ({"gate": closed.gate} if closed.gate else {})
            _record(handover, picture, Event.GATE_REFUSED, outcome="refused", file=name, **told)
        raise


def _check(handover: Handover, picture: Picture) -> None:
    grant = handover.grant
    served = {file.artefact_id: file for one in access.released(handover.study.pk) for file in one.files}
    for file in picture.files:
        decision = gate.decide(
            grant_id=grant.pk,
            purpose_code=grant.purpose_id,
            artefact_id=file.artefact_id,
            sha256=file.sha256,
            at=timezone.now(),
        )
        if not decision.permit:
            raise LinkClosed(ClosedReason.NOT_PERMITTED, decision.reason.value)
        found = served.get(file.artefact_id)
        if found is None or not tokens.same_hash(found.sha256, file.sha256):
            raise LinkClosed(ClosedReason.NOT_RELEASED)
        if found.tells_sex and not sex_wishes.wanted(handover.study.pk, grant.purpose_id):
            raise LinkClosed(ClosedReason.SEX_WITHHELD)


def _note_missing(handover: Handover, picture: Picture, name: str) -> None:
    with transaction.atomic():
        _record(handover, picture, Event.GATE_REFUSED, outcome="held", reason="not_certain", file=name)


def _record(
    handover: Handover, picture: Picture, event: Event, *, outcome: str = "success", **detail: str | int
) -> None:
    trail.record(
        event,
        actor=handover.actor,
        clinic_id=handover.study.clinic_id,
        object_kind="artefact",
        object_id=picture.files[0].artefact_id,
        patient_id=handover.study.patient_id,
        purpose=handover.grant.purpose_id,
        grant_id=handover.grant.pk,
        outcome=outcome,
        detail={"form": "dicom", **detail},
    )
