"""Pictures that wait for a release and were cleaned under another policy than the one that counts."""

from django.db import transaction
from django.db.models import QuerySet

from deid.models import Instance
from deid.services import steps
from deid.services.policies import current_policy
from deid.states import InstanceState
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Clinic, User

AT_ONCE = 200
WAITING = frozenset({InstanceState.CLEAN, InstanceState.HELD})


def behind(clinic: Clinic) -> QuerySet[Instance]:
    """Return the clinic's clean and held pictures whose run used another version, the oldest first."""
    waiting = Instance.objects.filter(clinic=clinic, state__in=WAITING, current_run__isnull=False)
    waiting = waiting.filter(original_destroyed_at=None)
    return waiting.exclude(current_run__policy__version=current_policy(clinic).version).order_by("received_at", "pk")


def is_behind(instance: Instance) -> bool:
    """Say whether cleaning this picture again would follow another version than its run did."""
    run = instance.current_run
    if instance.state not in WAITING or run is None or instance.original_destroyed_at is not None:
        return False
    used: int = run.policy["version"]
    return used != current_policy(instance.clinic).version


@transaction.atomic
def clean_again(clinic: Clinic, *, by: User) -> int:
    """Queue up to `AT_ONCE` of the pictures that are behind, and return how many."""
    waiting = list(behind(clinic).select_for_update(of=("self",)).select_related("study")[:AT_ONCE])
    for instance in waiting:
        steps.queue_again(instance)
        steps.audit(Event.JOB_RETRIED, instance, by, {})
    return len(waiting)
