"""Staff, clinics, who works where, and the versions of a clinic's brand."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from ultrasound_portal.clinics.roles import RIGHTS, SETS_OF_ROLES, Capability, Role, joined, parted, says

__all__ = [
    "BrandKit",
    "Clinic",
    "GlassBreak",
    "GlassReason",
    "Invitation",
    "Membership",
    "PasswordReset",
    "Proof",
    "Role",
    "SignIn",
    "User",
]

LONGEST_KEPT = 3650
KNOWN = models.Q(roles__in=[joined(one) for one in SETS_OF_ROLES])
COLOUR = RegexValidator(r"\A#[0-9a-f]{6}\Z", "Write the colour as # and six digits, for example #1f5c54.")


class UserManager(BaseUserManager["User"]):
    """Makes users with a normalised address and a hashed password."""

    def create_user(self, email: str, password: str, **fields: Any) -> "User":  # Any: the model's own fields
        """Store a user; the address is kept in lower case, since people type it either way."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a user by address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A member of staff, who signs in with an e-mail address.

    `is_demo` marks the demo's people, whose password is public; `clinics.demo_door` says where they may come in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    display_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"email", "display_name", "password"})
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "is_active", "is_demo", "created_at", "last_login"})

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="clinics_user_email_any_case")]

    def __str__(self) -> str:
        return str(self.id)


class Clinic(models.Model):
    """A clinic; `contact` is the number or address for withdrawing consent, so it is required.

    Originals are destroyed `originals_kept_days` after their release, and what nobody ever released
    `abandoned_after_days` after its last change; see `deid.services.retention`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=200)
    originals_kept_days = models.PositiveSmallIntegerField(default=30)
    abandoned_after_days = models.PositiveSmallIntegerField(default=180)
    created_at = models.DateTimeField(default=timezone.now)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "name", "contact", "originals_kept_days", "abandoned_after_days", "created_at"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clinics_clinic_has_contact", condition=~models.Q(contact="") & ~models.Q(name="")
            ),
            models.CheckConstraint(
                name="clinics_days_are_bounded",
                condition=models.Q(originals_kept_days__lte=LONGEST_KEPT)
                & models.Q(abandoned_after_days__gte=1, abandoned_after_days__lte=LONGEST_KEPT),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HoldsRoles(models.Model):
    """What has one role or several; `roles.joined` makes the text that is kept."""

    roles = models.CharField(max_length=64)

    class Meta:
        abstract = True

    @property
    def held(self) -> tuple[Role, ...]:
        """Return the roles."""
        return parted(self.roles)

    @property
    def says(self) -> str:
        """Return the roles in words."""
        return says(self.held)


class Membership(HoldsRoles):
    """A person's roles in a clinic."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    created_at = models.DateTimeField(default=timezone.now)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "user", "clinic", "roles", "created_at"})

    class Meta:
        constraints = [
            models.UniqueConstraint(name="clinics_one_membership", fields=["user", "clinic"]),
            models.CheckConstraint(name="clinics_known_roles", condition=KNOWN),
        ]

    def __str__(self) -> str:
        return f"{self.roles} {self.id}"


class BrandKit(models.Model):
    """One version of a clinic's strip; versions are added, never edited: pictures keep the one they show.

    `logo_id` stands on the background colour, `paper_logo_id` on white. The strip stands at the `top` or at the bottom
    and is `height` hundredths of a picture's width high; `qr` draws the web address as a code where there is room.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="brand_kits")
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    line = models.CharField(max_length=80, blank=True)
    background = models.CharField(max_length=7, validators=[COLOUR])
    ink = models.CharField(max_length=7, validators=[COLOUR])
    logo_id = models.UUIDField(null=True, blank=True)
    paper_logo_id = models.UUIDField(null=True, blank=True)
    web = models.CharField(max_length=80, blank=True)
    handle = models.CharField(max_length=40, blank=True)
    qr = models.BooleanField(default=False)
    top = models.BooleanField(default=True)
    height = models.PositiveSmallIntegerField(default=8)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "clinic",
            "version",
            "name",
            "line",
            "background",
            "ink",
            "logo_id",
            "paper_logo_id",
            "web",
            "handle",
            "qr",
            "top",
            "height",
            "created_at",
            "created_by",
        }
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="clinics_brand_version", fields=["clinic", "version"]),
            models.CheckConstraint(name="clinics_brand_height", condition=models.Q(height__gte=6, height__lte=12)),
        ]

    def __str__(self) -> str:
        return f"brand {self.clinic_id} v{self.version}"


class Proof(models.TextChoices):
    """What a person showed beside the password, or in its place."""

    CODE = "code", "Code app"
    PASSKEY = "passkey", "Passkey"
    RECOVERY = "recovery", "Recovery code"
    DEMO = "demo", "Demo, password alone"


class SignIn(models.Model):
    """One session of a member of staff; without its row the session is worth nothing.

    `seen_at` is the last word from the browser, `active_at` the last from the person, `proved_at` the last time she
    showed a password or a passkey. `device` is a browser and a system of a closed list.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    proof = models.CharField(max_length=16, choices=Proof)
    device = models.CharField(max_length=40)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    active_at = models.DateTimeField(default=timezone.now)
    proved_at = models.DateTimeField(default=timezone.now)
    locked_at = models.DateTimeField(null=True, blank=True)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "user", "proof", "device", "started_at", "seen_at", "active_at", "proved_at", "locked_at"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="clinics_known_proof", condition=models.Q(proof__in=Proof.values)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Invitation(HoldsRoles):
    """An address that may join a clinic in its roles, once and until its end; of the secret only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"email"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "clinic", "roles", "secret_hash", "invited_by", "created_at", "ends_at"}
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="clinics_one_invitation", fields=["clinic", "email"]),
            models.CheckConstraint(name="clinics_known_roles_invited", condition=KNOWN),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PasswordReset(models.Model):
    """A new password that was asked for; `user` is empty where nobody has the address, and nothing is sent then.

    Of the secret only the hash is kept, once a worker has made it; `address` is the page that takes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    address = models.URLField(max_length=300)
    secret_hash = models.CharField(max_length=64, blank=True, db_index=True)
    asked_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "user", "address", "secret_hash", "asked_at", "ends_at"})

    def __str__(self) -> str:
        return str(self.id)


class GlassReason(models.TextChoices):
    """Why somebody opens more than her roles allow; a closed list, so that no name can be typed in."""

    URGENT = "urgent", "A patient needs it now"
    ALONE = "alone", "Whoever may do it is not here"
    TAKE_DOWN = "take_down", "Something must be taken back at once"


class GlassBreak(models.Model):
    """One right, opened to a member for a while beyond her roles; `seen_by` is the administrator who noted it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="glass")
    capability = models.CharField(max_length=16)
    reason = models.CharField(max_length=16, choices=GlassReason)
    opened_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "membership", "capability", "reason", "opened_at", "ends_at", "seen_at", "seen_by"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="clinics_glass_closes", condition=models.Q(ends_at__gte=models.F("opened_at"))),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def says(self) -> str:
        """Return the right in words."""
        return RIGHTS[Capability(self.capability)]
