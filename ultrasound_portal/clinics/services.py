"""Makes clinics and users, gives roles, publishes brands: each one transaction with its audit entry."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Max

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.colours import ENOUGH, contrast
from ultrasound_portal.clinics.errors import BrandFault, BrandRefused
from ultrasound_portal.clinics.logos import repainted
from ultrasound_portal.clinics.looks import USUAL, Look, check_look
from ultrasound_portal.clinics.models import BrandKit, Clinic, Membership, User
from ultrasound_portal.clinics.roles import Role, joined
from ultrasound_portal.clinics.signals import brand_published
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal

SYSTEM = "system:setup"
FIRST_BACKGROUND, FIRST_INK = "#1f4e5f", "#ffffff"


@transaction.atomic
def create_clinic(name: str, contact: str) -> Clinic:
    """Make a clinic with a plain first brand; raises ValueError without a name or a contact."""
    name, contact = name.strip(), contact.strip()
    if not name or not contact:
        raise ValueError("a clinic has a name and a contact for patients who withdraw consent")
    clinic = Clinic.objects.create(name=name, contact=contact)
    publish_brand_kit(clinic, name=name[:60], line="", background=FIRST_BACKGROUND, ink=FIRST_INK, logo=None, by=None)
    return clinic


def create_user(email: str, display_name: str, password: str, *, is_demo: bool = False) -> User:
    """Make a user; raises ValidationError for a password that is short or common."""
    validate_password(password)
    return User.objects.create_user(email, password, display_name=display_name.strip(), is_demo=is_demo)


@transaction.atomic
def add_member(user: User, clinic: Clinic, roles: Role | Iterable[Role], by: User | None) -> Membership:
    """Give a user one role or several in a clinic; `by` is None when the portal is set up."""
    membership = Membership.objects.create(user=user, clinic=clinic, roles=joined(roles))
    record(
        Event.MEMBER_ADDED,
        actor=_actor(by),
        clinic_id=clinic.id,
        object_kind="user",
        object_id=user.id,
        detail={"roles": membership.roles},
    )
    return membership


def publish_brand_kit(
    clinic: Clinic,
    *,
    name: str,
    line: str,
    background: str,
    ink: str,
    logo: bytes | None,
    by: User | None,
    look: Look = USUAL,
) -> BrandKit:
    """Publish the next version of a clinic's brand; without a new logo the last stays. Raises BrandRefused."""
    name, line, background, ink = check_brand(name, line, background=background, ink=ink)
    check_look(look)
    painted = None if logo is None else repainted(logo)
    on_paper = None if look.paper_logo is None else repainted(look.paper_logo)
    words = {"name": name, "line": line, "background": background, "ink": ink}
    kept = {"web": look.web, "handle": look.handle, "qr": look.qr, "top": look.top, "height": look.height}
    return _published(clinic, words | kept, logos={"logo_id": painted, "paper_logo_id": on_paper}, by=by)


@transaction.atomic
def _published(
    clinic: Clinic, values: Mapping[str, Any], *, logos: Mapping[str, bytes | None], by: User | None
) -> BrandKit:  # Any: values of the columns
    Clinic.objects.select_for_update().get(pk=clinic.pk)  # one publisher at a time, so that versions have no gaps
    last = clinic.brand_kits.aggregate(last=Max("version"))["last"] or 0
    kit = BrandKit.objects.create(
        clinic=clinic,
        version=last + 1,
        created_by=by,
        **values,
        **{column: _logo_id(clinic, data, last, column) for column, data in logos.items()},
    )
    record(
        Event.BRAND_PUBLISHED,
        actor=_actor(by),
        clinic_id=clinic.id,
        object_kind="brand",
        object_id=kit.id,
        detail={"version": kit.version},
    )
    transaction.on_commit(partial(brand_published.send_robust, BrandKit, clinic_id=clinic.pk))
    return kit


def check_brand(name: str, line: str, *, background: str, ink: str) -> tuple[str, str, str, str]:
    """Return the values as they will be kept; raises BrandRefused with the first fault."""
    name, line, background, ink = name.strip(), line.strip(), background.strip().lower(), ink.strip().lower()
    if not 0 < len(name) <= 60:
        raise BrandRefused(BrandFault.NAME)
    if len(line) > 80:
        raise BrandRefused(BrandFault.LINE)
    try:
        ratio = contrast(background, ink)
    except ValueError:
        raise BrandRefused(BrandFault.COLOUR) from None
    if ratio < ENOUGH:
        raise BrandRefused(BrandFault.CONTRAST)
    return name, line, background, ink


def current_brand(clinic: Clinic) -> BrandKit:
    """Return the newest version; every clinic has one."""
    return clinic.brand_kits.latest("version")


def _logo_id(clinic: Clinic, logo: bytes | None, last: int, column: str) -> UUID | None:
    if logo is not None:
        return seal(logo, kind=ObjectKind.LOGO, clinic_id=clinic.id).id
    kept = clinic.brand_kits.filter(version=last).first()
    return getattr(kept, column) if kept else None


def _actor(by: User | None) -> str:
    return f"user:{by.pk}" if by else SYSTEM
