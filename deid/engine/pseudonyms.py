"""Replaces what ties an instance to a person by keyed, repeatable codes: the same input and secret give the same
code.
"""

import base64
import hmac


def uid(original: str, *, secret: bytes) -> str:
    """Return a UID under 2.25 (PS3.5 annex B.2) that stands for `original`; without the secret nothing leads back.

    Raises ValueError for an empty secret.
    """
    number = bytearray(_digest("uid", original, secret)[:16])
    number[6] = number[6] & 0x0F | 0x80
    number[8] = number[8] & 0x3F | 0x80
    return f"2.25.{int.from_bytes(number, 'big')}"


def patient(*parts: str, secret: bytes) -> str:
    """Return a short code for the person that `parts` point to; it serves as patient name and patient ID.

    The letters come from the base-32 alphabet, so that the code suits every DICOM text representation. Raises
    ValueError for an empty secret.
    """
    code = base64.b32encode(_digest("patient", "\0".join(parts), secret)[:10]).decode("ascii")
    return f"P-{code}"


def _digest(scope: str, text: str, secret: bytes) -> bytes:
    if not secret:
        raise ValueError("pseudonyms need a secret")
    return hmac.digest(secret, f"{scope}\0{text}".encode(), "sha256")
