"""A clinic's choice about the text in its pictures: the version that counts, and the next one."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from deid.engine.policy import Policy
from deid.models import TextPolicy
from deid.states import KeptTextChoice
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Clinic, User


def current_policy(clinic: Clinic) -> TextPolicy:
    """Return the newest version; a clinic that never chose has version 0, the engine's own, which is no row."""
    newest = TextPolicy.objects.filter(clinic=clinic).order_by("-version").first()
    if newest is not None:
        return newest
    usual = Policy()
    return TextPolicy(clinic=clinic, version=0, text=usual.text.value, gestational_age=usual.gestational_age)


def engine_policy(
    chosen: TextPolicy,
    *,
    covers: Sequence[dict[str, Any]] = (),
    lifted: Sequence[dict[str, Any]] = (),
    named: Sequence[str] = (),
) -> Policy:
    """Return what the engine is told, with `covers` and the places `lifted` by a reviewer. Raises ValueError.

    `named` is what a person said of a patient whom the file does not name; it is covered as the clinic's words are.
    """
    return Policy.from_dict(
        {
            "text": chosen.text,
            "gestational_age": chosen.gestational_age,
            "also_kept": chosen.also_kept,
            "also_covered": [*named, *chosen.also_covered],
            "extra_boxes": list(covers),
            "lifted": list(lifted),
        }
    )


@transaction.atomic
def publish_policy(
    clinic: Clinic,
    *,
    text: KeptTextChoice,
    gestational_age: bool,
    also_kept: Sequence[str],
    also_covered: Sequence[str],
    by: User,
) -> TextPolicy:
    """Publish the next version, for what is cleaned from then on.

    Raises ValueError, which never tells a word, for what the engine does not let a clinic choose, and for no change.
    """
    Clinic.objects.select_for_update().get(pk=clinic.pk)  # one publisher at a time, so that versions have no gaps
    last = current_policy(clinic)
    chosen = TextPolicy(
        clinic=clinic,
        version=last.version + 1,
        text=text.value,
        gestational_age=gestational_age,
        also_kept=list(also_kept),
        also_covered=list(also_covered),
        created_by=by,
    )
    if engine_policy(chosen) == engine_policy(last):
        raise ValueError("this is what counts already")
    chosen.save(force_insert=True)
    trail.record(
        Event.POLICY_PUBLISHED,
        actor=f"user:{by.pk}",
        clinic_id=clinic.pk,
        object_kind="text_policy",
        object_id=chosen.pk,
        detail={
            "version": chosen.version,
            "text": chosen.text,
            "gestational_age": gestational_age,
            "words_kept": len(also_kept),
            "words_covered": len(also_covered),
        },
    )
    return chosen
