"""One-time codes: sent by another way than the link, short-lived, for one use and for the page that asked.

Three tries, 180 seconds by e-mail and 900 by telephone are the lives that django-allauth gives its codes; the alphabet
is that of RFC 8628, section 6.1: no vowels, so no words, and no letters that look alike.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from sharing import throttle, tokens
from sharing.models import Invitation, Link, OneTimeCode
from sharing.services.messages import Draft, queue_message
from sharing.states import Channel, MessageKind, SecondSecret
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8  # 34 bits
LIVES = {Channel.EMAIL: timedelta(seconds=180), Channel.SMS: timedelta(seconds=900)}
TRIES = 3
PER_ADDRESS = 4
PER_DAY = 20
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks for a code: `asked` is the random value of the page that asks, `door_id` what the code opens."""

    door_id: UUID
    asked: str
    address_match: str
    patient: Patient
    channel: Channel
    to: str
    language: str
    link: Link | None = None


def may_ask(door_id: UUID, address_match: str, at: datetime) -> bool:
    """Tell whether another code may be sent now: 4 for one address within 15 minutes, 20 for one door in a day."""
    made = OneTimeCode.objects.filter(door_id=door_id, made_at__gt=at - DAY)
    here = made.filter(address_match=address_match, made_at__gt=at - throttle.WINDOW)
    return made.count() < PER_DAY and here.count() < PER_ADDRESS


@transaction.atomic
def send_code(request: Request, at: datetime, *, actor: str) -> None:
    """Make a code and put it into the outbox."""
    OneTimeCode.objects.filter(made_at__lte=at - DAY).delete()
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    code, life = f"{letters[:4]}-{letters[4:]}", LIVES[request.channel]
    OneTimeCode.objects.create(
        door_id=request.door_id,
        asked_hash=tokens.secret_hash(request.asked),
        code_hash=tokens.code_hash(code),
        address_match=request.address_match,
        made_at=at,
        expires_at=at + life,
    )
    draft = Draft(
        patient=request.patient,
        kind=MessageKind.CODE,
        channel=request.channel,
        to=request.to,
        fills={"code": code, "minutes": str(int(life.total_seconds()) // 60)},
        life=life,
        language=request.language,
        link=request.link,
    )
    queue_message(draft, actor=actor)


def live_code(door_id: UUID, asked: str, at: datetime) -> OneTimeCode | None:
    """Return the code that a page asked for, while it may still be tried."""
    return _live(at).filter(door_id=door_id, asked_hash=tokens.secret_hash(asked)).first()


def expected(door: Link | Invitation | None, sent: OneTimeCode | None) -> str | None:
    """Return the hash that a code tried at a door has to match, or nothing where no code fits."""
    if door and door.second_secret == SecondSecret.CARD:
        return door.code_hash
    return sent.code_hash if sent else None


def use(code: OneTimeCode, at: datetime) -> bool:
    """Use a code up; false where that has happened meanwhile."""
    return bool(_live(at).filter(pk=code.pk).update(used_at=at))


def note_wrong(code: OneTimeCode) -> None:
    """Count a wrong try; the third is the last."""
    OneTimeCode.objects.filter(pk=code.pk).update(tries=F("tries") + 1)


@transaction.atomic
def reissue(link: Link, *, by: User) -> str:
    """Forget the wrong tries at a link and return a fresh code for its card; none where codes are sent."""
    locked = Link.objects.select_for_update().get(pk=link.pk)
    code = tokens.new_code() if locked.second_secret == SecondSecret.CARD else ""
    if code:
        locked.code_hash = tokens.code_hash(code)
        locked.save(update_fields=["code_hash"])
    locked.attempts.all().delete()
    OneTimeCode.objects.filter(door_id=locked.pk).delete()
    throttle.note_success(locked)
    trail.record(
        Event.CODE_REISSUED,
        actor=f"user:{by.pk}",
        clinic_id=locked.clinic_id,
        object_kind="link",
        object_id=locked.pk,
        patient_id=locked.patient_id,
        purpose=locked.purpose_code,
        grant_id=locked.grant_id,
        detail={"second_secret": locked.second_secret},
    )
    return code


def _live(at: datetime) -> QuerySet[OneTimeCode]:
    return OneTimeCode.objects.filter(used_at=None, tries__lt=TRIES, expires_at__gt=at)
