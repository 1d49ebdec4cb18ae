"""One word catches everything the vault refuses."""

import pytest

from ultrasound_portal.vault import errors


@pytest.mark.parametrize("kind", [errors.Missing, errors.Destroyed, errors.Tampered, errors.KeyUnavailable])
def test_every_refusal_is_a_vault_error(kind: type[Exception]) -> None:
    assert issubclass(kind, errors.VaultError)
