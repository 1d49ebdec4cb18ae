"""Tells a fault of the work from one of what surrounds it, which passes when an operator mends it or by itself."""

import errno

from django.db import InterfaceError, OperationalError

from ultrasound_portal.vault.errors import KeyUnavailable

OUT_OF = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EIO,
        errno.ESTALE,
        errno.ENOMEM,
        errno.EMFILE,
        errno.ENFILE,
    }
)


def is_to_blame(fault: BaseException) -> bool:
    """Say whether room, memory, database, key or a service was wanting: the same work may well succeed later.

    A service that is away has an OSError without a number (the object store), or one of a broken connection.
    """
    if isinstance(fault, OSError):
        return fault.errno is None or fault.errno in OUT_OF or isinstance(fault, ConnectionError | TimeoutError)
    return isinstance(fault, OperationalError | InterfaceError | KeyUnavailable | MemoryError)
