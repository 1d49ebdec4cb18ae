"""What an administrator chooses for her clinic: whose rules hold, what is asked for, and in which words."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from consent.errors import ConsentRefused, RefusalReason
from consent.models import ClinicProfile, Profile, Purpose, Wording
from consent.offers import offer, withhold
from consent.publishing import publish
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.models import Clinic, User


@transaction.atomic
def choose_profile(clinic: Clinic, profile: Profile, *, by: User) -> None:
    """Have a clinic ask by another jurisdiction's rules; decisions on record keep those they were made by."""
    ClinicProfile.objects.update_or_create(clinic=clinic, defaults={"profile": profile})
    _note(clinic, by, profile=profile.pk)


@transaction.atomic
def change_offer(clinic: Clinic, purpose: Purpose, *, on: bool, by: User) -> None:
    """Have a clinic ask for a purpose, or stop asking; answers on record stay as they are."""
    (offer if on else withhold)(purpose, clinic)
    _note(clinic, by, purpose=purpose.pk, offered=on)


def may_word(clinic: Clinic) -> bool:
    """Whether an administrator of this clinic may publish words: they are the site's, so she must have it alone."""
    return not Clinic.objects.exclude(pk=clinic.pk).exists()


@transaction.atomic
def publish_words(clinic: Clinic, draft: Wording, *, by: User) -> Wording:
    """Publish a draft as the next version of its purpose and language. The one in force retires; what was agreed to in
    it stays agreed to in it, and in nothing more.

    Raises ConsentRefused with WORDING_INCOMPLETE, or NOT_OFFERED where other clinics share the site.
    """
    if not may_word(clinic):
        raise ConsentRefused(RefusalReason.NOT_OFFERED)
    draft.version = next_version(draft.purpose, draft.language)
    published = publish(draft)
    _note(clinic, by, wording=str(published.pk), version=published.version, language=published.language)
    return published


@transaction.atomic
def retire_words(clinic: Clinic, wording: Wording, *, by: User) -> None:
    """Take words out of force with none in their place: nobody is asked in them any more, and what was agreed stays.

    Raises ConsentRefused with WORDING_NOT_LIVE, or NOT_OFFERED where other clinics share the site.
    """
    if not may_word(clinic):
        raise ConsentRefused(RefusalReason.NOT_OFFERED)
    live = Wording.objects.filter(pk=wording.pk, published_at__isnull=False, retired_at=None)
    if not live.update(retired_at=timezone.now()):
        raise ConsentRefused(RefusalReason.WORDING_NOT_LIVE)
    _note(clinic, by, retired=str(wording.pk), version=wording.version, language=wording.language)


def next_version(purpose: Purpose, language: str) -> int:
    """Return the number that the next words of a purpose in a language get."""
    newest = Wording.objects.filter(purpose=purpose, language=language).aggregate(newest=Max("version"))["newest"]
    return (newest or 0) + 1


def _note(clinic: Clinic, by: User, **detail: str | int | bool) -> None:
    record(
        Event.CONSENT_SETTINGS_CHANGED,
        actor=f"user:{by.pk}",
        clinic_id=clinic.pk,
        object_kind="clinic",
        object_id=clinic.pk,
        detail=detail,
    )
