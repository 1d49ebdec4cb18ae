"""A person's code app, passkeys and recovery codes."""

import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from tests.factories.clinics import code_of, give_code_app, make_user
from ultrasound_portal.clinics import second_factors
from ultrasound_portal.clinics.models import Proof, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user(email="ada@example.org")


def passkey(user: User, name: str = "The blue key") -> Authenticator:
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


def test_a_code_app_is_kept_only_with_its_right_code(ada: User) -> None:
    secret = second_factors.fresh_secret()
    assert not second_factors.add_code_app(ada, secret, "000000x")
    assert not second_factors.enrolled(ada)
    code = code_of(secret)
    assert second_factors.add_code_app(ada, secret, f"{code[:3]} {code[3:]}")
    assert second_factors.enrolled(ada)
    assert second_factors.accepts(ada, code) is None  # the code of the set-up is used up
    assert second_factors.accepts(ada, code_of(secret, steps=1)) == Proof.CODE


def test_the_codes_are_those_of_rfc_6238(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = get_adapter().encrypt("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")  # appendix B: "12345678901234567890"
    for at, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        monkeypatch.setattr(time, "time", lambda at=at: at)
        assert code_of(secret) == code


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong(ada: User, monkeypatch: pytest.MonkeyPatch, steps: int, good: bool) -> None:
    monkeypatch.setattr(time, "time", lambda: 2_000_000_010.0)
    assert (second_factors.accepts(ada, code_of(give_code_app(ada), steps=steps)) == Proof.CODE) is good


def test_an_older_code_is_refused_after_a_newer_one(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 2_000_000_010.0)
    secret = give_code_app(ada)
    assert second_factors.accepts(ada, code_of(secret, steps=1))
    assert second_factors.accepts(ada, code_of(secret)) is None


def test_a_new_app_takes_the_place_of_the_former_one(ada: User) -> None:
    former = give_code_app(ada)
    fresh = second_factors.fresh_secret()
    second_factors.add_code_app(ada, fresh, code_of(fresh))
    assert second_factors.accepts(ada, code_of(former)) is None
    assert [one.name for one in second_factors.factors_of(ada)] == ["Code app"]


def test_recovery_codes_alone_are_no_second_factor(ada: User) -> None:
    codes = second_factors.make_recovery_codes(ada)
    assert len(set(codes)) == 10
    assert all(len(code) == 10 for code in codes)
    assert not second_factors.enrolled(ada)
    assert second_factors.codes_left(ada) == 10


def test_new_recovery_codes_end_the_former_ones(ada: User) -> None:
    former = second_factors.make_recovery_codes(ada)[0]
    fresh = second_factors.make_recovery_codes(ada)[0]
    assert second_factors.accepts(ada, former) is None
    assert second_factors.accepts(ada, fresh) == Proof.RECOVERY
    assert second_factors.codes_left(ada) == 9


def test_without_any_factor_no_code_is_right(ada: User) -> None:
    assert second_factors.accepts(ada, "") is None
    assert second_factors.codes_left(ada) == 0


def test_the_last_factor_stays_and_so_do_those_of_others(ada: User) -> None:
    give_code_app(ada)
    [app] = second_factors.factors_of(ada)
    assert not second_factors.remove(ada, app.id)
    key = passkey(ada)
    theirs = passkey(make_user())
    assert not second_factors.remove(ada, theirs.pk)
    assert second_factors.remove(ada, app.id)
    assert [(one.name, one.is_passkey) for one in second_factors.factors_of(ada)] == [("The blue key", True)]
    assert not second_factors.remove(ada, key.pk)


def test_all_are_forgotten_at_once(ada: User) -> None:
    give_code_app(ada)
    second_factors.make_recovery_codes(ada)
    second_factors.forget(ada)
    assert not Authenticator.objects.exists()


def test_the_square_and_the_letters_say_the_same(ada: User) -> None:
    app = second_factors.code_app(ada, get_adapter().encrypt("JBSWY3DPEHPK3PXP"))
    assert app.secret == "JBSW Y3DP EHPK 3PXP"
    assert app.side > 30
    assert app.path.startswith("M4 4h1v1h-1z")
