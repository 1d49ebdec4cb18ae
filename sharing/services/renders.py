"""Files made for sharing live as long as a yes for the picture they were made from: asked for with it, ended with it.

Written in docs/decisions/0018.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.utils import timezone

from consent.aftermath import follows
from consent.models import Grant, GrantImage
from consent.signals import consent_given
from consent.states import GrantDecision, GrantState
from deid.models import Instance
from deid.services import renders
from deid.states import InstanceState
from sharing.models import NoCopies
from sharing.services import shared_copies

HOLDING = (GrantState.ACTIVE, GrantState.SUSPENDED)
"""A yes that rests is not given out, but what was made for it waits for the decision about it."""


@renders.judges
def covered(artefact_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the patient's files that a yes covers and of which she wants copies to share; each such yes is
    held fast until the transaction ends, so that a withdrawal waits and then finds what was made meanwhile.
    """
    keys = _shown(artefact_ids).values_list("grant_id", flat=True)
    list(Grant.objects.select_for_update(no_key=True).filter(pk__in=set(keys)).order_by("pk"))
    wanted = _shown(artefact_ids).exclude(grant__patient__in=NoCopies.objects.values("patient"))
    return set(wanted.values_list("artefact_id", flat=True))


@follows
def destroy_uncovered(grant: Grant, actor: str) -> None:
    """Destroy the keys of what was made for sharing and that no other yes covers, with the yes that ended.

    The renders are held before the other yeses are looked at: of two that end at once, the second sees the first ended.
    """
    shown = renders.held(set(grant.images.values_list("artefact_id", flat=True)))
    renders.destroy(shown - set(_shown(shown).values_list("artefact_id", flat=True)), actor=actor)


@receiver(consent_given)
@transaction.atomic
def order(grant_id: UUID, **_: Any) -> None:  # Any: what else a signal carries
    """Have made what a new yes covers, also where she had deleted her copies; what other yeses had made is there."""
    shared_copies.allow(Grant.objects.select_related("patient").get(pk=grant_id).patient)
    pictures = GrantImage.objects.filter(grant=grant_id).values_list("picture_id", flat=True)
    released = Instance.objects.filter(pk__in=pictures, state=InstanceState.RELEASED)
    renders.order(released.select_related("clinic").order_by("number"))


def _shown(artefact_ids: Collection[UUID]) -> QuerySet[GrantImage]:
    """Return where the files were shown for a yes that holds or rests."""
    return GrantImage.objects.filter(
        artefact_id__in=list(artefact_ids),
        grant__decision=GrantDecision.PERMIT,
        grant__state__in=HOLDING,
        grant__valid_until__gt=timezone.now(),
    )
