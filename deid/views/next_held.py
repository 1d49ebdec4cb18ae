"""The next picture of the clinic that waits for a person, whichever study it belongs to."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from deid.models import Instance
from deid.states import InstanceState
from deid.views.keys import key_of
from ultrasound_portal.clinics.access import Capability, StaffRequest, requires

WAITING = (InstanceState.HELD, InstanceState.FAILED)
MOST = 1000
"""So many waiting pictures are looked through; whoever has more of them starts again at the oldest."""


@require_safe
@requires(Capability.REVIEW)
def next_held(request: StaffRequest) -> HttpResponseBase:
    """Go to the picture that waits longest after the one named, or to the first; to the worklist where none waits."""
    waiting = Instance.objects.filter(clinic=request.clinic, state__in=WAITING)
    keys = list(waiting.order_by("received_at", "pk").values_list("pk", flat=True)[:MOST])
    after = key_of(request.GET.get("after", ""))
    place = keys.index(after) + 1 if after in keys else 0
    others = [key for key in (*keys[place:], *keys[:place]) if key != after]
    if others:
        return redirect("deid:review", others[0])
    messages.info(request, "Nothing else is held.")
    return redirect("deid:worklist")
