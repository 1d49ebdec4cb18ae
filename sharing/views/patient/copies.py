"""She deletes her shared copies in one confirmed step, reads what cannot be called back, and can have new ones made."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from sharing.services import her_links, shared_copies
from sharing.views.patient.home import frame
from sharing.views.patient.session import VisitRequest, hers_required


@hers_required
@require_http_methods(["GET", "HEAD", "POST"])
def copies(request: VisitRequest) -> HttpResponse:
    """Say what goes and what cannot be called back; with a POST, delete."""
    own = request.visit.link
    others = her_links.others(own)
    context = frame(own) | {"copies": her_links.saved_through(others, patient_id=own.patient_id)}
    if request.method == "POST":
        done = shared_copies.delete(own)
        return render(
            request, "sharing/patient/sharing_ended.html", context | {"ended": done.links, "files": done.files}
        )
    now = timezone.now()
    context |= {
        "links": sum(her_links.is_open(link, now) for link in others),
        "files": shared_copies.made_for(own.patient),
    }
    return render(request, "sharing/patient/copies.html", context)


@hers_required
@require_POST
def make_again(request: VisitRequest) -> HttpResponse:
    """Have the files for sharing made again, because she asks for them."""
    shared_copies.ask_again(request.visit.link)
    return redirect("sharing:pictures")
