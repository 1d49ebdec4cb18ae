"""Why a sealed object cannot be opened."""


class VaultError(Exception):
    """The vault cannot do what was asked."""


class Missing(VaultError):  # noqa: N818 - it says what happened
    """No such object, or its file is gone."""


class Destroyed(VaultError):  # noqa: N818 - it says what happened
    """The object's key was destroyed on purpose."""


class Tampered(VaultError):  # noqa: N818 - it says what happened
    """The sealed bytes are not what was sealed, or not for this object."""


class KeyUnavailable(VaultError):  # noqa: N818 - it says what happened
    """The key that wraps data keys is not here."""
