"""Consent at the desk: who decides, one card per purpose, answers checked before they count, and the copy."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent import documents
from consent.answers import Manner
from consent.capacity import OpenBasis, birth_date_of, judge, open_bases
from consent.errors import ConsentRefused
from consent.models import ConsentDocument, Grant, Purpose, Wording
from consent.services import ShownArtefact, live_wording, offered_purposes
from consent.states import GrantState, SigningMethod
from deid.models import Study
from sharing import access
from sharing.albums import Picture
from sharing.copy_form import CopyForm
from sharing.forms import SittingForm
from sharing.keeping import record_and_copy, shown_of
from sharing.services.invitations import SIGN_FROM_AFAR
from sharing.services.receipts import last_mail, mail_copy, offers_mail
from sharing.services.sitting import Answer, digest_of, on_record, standing, waits_for
from ultrasound_portal.clinics.access import (
    Capability,
    StaffRequest,
    actor_of,
    can,
    in_clinic_or_404,
    requires,
)
from ultrasound_portal.clinics.looks import tells_place
from ultrasound_portal.clinics.services import current_brand
from ultrasound_portal.languages import ENGLISH, NAMES, locale_of
from ultrasound_portal.patients.services import display_name
from ultrasound_portal.vault.errors import VaultError


@dataclass(frozen=True, slots=True)
class Table:
    """What lies on the table when consent is asked for."""

    study: Study
    asked: OpenBasis
    asks_born: bool
    pictures: list[Picture]
    language: str
    wordings: list[Wording]
    unworded: list[Purpose]
    standing: list[Grant]

    @property
    def shown(self) -> list[ShownArtefact]:
        """Every file that the patient may get of the pictures on the page."""
        return shown_of(self.pictures)

    def form(self, data: Any = None) -> SittingForm:  # data: QueryDict or None, as Django's own Form takes it
        """Return the form of this table, bound to the answers if there are any."""
        shown, now = self.shown, timezone.now()
        present = [grant for grant in self.standing if grant.state_at(now) != GrantState.EXPIRED]
        return SittingForm(
            data,
            wordings=self.wordings,
            present={grant.purpose_id: on_record(grant, shown) for grant in reversed(present)},
            shown=digest_of(shown, self.wordings, self.standing),
            asked=self.asked,
            asks_born=self.asks_born,
            mails=offers_mail(self.study.patient_id),
        )


@requires(Capability.CONSENT)
@require_http_methods(["GET", "HEAD", "POST"])
def ceremony(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Ask who decides; show the cards; check the answers; record them once they were read back."""
    study = in_clinic_or_404(Study, request, study_id)
    pictures = access.released(study.pk)
    bases = {one.basis.value: one for one in open_bases(study.patient, timezone.localdate())}
    asked = bases.get(request.GET.get("basis", ""))
    language = request.GET.get("language", study.patient.language or ENGLISH)
    if asked is None or not pictures or language not in NAMES:
        return _who(request, study, pictures, list(bases.values()))
    with translation.override(locale_of(language)):
        table = _table(request, study, asked, pictures, language=language)
        if request.method != "POST":
            return _cards(request, table, table.form())
        return _answered(request, table, table.form(request.POST))


@requires(Capability.CONSENT)
@require_safe
def recorded(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Show what is on record now for the study with the patient's copy, and lead on to a link for each yes."""
    study = in_clinic_or_404(Study, request, study_id)
    now = timezone.now()
    context = {
        "study": study,
        "patient_name": display_name(study.patient),
        "grants": [grant for grant in standing(study) if grant.state_at(now) != GrantState.EXPIRED],
        "missing": [role for role in SIGN_FROM_AFAR if waits_for(study, role)],
        "copies": [(copy, last_mail(copy)) for copy in _copies(request, study)],
        "mail": CopyForm() if offers_mail(study.patient_id) else None,
        "may_share": can(request.membership, Capability.SHARE),
    }
    return render(request, "sharing/staff/recorded.html", context)


@requires(Capability.CONSENT)
@require_safe
def copy(request: StaffRequest, study_id: UUID, copy_id: UUID) -> HttpResponse:
    """Give the PDF that was made for the patient; reading it is on the trail."""
    study = in_clinic_or_404(Study, request, study_id)
    document = get_object_or_404(_copies(request, study), pk=copy_id)
    try:
        pdf = documents.read(document, actor=actor_of(request))
    except VaultError as gone:
        raise Http404 from gone
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="answers.pdf"', "Cache-Control": "private, no-store"},
    )


