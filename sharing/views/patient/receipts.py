"""Her copies of what she decided, behind her own link: to save, and to have sent by e-mail without pictures."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from consent import documents
from consent.models import ConsentDocument, GrantImage
from sharing import access
from sharing.copy_form import CopyForm
from sharing.errors import ClosedReason, LinkClosed
from sharing.services.receipts import last_mail, offers_mail, receipts_of
from sharing.views.patient.home import frame
from sharing.views.patient.session import VisitRequest, hers_required
from ultrasound_portal.vault.errors import VaultError


@hers_required
@require_safe
def receipt(request: VisitRequest, document_id: UUID) -> HttpResponse:
    """Give her the copy of what she decided about this study, as long as every picture in it may be shown."""
    document = _hers(request, document_id)
    shown = GrantImage.objects.filter(grant__record__in=document.records.all()).values_list("artefact_id", flat=True)
    access.check_released(request.visit, set(shown))
    try:
        data = documents.read(document, actor=f"link:{request.visit.link.pk}")
    except VaultError as fault:
        raise LinkClosed(ClosedReason.UNREADABLE) from fault
    return HttpResponse(
        data,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="answers-{document.made_at:%Y-%m-%d}.pdf"',
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "Cache-Control": "private, no-store",
            "Referrer-Policy": "no-referrer",
        },
    )


@hers_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: VisitRequest, copy_id: UUID) -> HttpResponse:
    """Ask for an address and send the copy there; tell what became of the last one."""
    document, link = _hers(request, copy_id), request.visit.link
    offered = offers_mail(link.patient_id)
    form = CopyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not offered:
        raise Http404
    if form.is_valid() and form.sends(document, actor=f"link:{link.pk}"):
        return redirect("sharing:receipt_mail", document.pk)
    context = frame(link) | {
        "document": document,
        "mail": form if offered else None,
        "mailed": last_mail(document),
    }
    return render(request, "sharing/patient/receipt_mail.html", context, status=422 if form.errors else 200)


def _hers(request: VisitRequest, document_id: UUID) -> ConsentDocument:
    document = receipts_of(request.visit.link).filter(pk=document_id).first()
    if document is None:
        raise LinkClosed(ClosedReason.NOT_IN_LINK)
    return document
