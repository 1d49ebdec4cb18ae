"""A part that is unchanged is answered with nothing."""

from django.test import RequestFactory

from deid.views.live import fingerprint, unchanged


def test_a_mark_is_short_and_follows_what_is_shown() -> None:
    assert fingerprint("a", "b") == fingerprint("a", "b") != fingerprint("a", "c")
    assert len(fingerprint("a")) == 16


def test_only_the_script_with_the_same_mark_is_up_to_date() -> None:
    make = RequestFactory()
    assert unchanged(make.get("/", {"mark": "x"}, headers={"HX-Request": "true"}), "x")
    assert not unchanged(make.get("/", {"mark": "y"}, headers={"HX-Request": "true"}), "x")
    assert not unchanged(make.get("/", {"mark": "x"}), "x")
