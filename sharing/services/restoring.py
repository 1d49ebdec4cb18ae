"""A restored database has forgotten what came after its backup: what was ended then is ended again before doors open.

What came after is read from the trail's witness. Where there is none, every yes and every link ends, since nobody can
know which of them still stood. Written in docs/decisions/0012.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from consent.ending import withdraw_consent
from consent.models import Grant
from consent.states import WITHDRAWABLE, WithdrawalChannel
from deid.models import Instance
from deid.services import steps
from deid.services.doubts import hold_for_name
from deid.states import InstanceState, Refusal
from sharing.models import Link, Message, Opening, SexWish
from sharing.services import notices, sex_wishes, shared_copies
from sharing.services.links import revoke_links
from sharing.services.messages import stop_messages
from sharing.states import MessageFault
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.patients import care
from ultrasound_portal.patients.care import CareStatus
from ultrasound_portal.patients.errors import ErasureRefused
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import forget

ACTOR = "system:restore"
CONSENT = "consent_"
# these tell of a consent and change nothing about it; whatever else is said of one after the backup ends it
HARMLESS_TO_CONSENT = frozenset(
    {"consent_ledger_read", "consent_copy_made", "consent_copy_read", "consent_exported", "consent_task_done"}
)
HARMLESS_TO_RELEASE = frozenset(
    {
        Event.PICTURE_VIEWED_BY_STAFF,
        Event.INSTANCE_REPEATED,
        Event.ORIGINAL_DESTROYED,
        Event.RENDERS_MADE,
        Event.RENDERS_DESTROYED,
    }
)


@dataclass(slots=True)
class Afterwards:
    """What the witness tells of the time after the backup, by the keys of what it happened to."""

    grants: set[UUID] = field(default_factory=set)
    links: set[UUID] = field(default_factory=set)
    unreleased: set[UUID] = field(default_factory=set)
    rejected: dict[UUID, str] = field(default_factory=dict)
    forgotten: set[UUID] = field(default_factory=set)
    sex_wishes: set[tuple[UUID, str]] = field(default_factory=set)
    quiet: set[UUID] = field(default_factory=set)
    doubted: set[UUID] = field(default_factory=set)
    no_copies: set[UUID] = field(default_factory=set)
    no_notices: set[UUID] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many entries the trail got back, and how much was ended again; `by_hand` are patients to forget by hand."""

    entries: int
    grants: int
    links: int
    releases: int
    rejections: int
    forgotten: int
    by_hand: tuple[UUID, ...]


@transaction.atomic
def replay(tail: Iterable[Entry]) -> Replayed:
    """Give the trail back what the witness kept of it and end again what was ended; raises ValueError for a gap."""
    after, entries = Afterwards(), 0
    for entry in tail:
        trail.adopt(entry)
        _note(after, entry)
        entries += 1
    _keep_closed(after)
    forgotten, by_hand = _forget(after.forgotten)
    replayed = Replayed(
        entries=entries,
        links=revoke_links(Link.objects.filter(pk__in=after.links), actor=ACTOR),
        grants=_end(Grant.objects.filter(pk__in=after.grants).values_list("pk", flat=True)),
        rejections=_reject(after.rejected),
        releases=_take_back(after.unreleased),
        forgotten=forgotten,
        by_hand=tuple(by_hand),
    )
    _close_doors(replayed, witnessed=True)
    return replayed


@transaction.atomic
def end_everything() -> Replayed:
    """End every yes, every link and every visit, where nobody witnessed what came after the backup."""
    for study_id, purpose_code in SexWish.objects.filter(wanted=True).values_list("study_id", "purpose_code"):
        sex_wishes.close_again(study_id, purpose_code, actor=ACTOR)
    replayed = Replayed(
        entries=0,
        links=revoke_links(Link.objects.all(), actor=ACTOR),
        grants=_end(Grant.objects.values_list("pk", flat=True)),
        releases=0,
        rejections=0,
        forgotten=0,
        by_hand=(),
    )
    _close_doors(replayed, witnessed=False)
    return replayed


def _note(after: Afterwards, entry: Entry) -> None:
    if entry.event.startswith(CONSENT) and entry.event not in HARMLESS_TO_CONSENT:
        after.grants |= {key for key in (_key(entry.grant_id), _key(entry.detail.get("replaces"))) if key}
    key = _key(entry.object_id)
    if key is None:
        return
    _note_word(after, entry, key)
    if entry.event == Event.LINK_REVOKED:
        after.links.add(key)
    elif entry.event == Event.PATIENT_FORGOTTEN:
        after.forgotten.add(key)
    elif entry.event == Event.STUDY_HELD_BACK:
        after.unreleased |= set(Instance.objects.filter(study_id=key).values_list("pk", flat=True))
    elif entry.event == Event.INSTANCE_REJECTED:
        after.rejected[key] = str(entry.detail.get("reason", Refusal.NOT_FOR_SHARING))
    elif entry.object_kind == "instance" and entry.event not in HARMLESS_TO_RELEASE:
        after.unreleased.add(key)


