"""Guessing is slowed down per user and address, and nobody is kept out for good."""

import threading
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection
from django.db.models import F
from django.test import RequestFactory

from ultrasound_portal.clinics import throttle

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R39")]
ADA, HERE, THERE = "ada@example.org", "192.0.2.1", "192.0.2.2"
MOST, AT_AN_ADDRESS = settings.AXES_FAILURE_LIMIT, settings.AXES_FAILURE_LIMIT * settings.TRIES_AT_AN_ADDRESS_WEIGH


def attempt(email: str = ADA, address: str = HERE) -> throttle.Try:
    return throttle.by_password(RequestFactory().post("/sign-in/", REMOTE_ADDR=address), email)


def fail(times: int, email: str = ADA, address: str = HERE) -> throttle.Try:
    for _ in range(times):
        wrong = attempt(email, address)
        if wrong.is_open:
            wrong.count()
    return wrong


def let_pass(time: timedelta) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - time)


def test_the_fifth_wrong_try_closes_the_door() -> None:
    assert not fail(MOST - 1).was_last
    assert attempt().is_open
    assert fail(1).was_last
    assert not attempt().is_open
    assert not attempt(" ADA@example.org").is_open


def test_an_outsider_cannot_keep_the_user_out() -> None:
    fail(20, address=THERE)
    assert attempt().is_open


def test_another_user_at_the_same_address_is_let_in_until_the_address_is_full() -> None:
    fail(MOST)
    assert attempt("bea@example.org").is_open
    for number in range(AT_AN_ADDRESS - MOST):
        fail(1, email=f"guess{number}@example.org")
    assert not attempt("bea@example.org").is_open
    assert attempt("bea@example.org", THERE).is_open


def test_it_opens_by_itself_and_tries_meanwhile_do_not_prolong_it() -> None:
    fail(MOST)
    let_pass(timedelta(minutes=14))
    assert fail(3).wait().endswith("in 1 minute.")
    let_pass(timedelta(minutes=1))
    assert attempt().is_open


def test_a_password_that_comes_in_while_the_door_closes_prolongs_nothing() -> None:
    fail(MOST)
    let_pass(timedelta(minutes=10))
    late = attempt()
    assert authenticate(late, username=ADA, password="wrong") is None
    assert late.wait().endswith("in 5 minutes.")


def test_the_time_left_is_told() -> None:
    assert fail(MOST).wait().endswith("in 15 minutes.")
    let_pass(timedelta(minutes=10))
    assert attempt().wait().endswith("in 5 minutes.")


def test_an_address_opens_when_enough_of_its_tries_have_lapsed() -> None:
    fail(1)
    let_pass(timedelta(minutes=10))
    for number in range(AT_AN_ADDRESS - 1):
        fail(1, email=f"guess{number}@example.org")
    assert attempt("bea@example.org").wait().endswith("in 5 minutes.")
    let_pass(timedelta(minutes=5))
    assert attempt("bea@example.org").is_open


def test_success_forgets_the_users_failures_and_no_others() -> None:
    fail(MOST)
    fail(1, email="bea@example.org")
    fail(1, address=THERE)
    attempt().forget()
    assert attempt().is_open
    assert AccessAttempt.objects.count() == 2


def test_what_has_lapsed_is_removed() -> None:
    fail(1)
    let_pass(timedelta(minutes=14))
    throttle.clear()
    assert AccessAttempt.objects.count() == 1
    let_pass(timedelta(minutes=1))
    throttle.clear()
    assert not AccessAttempt.objects.exists()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_every_try_counts_when_several_processes_hear_them_at_once() -> None:
    start = threading.Barrier(4)

    def guess() -> None:
        wrong = attempt()
        start.wait()
        wrong.count()
        connection.close()

    guessers = [threading.Thread(target=guess) for _ in range(4)]
    for one in guessers:
        one.start()
    for one in guessers:
        one.join()
    assert AccessAttempt.objects.get().failures_since_start == 4
