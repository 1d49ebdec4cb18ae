"""Why a sealed object cannot be opened."""


class VaultError(Exception):
    """The vault cannot do what was asked."""


class Missing(VaultError):
    """No such object, or its file is gone."""


class Destroyed(VaultError):
    """The object's key was destroyed on purpose."""


class Tampered(VaultError):
    """The sealed bytes are not what was sealed, or not for this object."""


class KeyUnavailable(VaultError):
    """The key that wraps data keys is not here."""


class StoreUnavailable(OSError):
    """The object store does not answer, or refuses; the text says nothing of the object."""


class NotRotatable(VaultError):
    """The key is not the portal's to change; the text says whose it is."""
