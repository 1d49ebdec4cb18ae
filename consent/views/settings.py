"""The page on which an administrator sets whose rules hold, what is asked for, and in which words."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from consent.capacity import profile_of
from consent.errors import ConsentRefused
from consent.models import LATER_PARTS, PARTS, Profile, Purpose, Wording
from consent.offers import offered_purposes
from consent.rules import newest, publish_rules
from consent.rules_form import RulesForm
from consent.settings import change_offer, choose_profile, may_word, next_version, publish_words, retire_words
from ultrasound_portal.clinics.access import Capability, StaffRequest, requires
from ultrasound_portal.clinics.sign_ins import VERY_FRESH
from ultrasound_portal.languages import NAMES

UNSURE = "Nothing is changed: tick that you are sure."


class WordingForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's ModelForm takes no argument at run time
    """Every part of a wording."""

    class Meta:
        model = Wording
        fields = (*PARTS, *LATER_PARTS, "permanence")


@requires(Capability.POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: StaffRequest) -> HttpResponse:
    """Show what holds; with a POST, change the jurisdiction or one purpose, if the administrator is sure."""
    if request.method == "POST":
        if request.POST.get("sure") != "on":
            messages.error(request, UNSURE)
        elif "profile" in request.POST:
            chosen = get_object_or_404(Profile, pk=request.POST["profile"])
            choose_profile(request.clinic, chosen, by=request.user)
            messages.success(request, f"From now on you ask by the rules of {chosen.name}.")
        elif "retire" in request.POST:
            _retire(request)
        else:
            purpose = get_object_or_404(Purpose, pk=request.POST.get("purpose", ""))
            on = request.POST.get("offered") == "on"
            change_offer(request.clinic, purpose, on=on, by=request.user)
            messages.success(request, f"“{purpose.name}” is {'asked for' if on else 'not asked for any more'}.")
        return redirect("consent:settings")
    offered = set(offered_purposes(request.clinic).values_list("pk", flat=True))
    holds = profile_of(request.clinic)
    words = list(Wording.objects.filter(published_at__isnull=False).select_related("purpose"))
    context = {
        "profiles": _profiles(holds),
        "profile": holds,
        "purposes": [
            (purpose, purpose.pk in offered, _by_language(purpose, words)) for purpose in Purpose.objects.all()
        ],
        "may_word": may_word(request.clinic),
    }
    return render(request, "consent/settings.html", context)


@requires(Capability.POLICY, proved_within=VERY_FRESH)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: StaffRequest, code: str = "") -> HttpResponse:
    """Write a jurisdiction's rules, as the next version of those named or as new ones, and ask by them, if sure."""
    after = get_object_or_404(Profile.objects.prefetch_related("rules"), pk=code) if code else None
    form = RulesForm(request.POST if request.method == "POST" else None, after=after)
    if form.is_valid():
        if request.POST.get("sure") != "on":
            form.add_error(None, UNSURE)
        elif _in_force(request, form, after):
            return redirect("consent:settings")
    context = {"after": after, "form": form}
    return render(request, "consent/rules.html", context, status=422 if form.errors else 200)


@requires(Capability.POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: StaffRequest, purpose: str, language: str) -> HttpResponse:
    """Write the next version of the words of a purpose; look at it as the patient will; publish it, if sure."""
    of = get_object_or_404(Purpose, pk=purpose)
    if language not in NAMES or not may_word(request.clinic):
        raise Http404
    live = Wording.objects.filter(purpose=of, language=language, published_at__isnull=False, retired_at=None).first()
    draft = Wording(purpose=of, language=language, version=next_version(of, language))
    form = WordingForm(request.POST if request.method == "POST" else None, instance=draft, initial=_texts(live))
    preview = None
    if request.method == "POST" and form.is_valid():
        preview = form.save(commit=False)
        if request.POST.get("act") == "publish":
            if request.POST.get("sure") != "on":
                form.add_error(None, UNSURE)
            elif _published(request, form, preview):
                return redirect("consent:settings")
    context = {"purpose": of, "language_name": NAMES[language], "live": live, "form": form, "preview": preview}
    return render(request, "consent/words.html", context, status=422 if form.errors else 200)


def _retire(request: StaffRequest) -> None:
    try:
        retire_words(request.clinic, get_object_or_404(Wording, pk=_key(request.POST["retire"])), by=request.user)
        messages.success(request, "These words are out of force. Nobody is asked in them any more.")
    except ConsentRefused as refusal:
        messages.error(request, refusal.explanation)


def _in_force(request: StaffRequest, form: RulesForm, after: Profile | None) -> bool:
    try:
        made = publish_rules(request.clinic, form.draft(), by=request.user, after=after)
    except ConsentRefused as refusal:
        form.add_error(None, refusal.explanation)
        return False
    messages.success(request, f"From now on you ask by the rules of {made.name}, version {made.version}.")
    return True


def _profiles(holds: Profile) -> list[Profile]:
    """Return what can be chosen: the newest version of each, and the one that holds here."""
    found = newest()
    return found if holds in found else [*found, holds]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise Http404 from fault


def _published(request: StaffRequest, form: WordingForm, draft: Wording) -> bool:
    try:
        done = publish_words(request.clinic, draft, by=request.user)
    except ConsentRefused as refusal:
        form.add_error(None, refusal.explanation)
        return False
    messages.success(request, f"Version {done.version} is in force. What was agreed to before stays as it was.")
    return True


def _texts(live: Wording | None) -> dict[str, Any]:
    return {name: getattr(live, name) for name in WordingForm.Meta.fields} if live else {}


def _by_language(purpose: Purpose, words: list[Wording]) -> list[tuple[str, str, Wording | None, list[Wording]]]:
    """Return, for each language, its tag and name, the words in force and those retired."""
    found = []
    for language, name in NAMES.items():
        of = [one for one in words if one.purpose_id == purpose.pk and one.language == language]
        live = next((one for one in of if one.retired_at is None), None)
        found.append((language, name, live, [one for one in of if one.retired_at is not None]))
    return found
