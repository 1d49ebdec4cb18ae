"""The two secrets of a link: a long one in the address and a short code on a separate card.

Only hashes are kept. A plain SHA-256 is enough for the long secret, which has 256 bits (ASVS 5.0, 6.5.2); the code is
short and gets the memory-hard hasher.
"""

import hashlib
import hmac
import secrets

from django.contrib.auth.hashers import check_password, make_password

# letters and digits that are not mistaken for each other, in print or when read aloud
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
LONGEST_INPUT = 512


def new_secret() -> str:
    """Return 256 random bits, URL-safe, 43 characters."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """Return the SHA-256 of a secret as 64 hex digits; this is what the database keeps."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same_hash(left: str, right: str) -> bool:
    """Compare two hashes in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def secret_from(text: str) -> str:
    """Return the secret in what a visitor pasted: the secret alone or the whole link with its fragment."""
    return text[:LONGEST_INPUT].strip().rpartition("#")[2]


def new_code() -> str:
    """Return a fresh code for the printed card in two groups, `XXXX-XXXX`; about 39 bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    half = CODE_LENGTH // 2
    return f"{letters[:half]}-{letters[half:]}"


def normalised_code(text: str) -> str:
    """Return the code as it was hashed, whatever the case, dashes and spaces it was typed with."""
    return "".join(letter for letter in text[:LONGEST_INPUT].upper() if letter.isalnum())[: CODE_LENGTH + 1]


def code_hash(code: str) -> str:
    """Return the memory-hard hash of a code (argon2, the first of PASSWORD_HASHERS)."""
    return make_password(normalised_code(code))


def code_matches(code: str, stored: str | None) -> bool:
    """Tell whether the code is the one that was hashed; without a stored hash it costs the same time and says no."""
    if stored is None:
        make_password(normalised_code(code))
        return False
    return check_password(normalised_code(code), stored)
