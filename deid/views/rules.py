"""The clinic's rules of review: what is covered for which machine, and whether two people are asked."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, F
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from deid.gate_forms import GateRuleForm
from deid.models import DeviceRule, Instance
from deid.services import device_rules, gates, machines
from deid.views.steps import take
from ultrasound_portal.clinics.access import Capability, StaffRequest, in_clinic_or_404, requires

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One rule with the machine's own words, and how many cleanings it took part in."""

    rule: DeviceRule
    machine: str
    applied: int


@require_safe
@requires(Capability.POLICY)
def rules(request: StaffRequest) -> HttpResponse:
    """Show the rules, those that count first."""
    found = DeviceRule.objects.filter(machine__clinic=request.clinic).select_related("machine", "made_by", "ended_by")
    listed = list(
        found.annotate(applied=Count("runs")).order_by(F("ended_at").desc(nulls_first=True), "-made_at")[:SHOWN]
    )
    labels = machines.labels_of(rule.machine for rule in listed)
    lines = [Line(rule, labels[rule.machine_id], rule.applied) for rule in listed]
    form = GateRuleForm(initial={"second_person": gates.needs_second_person(request.clinic)})
    return render(request, "deid/rules.html", {"lines": lines, "form": form})


@require_POST
@requires(Capability.POLICY)
def change_gates(request: StaffRequest) -> HttpResponseBase:
    """Ask for two people from now on, or no longer."""
    form = GateRuleForm(request.POST)
    form.is_valid()
    gates.change_rule(request.clinic, second_person=form.cleaned_data["second_person"], by=request.user)
    messages.success(request, "Saved. It counts for every release from now on.")
    return redirect("deid:rules")


@require_POST
@requires(Capability.POLICY)
def switch_off(request: StaffRequest, rule: UUID) -> HttpResponseBase:
    """Let a rule count no longer."""
    found = get_object_or_404(DeviceRule, pk=rule, machine__clinic=request.clinic)
    device_rules.switch_off(found, by=request.user)
    messages.success(request, "Switched off. What was cleaned with it stays as it is.")
    return redirect("deid:rules")


@require_POST
@requires(Capability.REVIEW)
def remember(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Remember the covers of a picture for its machine."""
    found = in_clinic_or_404(Instance, request, instance)
    return take(
        request,
        found,
        lambda: device_rules.remember(found, by=request.user),
        "Remembered. Later pictures of this machine and size are covered there as well.",
    )
