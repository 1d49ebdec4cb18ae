"""New passwords: by a mail to whoever forgot hers, and by one's own hand; every other session ends with the old one.

Asking does the same work for an address that somebody has and for one that nobody has, so neither the answer nor its
time tells them apart; a worker finds out, makes the secret and sends the mail (OWASP Forgot Password Cheat Sheet).
"""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics import sign_ins, staff_mail
from ultrasound_portal.clinics.models import PasswordReset, SignIn, User
from ultrasound_portal.jobs import leases, owners
from ultrasound_portal.jobs.leases import Lease, LeaseLost

KIND = "send_reset"
DOOR, WORKER = "system:door", "system:worker"
LASTS = timedelta(minutes=30)
MOST, WITHIN = 3, timedelta(hours=1)
"""So many mails go to one person within the time; who asks more often is answered alike and sent nothing."""

SUBJECT = "A new password for the Ultrasound Portal"
BODY = """Somebody asked for a new password for your account in the Ultrasound Portal.

If it was you, open this address within half an hour; it works once:

{address}#{secret}

If the page asks for a code, it is the part after the # sign. Your second factor stays and is asked for as always.
If it was not you, delete this mail: your password stays as it is.
"""
CHANGED_SUBJECT = "Your password was changed"
CHANGED = """Your password for the Ultrasound Portal was changed, and you are signed out everywhere else.

If it was not you, tell an administrator of your clinic at once.
"""


@transaction.atomic
def ask(email: str, address: str) -> None:
    """Note that a new password is asked for; `address` is that of the page which takes the secret."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True, is_demo=False).first()
    wish = PasswordReset.objects.create(user=user, address=address, ends_at=timezone.now() + LASTS)
    record(Event.PASSWORD_ASKED, actor=DOOR, clinic_id=None, object_kind="password_reset", object_id=wish.pk)
    leases.enqueue(KIND, wish.pk)


def send(job_id: UUID) -> None:
    """Send the mail of this job if the lease can be had; one that cannot go now is tried again until it ends."""
    lease = leases.claim(job_id, owner=owners.this_process())
    if lease is None:
        return
    try:
        _send(lease)
    except LeaseLost:
        return


def by_secret(secret: str) -> PasswordReset | None:
    """Return what a mailed secret opens, if it still does."""
    return by_key(PasswordReset.objects.filter(secret_hash=_hash(secret.strip())).values_list("pk", flat=True).first())


def by_key(key: UUID | str | None) -> PasswordReset | None:
    """Return a reset that a secret opened before, if it can still be used."""
    if key is None:
        return None
    living = PasswordReset.objects.exclude(secret_hash="").filter(pk=key, ends_at__gt=timezone.now())
    return living.filter(user__is_active=True, user__is_demo=False).select_related("user").first()


@transaction.atomic
def take(reset: PasswordReset, password: str) -> bool:
    """Give the person her new password and use up all that was mailed to her; say whether this was the first to come.

    Raises ValidationError for a password that is short or common.
    """
    living = PasswordReset.objects.select_for_update().filter(pk=reset.pk).first()
    if living is None:
        return False
    _change(reset.user, password, by=DOOR)
    return True


@transaction.atomic
def change(user: User, password: str, *, here: SignIn) -> None:
    """Give a person who is signed in the password she chose; raises ValidationError for a short or common one."""
    _change(user, password, by=f"user:{user.pk}", but=here)


def clear() -> None:
    """Remove the resets that count for nothing any more."""
    PasswordReset.objects.filter(ends_at__lte=timezone.now() - WITHIN).delete()


def _change(user: User | None, password: str, *, by: str, but: SignIn | None = None) -> None:
    assert user is not None
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    PasswordReset.objects.filter(user=user).delete()
    sign_ins.end(user, but=but)
    _note(Event.PASSWORD_CHANGED, user, by=by)
    transaction.on_commit(lambda: staff_mail.send(to=[user.email], subject=CHANGED_SUBJECT, body=CHANGED) and None)


@transaction.atomic
def _send(lease: Lease) -> None:
    leases.renew(lease)  # the job's row is locked from here on: nobody else takes it up
    wish = PasswordReset.objects.select_related("user").filter(pk=lease.object_id).first()
    if wish is not None and _may_go(wish) and not _mailed(wish):
        leases.postpone(lease, "NotMailed")
        return
    with leases.publishing(lease):
        pass


def _may_go(wish: PasswordReset) -> bool:
    now = timezone.now()
    if wish.user is None or wish.ends_at <= now:
        return False
    lately = PasswordReset.objects.filter(user=wish.user, asked_at__gt=now - WITHIN).exclude(secret_hash="")
    return lately.exclude(pk=wish.pk).count() < MOST


def _mailed(wish: PasswordReset) -> bool:
    assert wish.user is not None
    secret = secrets.token_urlsafe(32)
    wish.secret_hash = _hash(secret)
    wish.save(update_fields=["secret_hash"])
    body = BODY.format(address=wish.address, secret=secret)
    if not staff_mail.send(to=[wish.user.email], subject=SUBJECT, body=body):
        return False
    _note(Event.PASSWORD_MAILED, wish.user, by=WORKER)
    return True


def _note(event: Event, user: User, *, by: str) -> None:
    """Put it on the trail of each clinic in which the person works."""
    for clinic_id in user.memberships.values_list("clinic_id", flat=True) or [None]:
        record(event, actor=by, clinic_id=clinic_id, object_kind="user", object_id=user.pk)


def _hash(secret: str) -> str:
    """256 random bits need no slow hash (ASVS 5.0, 6.5.2)."""
    return hashlib.sha256(secret.encode()).hexdigest()
