"""Pictures that may tell the sex of the child: she opens them herself, for each purpose on its own."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sharing.services import sex_wishes
from sharing.shelves import shelves_of
from sharing.views.patient.home import frame
from sharing.views.patient.session import VisitRequest, hers_required

YES = "yes"


@hers_required
@require_http_methods(["GET", "HEAD", "POST"])
def sex(request: VisitRequest) -> HttpResponse:
    """Ask once for each purpose; a box that is not ticked is a no, and nothing is ticked before she ticks it."""
    link = request.visit.link
    shelves = shelves_of(link.study)
    if request.method == "POST":
        for shelf in shelves:
            want = request.POST.get(shelf.purpose.pk) == YES
            sex_wishes.note_wish(link.study, shelf.purpose.pk, want=want, actor=f"link:{link.pk}")
        return redirect("sharing:pictures")
    spoken = sex_wishes.wanted_purposes(link.study_id)
    context = frame(link) | {"choices": [(shelf, shelf.purpose.pk in spoken) for shelf in shelves]}
    return render(request, "sharing/patient/sex.html", context)
