"""How second factors are kept: their secrets encrypted under a key of the vault."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.contrib.auth.base_user import AbstractBaseUser

from ultrasound_portal.vault import keyring

SCOPE = "second factors"
ISSUER = "Ultrasound Portal"


class Keeping(DefaultMFAAdapter):
    """What allauth asks for names and for encryption; raises KeyUnavailable where the vault's key is away."""

    def encrypt(self, text: str) -> str:
        """Return the secret as the database keeps it."""
        return _cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret itself."""
        return _cipher().decrypt(encrypted_text.encode("ascii")).decode()

    def get_totp_issuer(self) -> str:
        """Return the name that a code app shows."""
        return ISSUER

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        """Return what the passkey keeps of its holder: a key, and the address by which she finds it again."""
        address = str(user.get_username())
        return {"id": user.pk.hex.encode("ascii"), "name": address, "display_name": address}


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(keyring.derived_key(SCOPE)))
