"""She turns the message about a first opening on, with an address that a code confirms, and off again."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sharing.notice_form import NoticeCodeForm, NoticeForm
from sharing.services import notices
from sharing.views.patient.her_links import links_page
from sharing.views.patient.home import frame
from sharing.views.patient.session import VisitRequest, hers_required


@hers_required
@require_POST
def ask(request: VisitRequest) -> HttpResponse:
    """Take the address and have a code sent there."""
    own, form = request.visit.link, NoticeForm(request.POST)
    if not form.is_valid():
        return links_page(request, form, status=422)
    asked = notices.ask(own, form.channel, form.cleaned_data["to"], address=request.META.get("REMOTE_ADDR", ""))
    return render(request, "sharing/patient/notice_code.html", frame(own) | {"asked": asked, "wrong": False})


@hers_required
@require_POST
def confirm(request: VisitRequest) -> HttpResponse:
    """Count the address where the code fits."""
    own, form = request.visit.link, NoticeCodeForm(request.POST)
    if form.is_valid() and notices.confirm(own, **form.cleaned_data):
        return redirect("sharing:her_links")
    context = frame(own) | {"asked": form.cleaned_data.get("asked", ""), "wrong": True}
    return render(request, "sharing/patient/notice_code.html", context, status=422)


@hers_required
@require_POST
def turn_off(request: VisitRequest) -> HttpResponse:
    """Send no such message any more and forget the address."""
    notices.turn_off(request.visit.link.patient, actor=f"link:{request.visit.link.pk}")
    return redirect("sharing:her_links")
