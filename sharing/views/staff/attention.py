"""What staff are told about links: wrong codes, messages that did not go, and a fresh start for a link."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from sharing.models import Link, Message
from sharing.nicknames import nicknames_of
from sharing.services.codes import reissue as issue_again
from sharing.states import MessageFault, MessageKind, MessageState
from ultrasound_portal.clinics.access import Capability, StaffRequest, can, in_clinic_or_404, requires
from ultrasound_portal.patients.services import display_names

SHOWN_FOR = timedelta(days=14)
SHOWN_AT_MOST = 100
WORTH_TELLING = 3  # wrong codes in a row; one or two are a slip of the finger


@requires(Capability.SHARE)
@require_safe
def attention(request: StaffRequest) -> HttpResponse:
    """List the clinic's living links at which somebody guessed, and the messages that could not be sent."""
    now = timezone.now()
    tried = list(
        Link.objects.filter(
            clinic=request.clinic, failed_attempts__gte=WORTH_TELLING, revoked_at=None, not_after__gt=now
        ).select_related("patient")[:SHOWN_AT_MOST]
    )
    unsent = list(
        Message.objects.filter(clinic=request.clinic, state=MessageState.FAILED, ended_at__gt=now - SHOWN_FOR)
        .select_related("patient", "link")
        .order_by("-ended_at")[:SHOWN_AT_MOST]
    )
    names = display_names({link.patient for link in tried} | {message.patient for message in unsent})
    nicknames = nicknames_of(tried)
    context = {
        "now": now,
        "may_limit": can(request.membership, Capability.POLICY),
        "days": SHOWN_FOR.days,
        "tried": [(link, names[link.patient_id], nicknames[link.pk]) for link in tried],
        "unsent": [
            (row, names[row.patient_id], MessageKind(row.kind).label, MessageFault(row.fault).label) for row in unsent
        ],
    }
    return render(request, "sharing/staff/attention.html", context)


@requires(Capability.SHARE)
@require_POST
def reissue(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """Forget the wrong tries at a link; show the fresh code of its card once, where it has one."""
    link = in_clinic_or_404(Link, request, link_id)
    code = issue_again(link, by=request.user)
    if code:
        return render(request, "sharing/staff/code.html", {"link": link, "code": code, "clinic": request.clinic})
    messages.success(request, "Wrong tries are forgotten. A code is sent again when the link is opened.")
    return redirect("sharing:links", link.study_id)
