"""Secrets of second factors are encrypted in the database, under a key that is not in it."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken

from tests.factories.clinics import make_user
from ultrasound_portal.clinics import second_factors
from ultrasound_portal.clinics.second_factor_keeping import ISSUER, Keeping


def test_what_is_kept_is_not_the_secret_and_opens_again() -> None:
    kept = Keeping().encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in kept
    assert kept != Keeping().encrypt("JBSWY3DPEHPK3PXP")
    assert Keeping().decrypt(kept) == "JBSWY3DPEHPK3PXP"


def test_a_changed_secret_is_seen() -> None:
    kept = Keeping().encrypt("JBSWY3DPEHPK3PXP")
    with pytest.raises(InvalidToken):
        Keeping().decrypt(kept[:-8] + "AAAAAAA=")


@pytest.mark.django_db
def test_allauth_uses_it_for_codes_and_recovery_codes() -> None:
    assert isinstance(get_adapter(), Keeping)
    user = make_user(email="ada@example.org")
    codes = second_factors.make_recovery_codes(user)
    kept = str(Authenticator.objects.get().data)
    assert not any(code in kept for code in codes)
    assert Keeping().get_totp_issuer() == ISSUER
    assert Keeping().get_public_key_credential_user_entity(user)["id"] == user.pk.hex.encode()
