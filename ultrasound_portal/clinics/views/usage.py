"""Unusual use, for administrators: at odd hours, of many pictures at once, and at doors that are closed."""

from datetime import timedelta

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ultrasound_portal.audit import usage as reports
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, requires
from ultrasound_portal.clinics.actors import namer
from ultrasound_portal.clinics.usage_forms import UsageForm


@requires(Capability.AUDIT)
@require_safe
def usage(request: StaffRequest) -> HttpResponse:
    """Show the reports of unusual use with the limits asked for; that they were read is on the trail."""
    usual = {name: field.initial for name, field in UsageForm.base_fields.items()}
    form = UsageForm({**usual, **request.GET.dict()})
    if not form.is_valid():
        return render(request, "clinics/usage.html", {"form": form}, status=422)
    said, clinic_id = form.cleaned_data, request.clinic.pk
    with transaction.atomic():
        record(
            Event.AUDIT_READ,
            actor=actor_of(request),
            clinic_id=clinic_id,
            object_kind="audit",
            detail={"report": "usage", "days": said["days"]},
        )
    since = timezone.now() - timedelta(days=said["days"])
    odd = reports.odd_hours(clinic_id, since, opens=said["opens"], closes=said["closes"])
    many = reports.many_pictures(clinic_id, since, more_than=said["more_than"])
    name = namer([one.actor for one in odd] + [one.actor for one in many])
    context = {
        "form": form,
        "shown": True,
        "odd": [(name(one.actor), one) for one in odd],
        "many": [(name(one.actor), one) for one in many],
        "doors": reports.closed_doors(clinic_id, since, at_least=said["at_least"]),
    }
    return render(request, "clinics/usage.html", context)
