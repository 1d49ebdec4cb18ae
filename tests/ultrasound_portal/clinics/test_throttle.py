"""Guessing is slowed down per user and address, and nobody is kept out for good."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ultrasound_portal.clinics import throttle
from ultrasound_portal.clinics.models import SignInFailure

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R39")]
ADA, HERE, THERE = "ada@example.org", "192.0.2.1", "192.0.2.2"


def fail(times: int, email: str = ADA, address: str = HERE) -> None:
    for _ in range(times):
        throttle.note_failure(email, address)


def test_the_fifth_wrong_try_closes_the_window() -> None:
    fail(throttle.TRIES_PER_USER - 1)
    assert throttle.is_open(ADA, HERE)
    fail(1)
    assert not throttle.is_open(ADA, HERE)
    assert not throttle.is_open(" ADA@example.org", HERE)


def test_an_outsider_cannot_keep_the_user_out() -> None:
    fail(20, address=THERE)
    assert throttle.is_open(ADA, HERE)


def test_another_user_at_the_same_address_is_let_in_until_the_address_is_full() -> None:
    fail(throttle.TRIES_PER_USER)
    assert throttle.is_open("bea@example.org", HERE)
    for number in range(throttle.TRIES_PER_ADDRESS - throttle.TRIES_PER_USER):
        fail(1, email=f"guess{number}@example.org")
    assert not throttle.is_open("bea@example.org", HERE)
    assert throttle.is_open("bea@example.org", THERE)


def test_the_window_rolls_and_old_failures_are_forgotten() -> None:
    fail(throttle.TRIES_PER_USER)
    SignInFailure.objects.update(failed_at=timezone.now() - throttle.WINDOW - timedelta(seconds=1))
    assert throttle.is_open(ADA, HERE)
    fail(1)
    assert SignInFailure.objects.count() == 2


def test_success_forgets_the_users_failures() -> None:
    fail(throttle.TRIES_PER_USER)
    throttle.forget(ADA, HERE)
    assert throttle.is_open(ADA, HERE)


def test_neither_address_is_stored() -> None:
    fail(1)
    stored = str(list(SignInFailure.objects.values()))
    assert "ada@" not in stored
    assert HERE not in stored
