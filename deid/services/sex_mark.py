"""The mark that a picture may tell the sex of the child: a person sets it, or takes it away with a reason."""

from django.db import transaction

from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Instance
from deid.services import steps
from deid.states import InstanceState, SexMarkReason
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User

MARKABLE = frozenset({InstanceState.CLEAN, InstanceState.HELD, InstanceState.RELEASED})


@transaction.atomic
def set_mark(instance: Instance, *, by: User) -> Instance:
    """Mark the picture; a release that did not know of it ends. Raises ReviewRefused."""
    locked = _markable(instance, marked=False)
    was_released = locked.state == InstanceState.RELEASED
    if was_released:
        steps.take_back(locked)
    locked.tells_sex = True
    locked.save()
    steps.audit(Event.SEX_MARK_SET, locked, by, {"release_ended": was_released})
    return locked


@transaction.atomic
def lift_mark(instance: Instance, *, by: User, reason: SexMarkReason) -> Instance:
    """Take the mark away, on the word of one who may release. Raises ReviewRefused."""
    locked = _markable(instance, marked=True)
    steps.check_may_release(locked, by)
    locked.tells_sex = False
    locked.save()
    steps.audit(Event.SEX_MARK_LIFTED, locked, by, {"reason": reason.value})
    return locked


def _markable(instance: Instance, *, marked: bool) -> Instance:
    locked = steps.lock(instance)
    if locked.state not in MARKABLE or locked.tells_sex != marked:
        raise ReviewRefused(ReviewRefusal.STATE)
    return locked
