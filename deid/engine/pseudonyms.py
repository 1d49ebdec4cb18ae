"""Replaces what ties an instance to a person by keyed, repeatable codes: the same input and secret give the same
code.
"""

import base64
import hmac
from datetime import timedelta

# a shift is at least so many days, so that no date of a pregnancy falls upon another one, and at most ten years
_LEAST_DAYS, _MOST_DAYS = 400, 3652
_DAY_SECONDS = 86_400


def key(*scope: str, secret: bytes) -> bytes:
    """Return a secret for one scope, such as a purpose; codes of two scopes cannot be matched without `secret`.

    Raises ValueError for an empty secret, as every function here.
    """
    return _digest("key", "\0".join(scope), secret)


def uid(original: str, *, secret: bytes) -> str:
    """Return a UID under 2.25 (PS3.5 annex B.2) that stands for `original`; without the secret nothing leads back."""
    number = bytearray(_digest("uid", original, secret)[:16])
    number[6] = number[6] & 0x0F | 0x80
    number[8] = number[8] & 0x3F | 0x80
    return f"2.25.{int.from_bytes(number, 'big')}"


def patient(*parts: str, secret: bytes) -> str:
    """Return a short code for the person that `parts` point to; it serves as patient name and patient ID.

    The letters come from the base-32 alphabet, so that the code suits every DICOM text representation.
    """
    code = base64.b32encode(_digest("patient", "\0".join(parts), secret)[:10]).decode("ascii")
    return f"P-{code}"


def offset(*parts: str, secret: bytes) -> timedelta:
    """Return by how much the times of the person that `parts` point to are put back: days and, within one, seconds.

    The seconds matter: the time of day of an examination, known to the second, finds it among a clinic's records.
    """
    number = int.from_bytes(_digest("offset", "\0".join(parts), secret)[:16], "big")
    days, seconds = number // _DAY_SECONDS % (_MOST_DAYS - _LEAST_DAYS + 1), number % _DAY_SECONDS
    return timedelta(days=_LEAST_DAYS + days, seconds=seconds)


def _digest(scope: str, text: str, secret: bytes) -> bytes:
    if not secret:
        raise ValueError("pseudonyms need a secret")
    return hmac.digest(secret, f"{scope}\0{text}".encode(), "sha256")
