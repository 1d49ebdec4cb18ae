"""What staff fill in to have somebody decide or sign from afar."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from consent.capacity import OpenBasis
from consent.models import CapacityRule, Purpose
from consent.states import Assent, Basis, Fact
from sharing.invitation_form import InvitationForm, TermsForm
from sharing.models.invitation import LONGEST, USUAL
from sharing.states import Channel, SecondSecret
from ultrasound_portal.clinics.models import User

pytestmark = pytest.mark.django_db

GUARDIAN = [Fact.AUTHORITY, Fact.PROOF, Fact.AUTHORITY_END, Fact.ASSENT_MAY_LACK]


def form(data: dict[str, object] | None = None, basis: Basis = Basis.ADULT, *facts: Fact) -> InvitationForm:
    asked = OpenBasis(basis, CapacityRule(basis=basis, facts=list(facts)), assessed=False, assents=bool(facts))
    purposes = list(Purpose.objects.all())
    return InvitationForm(data, asked=asked, asks_born=False, purposes=purposes, language="")


def said(**more: object) -> dict[str, object]:
    until = (timezone.localdate() + timedelta(days=5)).isoformat()
    return {"ask": ["own_copy"], "language": "es", "until": until, **more}


def test_an_invitation_asks_nothing_by_itself_and_ends_within_a_month() -> None:
    empty = form()
    assert not empty["ask"].value()
    assert empty["language"].value() == "en"
    assert empty["until"].value() == timezone.localdate(timezone.now() + USUAL)
    late = form(said(until=(timezone.localdate() + LONGEST).isoformat()))
    assert "within 30 days" in late.errors["until"][0]
    assert len(late.recipient_fields) == 4


def test_what_was_seen_of_a_guardian_goes_into_the_brief() -> None:
    filled = form(
        said(authority="Order", proof="No. 1", authority_until="2031-02-28", assent_note="asleep"),
        Basis.GUARDIAN,
        *GUARDIAN,
    )
    assert filled.is_valid()
    assert [field.name for field in filled.right_fields] == ["authority", "proof", "authority_until", "assent_note"]
    claim = filled.brief(User()).claim
    assert (claim.basis, claim.authority, claim.assent) == (Basis.GUARDIAN, "Order", Assent.NOT_POSSIBLE)
    filled = form(said(authority="Order"), Basis.GUARDIAN, *GUARDIAN)
    assert filled.is_valid()
    assert filled.brief(User()).claim.assent == Assent.NOT_ASKED


def test_codes_need_a_sender_and_an_address(settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {}
    assert not form().sends_codes
    assert "second_secret" in form(said(second_secret="email", contact="rowan@example.net")).errors
    settings.MESSAGE_SENDERS = dict.fromkeys(Channel.values, "sharing.senders.files.FileSender")
    assert form().sends_codes
    assert "contact" in form(said(second_secret="sms", contact="no number")).errors
    filled = form(said(second_secret="sms", contact="+44 1632 960123"))
    assert filled.is_valid()
    assert (filled.opened_by(), filled.address()) == (SecondSecret.SMS, "+441632960123")
    card = TermsForm({"until": said()["until"], "contact": "rowan@example.net"})
    assert card.is_valid()
    assert (card.opened_by(), card.address()) == (SecondSecret.CARD, "")
