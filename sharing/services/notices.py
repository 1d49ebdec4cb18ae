"""She is told by message that a link of hers was opened for the first time, if she asks for it and confirms where.

The message says no more than that. Quiet stops it, and is asked again when it is sent (`messages.may_send`).
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from sharing import throttle, tokens
from sharing.contacts import seal_contact
from sharing.models import Link, Message, Notice
from sharing.sealed import fields_of
from sharing.services import codes
from sharing.services.messages import Draft, queue_message, stop_messages
from sharing.services.withdrawal import is_her_own
from sharing.states import Channel, MessageFault, MessageKind, MessageState
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.patients.care import is_quiet
from ultrasound_portal.patients.erasing import shred_all
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.vault.errors import VaultError

LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Where she wants to be told, as her page shows it; `failed` says that the last message could not be sent."""

    place: str
    confirmed: bool
    failed: bool


def asked_of(patient: Patient) -> Asked | None:
    """Return what a patient asked for, or nothing; an address that cannot be read counts as none."""
    notice = Notice.objects.filter(patient=patient).first()
    place = _place(notice) if notice else ""
    if notice is None or not place:
        return None
    its_own = Q(kind=MessageKind.FIRST_OPENING) | Q(kind=MessageKind.CODE, link=None)
    last = Message.objects.filter(its_own, patient=patient, created_at__gte=notice.asked_at).first()
    failed = last is not None and last.state == MessageState.FAILED
    return Asked(place=_masked(place), confirmed=notice.confirmed_at is not None, failed=failed)


@transaction.atomic
def ask(own: Link, channel: Channel, to: str, *, address: str) -> str:
    """Keep an address that is not confirmed yet and send a code there; it takes the place of a former one.

    The value is returned that the page gives back beside the code. Where codes were asked for too often none is sent,
    and nobody is told. `address` is that of the visitor's network.
    """
    patient = Patient.objects.select_for_update(no_key=True).get(pk=own.patient_id)
    turn_off(patient, actor=f"link:{own.pk}")
    now, asked, match = timezone.now(), tokens.new_secret(), throttle.address_match(address)
    object_id, sealed = seal_contact(to, clinic_id=patient.clinic_id)
    Notice.objects.create(
        patient=patient,
        channel=channel,
        contact_object_id=object_id,
        contact_sealed=sealed,
        asked_hash=tokens.secret_hash(asked),
        asked_at=now,
    )
    if codes.may_ask(patient.pk, match, now):
        request = codes.Request(
            door_id=patient.pk,
            asked=asked,
            address_match=match,
            patient=patient,
            channel=channel,
            to=to,
            language=_language(own),
        )
        codes.send_code(request, now, actor=f"link:{own.pk}")
    return asked


@transaction.atomic
def confirm(own: Link, *, asked: str, code: str) -> bool:
    """Count her address from now on where the code fits that was sent there; three tries, as for every code."""
    now = timezone.now()
    notice = Notice.objects.select_for_update().filter(patient=own.patient_id).first()
    sent = codes.live_code(own.patient_id, asked, now)
    right = tokens.code_matches(code, sent.code_hash if sent else None)
    if notice is None or sent is None or not tokens.same_hash(notice.asked_hash, tokens.secret_hash(asked)):
        return False
    if not right or not codes.use(sent, now):
        codes.note_wrong(sent)
        return False
    notice.asked_hash, notice.confirmed_at = "", now
    notice.save(update_fields=["asked_hash", "confirmed_at"])
    _record(Event.NOTICES_TURNED_ON, own.patient, f"link:{own.pk}", channel=notice.channel)
    return True


@transaction.atomic
def turn_off(patient: Patient, *, actor: str) -> bool:
    """Forget her address and stop what still waits to go there; false where there was none."""
    notice = Notice.objects.select_for_update().filter(patient=patient).first()
    if notice is None:
        return False
    waiting = Message.objects.filter(patient=patient, kind=MessageKind.FIRST_OPENING)
    stop_messages(waiting, MessageFault.NOT_WANTED, actor=actor)
    shred_all([notice.contact_object_id])
    notice.delete()
    if notice.confirmed_at:
        _record(Event.NOTICES_TURNED_OFF, patient, actor, channel=notice.channel)
    return True


def tell_first_opening(link: Link) -> None:
    """Queue the message about a link that was opened just now, if it is the first time and she wants to know.

    Her own link is none to tell of. An address that cannot be read any more is turned off, and her page says so.
    """
    if link.openings > 0 or is_her_own(link) or is_quiet(link.patient_id):
        return
    notice = Notice.objects.filter(patient=link.patient_id, confirmed_at__isnull=False).first()
    if notice is None:
        return
    place = _place(notice)
    if not place:
        turn_off(link.patient, actor="system:door")
        return
    draft = Draft(
        patient=link.patient,
        kind=MessageKind.FIRST_OPENING,
        channel=Channel(notice.channel),
        to=place,
        fills={},
        life=LIFE,
        language=_language(link),
        link=link,
    )
    queue_message(draft, actor=f"link:{link.pk}")


def _language(link: Link) -> str:
    return link.patient.language or link.grant.wording.language


def _place(notice: Notice) -> str:
    try:
        return fields_of(notice.contact_object_id, notice.contact_sealed)["to"]
    except VaultError:
        return ""


def _masked(place: str) -> str:
    """Return as much of an address as its owner needs to know it again: `r…@example.net`, `…123`."""
    name, at, domain = place.partition("@")
    return f"{name[0]}…@{domain}" if at else f"…{place[-3:]}"


def _record(event: Event, patient: Patient, actor: str, **detail: str) -> None:
    trail.record(
        event,
        actor=actor,
        clinic_id=patient.clinic_id,
        object_kind="patient",
        object_id=patient.pk,
        patient_id=patient.pk,
        detail=detail,
    )