def _note_word(after: Afterwards, entry: Entry, key: UUID) -> None:
    if entry.event == Event.SEX_WISH_NOTED:
        after.sex_wishes.add((key, entry.purpose))
    elif entry.event == Event.NAME_REPORTED:
        after.doubted.add(key)
    elif entry.event == Event.COPIES_DELETED:
        after.no_copies.add(key)
    elif entry.event == Event.NOTICES_TURNED_OFF:
        after.no_notices.add(key)
    elif entry.event == Event.CARE_STATUS_NOTED:
        (after.quiet.add if entry.detail.get("quiet") else after.quiet.discard)(key)


def _keep_closed(after: Afterwards) -> None:
    """Hold again where a name was seen, ask again what she said of the sex, keep the quiet that began, and end again
    the copies and the notices that she ended.
    """
    for picture_id in sorted(after.doubted):
        hold_for_name(picture_id, actor=ACTOR)
    for study_id, purpose_code in sorted(after.sex_wishes):
        sex_wishes.close_again(study_id, purpose_code, actor=ACTOR)
    for patient in Patient.objects.filter(pk__in=after.quiet):
        if not care.is_quiet(patient.pk):
            care.note_status(patient, CareStatus.NOT_SAID, actor=ACTOR)
    for patient in Patient.objects.filter(pk__in=after.no_copies):
        shared_copies.end_files(patient, actor=ACTOR)
    for patient in Patient.objects.filter(pk__in=after.no_notices):
        notices.turn_off(patient, actor=ACTOR)


def _key(value: object) -> UUID | None:
    return UUID(str(value)) if value else None


def _end(keys: Iterable[UUID]) -> int:
    """Withdraw what holds, waits or rests; her words are in the adopted entries, this one says who repeats them."""
    ended = 0
    for grant in Grant.objects.filter(pk__in=list(keys), state__in=WITHDRAWABLE).order_by("pk"):
        withdraw_consent(grant, actor=ACTOR, channel=WithdrawalChannel.WRITTEN)
        ended += 1
    return ended


def _reject(rejected: dict[UUID, str]) -> int:
    done = 0
    for instance in _locked(rejected):
        if instance.state == InstanceState.RELEASED:
            steps.take_back(instance)
        if instance.state in {InstanceState.CLEAN, InstanceState.HELD, InstanceState.FAILED}:
            instance.move_to(InstanceState.REJECTED, reason=rejected[instance.pk])
            instance.save()
            _record(Event.INSTANCE_REJECTED, instance, reason=instance.reason)
            done += 1
    return done


def _take_back(keys: set[UUID]) -> int:
    done = 0
    for instance in _locked(keys):
        if instance.state == InstanceState.RELEASED:
            steps.take_back(instance)
            instance.save()
            _record(Event.RELEASE_UNDONE, instance)
            done += 1
    return done


def _locked(keys: Iterable[UUID]) -> Iterable[Instance]:
    pictures = Instance.objects.select_for_update(of=("self",)).select_related("study", "current_run")
    return pictures.filter(pk__in=list(keys)).order_by("pk")


def _forget(keys: set[UUID]) -> tuple[int, list[UUID]]:
    done, by_hand = 0, []
    for patient in Patient.objects.filter(pk__in=keys):
        try:
            forget(patient, actor=ACTOR)
            done += 1
        except ErasureRefused:
            by_hand.append(patient.pk)
    return done, by_hand


def _close_doors(replayed: Replayed, *, witnessed: bool) -> None:
    """Sign everybody out, end every visit, stop every message, and say on the trail what was done."""
    Session.objects.all().delete()
    Opening.objects.filter(ended_at=None).update(ended_at=timezone.now())
    stop_messages(Message.objects.all(), MessageFault.RESTORED, actor=ACTOR)
    trail.record(
        Event.RESTORED,
        actor=ACTOR,
        clinic_id=None,
        detail={
            "witnessed": witnessed,
            "entries": replayed.entries,
            "grants_ended": replayed.grants,
            "links_revoked": replayed.links,
            "releases_undone": replayed.releases,
            "rejected": replayed.rejections,
            "forgotten": replayed.forgotten,
        },
    )


def _record(event: Event, instance: Instance, **detail: str) -> None:
    trail.record(
        event,
        actor=ACTOR,
        clinic_id=instance.clinic_id,
        object_kind="instance",
        object_id=instance.id,
        patient_id=instance.study.patient_id,
        detail=detail,
    )
