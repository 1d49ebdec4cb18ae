"""How the patient of a study wishes to be met: staff read it and set it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from deid.models import Study
from sharing.forms import CareForm
from sharing.services import sex_wishes
from sharing.services.caring import note_care
from sharing.shelves import Shelf, shelves_of
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, in_clinic_or_404, requires
from ultrasound_portal.patients import care as patient_care
from ultrasound_portal.patients.care import CareStatus
from ultrasound_portal.patients.services import display_name

QUIET = "Noted. No message goes out to her, and her pages are quiet. Her pictures stay hers."
LOUD = "Noted. Messages and reminders may go out again."


@requires(Capability.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def care(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Show the status that holds; with a POST, note another."""
    study = in_clinic_or_404(Study, request, study_id)
    if request.method == "POST" and request.POST.get("about") == "sex":
        return _note_sex(request, study)
    present = patient_care.care_of(study.patient)
    form = CareForm(request.POST or None, initial={"status": present.status})
    if request.method == "POST" and form.is_valid():
        status = CareStatus(form.cleaned_data["status"])
        note_care(study.patient, status, actor=actor_of(request))
        messages.success(request, QUIET if status.quiet else LOUD)
        return redirect("deid:study", study.pk)
    context = {
        "study": study,
        "patient_name": display_name(study.patient),
        "present": present,
        "form": form,
        "shelves": _shelves(study),
    }
    return render(request, "sharing/staff/care.html", context, status=422 if form.errors else 200)


def _shelves(study: Study) -> list[tuple[Shelf, bool]]:
    spoken = sex_wishes.wanted_purposes(study.pk)
    return [(shelf, shelf.purpose.pk in spoken) for shelf in shelves_of(study)]


def _note_sex(request: StaffRequest, study: Study) -> HttpResponse:
    """Note what the patient said aloud about the sex; a box that is not ticked is a no."""
    for shelf, _ in _shelves(study):
        want = request.POST.get(shelf.purpose.pk) == "yes"
        sex_wishes.note_wish(study, shelf.purpose.pk, want=want, actor=actor_of(request))
    messages.success(request, "Her word about the sex is noted. She can change it on her own page.")
    return redirect("sharing:care", study.pk)
