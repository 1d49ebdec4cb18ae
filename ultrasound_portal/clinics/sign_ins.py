"""The sessions of staff as rows: when one began, who is at the desk, when it locks and when it is over.

A request without a living row is a stranger's, whatever its cookie says; removing the row signs out at the next
request.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ultrasound_portal.clinics import demo_door
from ultrasound_portal.clinics.models import Proof, SignIn, User

KEY = "sign_in"
"""Where the session keeps the key of its row."""

LONGEST = timedelta(hours=10)
"""However busy it is, a session ends after this (ASVS 5.0, 7.3.2)."""

UNSEEN = timedelta(hours=1)
"""A session of which the browser says nothing more ends after this (ASVS 5.0, 7.3.1)."""

FRESH = timedelta(minutes=30)
"""A release is as good as signed for by whoever showed a password or passkey this long ago at most."""

VERY_FRESH = timedelta(minutes=5)
"""For exports, keys and the accounts of others."""

GRAIN = timedelta(seconds=20)
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def begin(request: HttpRequest, user: User, *, proof: Proof) -> SignIn:
    """Give the session that has just been signed in to its row."""
    row = SignIn.objects.create(user=user, proof=proof, device=device(request.headers.get("User-Agent", "")))
    request.session[KEY] = str(row.pk)
    return row


def living(request: HttpRequest) -> SignIn | None:
    """Return the row of this request's session, or nothing where it is over; what is over is removed."""
    user, key = request.user, request.session.get(KEY)
    if not isinstance(user, User) or not key:
        return None
    row = SignIn.objects.filter(pk=UUID(key), user_id=user.pk).first()
    if row is None:
        return None
    now = timezone.now()
    if now - row.started_at > LONGEST or now - row.seen_at > UNSEEN:
        row.delete()
        return None
    if row.proof == Proof.DEMO and not demo_door.is_open(request):
        return None
    return row


def note_contact(row: SignIn, request: HttpRequest) -> None:
    """Note that the browser spoke, and whether it was the person: a page that renews itself is none."""
    now = timezone.now()
    changed: dict[str, datetime] = {}
    if now - row.seen_at > GRAIN:
        changed["seen_at"] = now
    if now - row.active_at > GRAIN and not is_by_script(request) and not is_locked(row):
        changed["active_at"] = now
    if changed:
        SignIn.objects.filter(pk=row.pk).update(**changed)


def note_activity(row: SignIn) -> None:
    """Note that the person is at the desk."""
    now = timezone.now()
    SignIn.objects.filter(pk=row.pk, locked_at=None).update(seen_at=now, active_at=now)


def is_by_script(request: HttpRequest) -> bool:
    """Say whether a script of the page asked, and not a person (Fetch Metadata, Sec-Fetch-Mode)."""
    return "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def is_locked(row: SignIn) -> bool:
    """Say whether the desk was locked, or was left alone for too long."""
    return row.locked_at is not None or timezone.now() - row.active_at > settings.PORTAL_LOCK


def lock(row: SignIn) -> bool:
    """Lock the desk; say whether it was open until now."""
    return SignIn.objects.filter(pk=row.pk, locked_at=None).update(locked_at=timezone.now()) == 1


def is_proved(row: SignIn, within: timedelta) -> bool:
    """Say whether the person showed a password or a passkey lately."""
    return timezone.now() - row.proved_at <= within


def prove(row: SignIn) -> None:
    """Note that the person has just shown a password or a passkey; that opens a locked desk too."""
    now = timezone.now()
    SignIn.objects.filter(pk=row.pk).update(seen_at=now, active_at=now, proved_at=now, locked_at=None)


def of(user: User) -> QuerySet[SignIn]:
    """Return the sessions of a person that can still be used, the latest used first."""
    now = timezone.now()
    return SignIn.objects.filter(user=user, started_at__gt=now - LONGEST, seen_at__gt=now - UNSEEN).order_by("-seen_at")


def end(user: User, *, but: SignIn | None = None) -> int:
    """End a person's sessions, all or all but one; return how many."""
    rows = SignIn.objects.filter(user=user)
    return (rows.exclude(pk=but.pk) if but else rows).delete()[0]


def clear() -> None:
    """Remove the rows that are over."""
    now = timezone.now()
    SignIn.objects.filter(started_at__lte=now - LONGEST).delete()
    SignIn.objects.filter(seen_at__lte=now - UNSEEN).delete()


def device(agent: str) -> str:
    """Return browser and system of a User-Agent header in words of a closed list."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "A browser")
    system = next((f" on {name}" for mark, name in SYSTEMS if mark in agent), "")
    return browser + system
