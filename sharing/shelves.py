"""Her pictures by purpose, as her own page shows them: how many each answer covers, or what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consent.models import Grant, GrantImage, Purpose
from consent.services import offered_purposes
from consent.states import GrantState
from deid.models import Study
from sharing import access
from sharing.albums import Picture
from sharing.services import sex_wishes

OWN_COPY, FAMILY, SOCIAL = "own_copy", "family", "social_media"
ALWAYS = (OWN_COPY, FAMILY, SOCIAL)
"""The purposes that always have a shelf where the clinic offers them; others have one once she has said yes."""

NAMES = {OWN_COPY: _("For me"), FAMILY: _("Family and friends"), SOCIAL: _("Social media")}


class Missing(StrEnum):
    """What a locked shelf lacks."""

    NOT_ASKED = "not_asked"
    REFUSED = "refused"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"
    PENDING = "pending"
    SUSPENDED = "suspended"
    NO_PICTURES = "no_pictures"


_MISSING = {
    GrantState.REFUSED: Missing.REFUSED,
    GrantState.EXPIRED: Missing.ENDED,
    GrantState.WITHDRAWN: Missing.TAKEN_BACK,
    GrantState.PENDING: Missing.PENDING,
    GrantState.SUSPENDED: Missing.SUSPENDED,
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """One purpose; `picture_ids` go out for it now, `withheld` counts what waits for her word about the sex.

    `grant` is the answer that says so, or the last one; `missing` is empty where pictures go out.
    """

    purpose: Purpose
    name: str
    grant: Grant | None
    picture_ids: frozenset[UUID]
    withheld: int
    missing: Missing | None


def shelves_of(study: Study) -> list[Shelf]:
    """Return the shelves of a study; counts only, the gate is asked for each byte."""
    released = access.released(study.pk)
    spoken = sex_wishes.wanted_purposes(study.pk)
    latest = _latest_answers(study)
    offered = {purpose.pk: purpose for purpose in offered_purposes(study.clinic)}
    running = {code: grant.purpose for code, grant in latest.items() if grant.state == GrantState.ACTIVE}
    shown = [code for code in ALWAYS if code in offered or code in running]
    shown += sorted(set(running) - set(ALWAYS), key=lambda code: running[code].order)
    return [
        _shelf(offered.get(code) or running[code], latest.get(code), released, spoken=code in spoken) for code in shown
    ]


def _latest_answers(study: Study) -> dict[str, Grant]:
    """Return the answer of each purpose that says most now: one that stands or waits, or else the last one."""
    answers = Grant.objects.filter(patient_id=study.patient_id, scope_id=study.pk).exclude(
        state__in=[GrantState.SUPERSEDED, GrantState.IN_ERROR]
    )
    latest: dict[str, Grant] = {}
    for grant in answers.select_related("purpose", "wording").order_by("valid_from"):
        former = latest.get(grant.purpose_id)
        if former is None or former.state != GrantState.ACTIVE or grant.state == GrantState.ACTIVE:
            latest[grant.purpose_id] = grant
    return latest


def _shelf(purpose: Purpose, grant: Grant | None, released: Sequence[Picture], *, spoken: bool) -> Shelf:
    state = grant.state_at(timezone.now()) if grant else None
    covered = _covered(grant, released) if grant and state is GrantState.ACTIVE else []
    open_now = [picture for picture in covered if spoken or not picture.tells_sex]
    if state is GrantState.ACTIVE:
        missing = None if covered else Missing.NO_PICTURES
    else:
        missing = _MISSING[state] if state else Missing.NOT_ASKED
    return Shelf(
        purpose=purpose,
        name=str(NAMES.get(purpose.pk, purpose.name)),
        grant=grant,
        picture_ids=frozenset(picture.picture_id for picture in open_now),
        withheld=len(covered) - len(open_now),
        missing=missing,
    )


def _covered(grant: Grant, released: Iterable[Picture]) -> list[Picture]:
    shown = set(GrantImage.objects.filter(grant=grant).values_list("artefact_id", "sha256"))
    return [picture for picture in released if any((file.artefact_id, file.sha256) in shown for file in picture.files)]