@requires(Capability.CONSENT)
@require_POST
def copy_mail(request: StaffRequest, study_id: UUID, copy_id: UUID) -> HttpResponse:
    """Send the copy once more, without its pictures, to the address that the patient gives."""
    study = in_clinic_or_404(Study, request, study_id)
    document = get_object_or_404(_copies(request, study), pk=copy_id)
    form = CopyForm(request.POST)
    if not offers_mail(study.patient_id):
        messages.error(request, "No e-mail is sent: the patient asked for quiet, or no mail server is set up.")
    elif not form.is_valid():
        messages.error(request, f"Nothing is sent. {form.errors['copy_to'][0]}")
    elif mail_copy(document, form.cleaned_data["copy_to"], actor=actor_of(request)):
        messages.success(request, "The copy is on its way. This page says whether it could be sent.")
    else:
        messages.error(request, "This copy was sent often enough for today. Print it, or send it tomorrow.")
    return redirect("sharing:recorded", study.pk)


def _copies(request: StaffRequest, study: Study) -> QuerySet[ConsentDocument]:
    return ConsentDocument.objects.filter(scope_id=study.pk, clinic=request.clinic)


def _answered(request: StaffRequest, table: Table, form: SittingForm) -> HttpResponse:
    step = request.POST.get("step", "check")
    if not form.is_valid() or step == "change":
        return _cards(request, table, form)
    try:
        answers = _answers(request, table, form)
        if step == "check":
            return render(request, "sharing/staff/check.html", _context(table, form) | {"answers": answers})
        record_and_copy(
            answers,
            study=table.study,
            shown=table.shown,
            seen=[grant.pk for grant in table.standing],
            names=form.names(),
            claim=form.claim(request.user),
            method=SigningMethod(form.cleaned_data["method"]),
            by=request.user,
            manner=Manner(drawings=form.drawings()),
            copy_to=form.copy_address(),
        )
    except ConsentRefused as refusal:
        form.add_error(None, refusal.explanation)
        return _cards(request, table, form)
    return redirect("sharing:recorded", table.study.pk)


def _answers(request: StaffRequest, table: Table, form: SittingForm) -> list[Answer]:
    """Return the answers, with each yes cut to the right of who gives it; raises ConsentRefused without one."""
    if not form.permits():
        return form.answers()
    right = judge(form.claim(request.user), table.study.patient, timezone.now())
    return form.answers(right.ends_at)


def _who(request: StaffRequest, study: Study, pictures: list[Picture], bases: list[OpenBasis]) -> HttpResponse:
    context = {
        "study": study,
        "patient_name": display_name(study.patient),
        "pictures": pictures,
        "bases": bases,
        "purposes": offered_purposes(study.clinic),
        "languages": NAMES,
        "language": study.patient.language or ENGLISH,
        "unanswered": "basis" in request.GET or request.method == "POST",
    }
    return render(request, "sharing/staff/who.html", context, status=422 if request.method == "POST" else 200)


def _cards(request: StaffRequest, table: Table, form: SittingForm) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "sharing/staff/ceremony.html", _context(table, form), status=status)


def _context(table: Table, form: SittingForm) -> dict[str, Any]:
    brand = current_brand(table.study.clinic)
    return {
        "brand": brand,
        "place_told": tells_place(table.study.clinic.name, brand.name, brand.line, brand.web, brand.handle),
        "study": table.study,
        "patient_name": display_name(table.study.patient),
        "clinic": table.study.clinic,
        "pictures": table.pictures,
        "asked": table.asked,
        "unworded": table.unworded,
        "language_name": NAMES[table.language],
        "form": form,
    }


def _table(request: StaffRequest, study: Study, asked: OpenBasis, pictures: list[Picture], *, language: str) -> Table:
    purposes = list(offered_purposes(study.clinic))
    chosen = set(request.GET.getlist("ask"))
    wordings, unworded = _wordings([one for one in purposes if one.pk in chosen] or purposes, language)
    return Table(
        study=study,
        asked=asked,
        asks_born=birth_date_of(study.patient) is None,
        pictures=pictures,
        language=language,
        wordings=wordings,
        unworded=unworded,
        standing=standing(study),
    )


def _wordings(purposes: list[Purpose], language: str) -> tuple[list[Wording], list[Purpose]]:
    """Return the live wordings in a language, and the purposes that cannot be asked for because they have none."""
    wordings, unworded = [], []
    for purpose in purposes:
        try:
            wordings.append(live_wording(purpose.pk, language))
        except ConsentRefused:
            unworded.append(purpose)
    return wordings, unworded
