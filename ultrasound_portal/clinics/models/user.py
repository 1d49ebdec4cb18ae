"""Members of staff, who sign in with an e-mail address."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


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
