"""The two secrets."""

import hashlib

import pytest
from django.conf import settings
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from sharing import tokens


def test_a_secret_has_256_bits_and_only_its_hash_is_kept() -> None:
    secret = tokens.new_secret()
    assert len(secret) == 43
    assert tokens.secret_hash(secret) == hashlib.sha256(secret.encode()).hexdigest()
    assert tokens.new_secret() != secret


def test_hashes_are_compared_whole() -> None:
    assert tokens.same_hash("ab", "ab")
    assert not tokens.same_hash("ab", "abc")


def test_a_code_has_two_groups_of_letters_that_cannot_be_confused() -> None:
    codes = [tokens.new_code() for _ in range(50)]
    for code in codes:
        left, dash, right = code.partition("-")
        assert (len(left), dash, len(right)) == (4, "-", 4)
        assert set(left + right) <= set(tokens.ALPHABET)
    assert not set("01OIL") & set(tokens.ALPHABET)
    assert len(set(codes)) == 50


@pytest.mark.parametrize("typed", ["7kmp-r4tw", "7KMPR4TW", " 7kmp r4tw ", "7KMP–R4TW", "7-K-M-P-R-4-T-W"])
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert tokens.code_matches(typed, tokens.code_hash("7KMP-R4TW"))


@pytest.mark.parametrize("typed", ["", "7KMP", "7KMP-R4TX", "7KMP-R4TWW", "x" * 100_000])
def test_another_code_does_not_fit(typed: str) -> None:
    assert not tokens.code_matches(typed, tokens.code_hash("7KMP-R4TW"))


def test_without_a_stored_hash_no_code_fits() -> None:
    assert not tokens.code_matches("7KMP-R4TW", None)


def test_the_codes_hasher_is_memory_hard() -> None:
    from ultrasound_portal import settings as in_service

    assert in_service.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    with override_settings(PASSWORD_HASHERS=in_service.PASSWORD_HASHERS):
        stored = tokens.code_hash("7KMP-R4TW")
        assert stored.startswith("argon2$argon2id$")
        assert len(stored) <= 128
        assert tokens.code_matches("7kmpr4tw", stored)
    assert settings.PASSWORD_HASHERS


@pytest.mark.parametrize(
    "pasted", ["s3cret", " s3cret ", "https://portal.example/v/#s3cret", "portal.example/v#s3cret\n"]
)
def test_the_secret_is_found_in_what_was_pasted(pasted: str) -> None:
    assert tokens.secret_from(pasted) == "s3cret"


@given(st.text())
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert len(tokens.secret_from(text)) <= tokens.LONGEST_INPUT
    assert len(tokens.normalised_code(text)) <= tokens.CODE_LENGTH + 1
