"""What a role may not is opened for an hour, loudly, and never the settings, the people or the trail."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django import Settings

from tests.factories.clinics import make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics import break_glass
from ultrasound_portal.clinics.models import GlassReason, Membership
from ultrasound_portal.clinics.rights import can
from ultrasound_portal.clinics.roles import CAPABILITIES, Capability, Role

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R42")]


@pytest.fixture
def ada() -> Membership:
    return make_member(role=Role.ADMINISTRATOR, email="ada@example.org")


@pytest.fixture
def bea(ada: Membership) -> Membership:
    return make_member(ada.clinic, Role.SONOGRAPHER)


def test_opened_told_used_and_noted(
    ada: Membership, bea: Membership, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.PORTAL_EMAIL = "smtp"
    broken = break_glass.open_(bea, Capability.CONSENT, GlassReason.URGENT)
    assert timedelta(minutes=59) < broken.ends_at - timezone.now() <= timedelta(hours=1)
    assert can(bea, Capability.CONSENT)
    assert [one.to for one in mailoutbox] == [["ada@example.org"]]
    assert "a patient needs it now" in mailoutbox[0].body
    break_glass.note_use(bea, [Capability.CONSENT], "sharing:ceremony")
    assert list(break_glass.unseen(ada.clinic)) == [broken]
    break_glass.note_seen(broken, by=ada.user)
    assert not break_glass.unseen(ada.clinic).exists()
    entries = Entry.objects.filter(object_kind="glass").order_by("seq")
    assert [(entry.event, entry.actor) for entry in entries] == [
        (Event.GLASS_BROKEN, f"user:{bea.user_id}"),
        (Event.GLASS_USED, f"user:{bea.user_id}"),
        (Event.GLASS_SEEN, f"user:{ada.user_id}"),
    ]
    assert entries[0].detail == {"right": "consent", "reason": "urgent"}


def test_it_is_closed_before_its_time(bea: Membership) -> None:
    break_glass.open_(bea, Capability.RELEASE, GlassReason.ALONE)
    break_glass.close(bea)
    assert not can(bea, Capability.RELEASE)
    assert Entry.objects.filter(event=Event.GLASS_CLOSED).count() == 1


@pytest.mark.parametrize("role", Role)
def test_settings_people_and_trail_are_out_of_everybodys_reach(role: Role) -> None:
    member = make_member(role=role)
    within = set(break_glass.reach(member))
    assert within.isdisjoint(CAPABILITIES[role])
    assert within <= set(break_glass.BREAKABLE)
    assert within.isdisjoint({Capability.PEOPLE, Capability.AUDIT, Capability.BRAND, Capability.POLICY})
    for capability in set(Capability) - within:
        with pytest.raises(break_glass.NotBreakable):
            break_glass.open_(member, capability, GlassReason.URGENT)


def test_nobody_notes_her_own(ada: Membership, bea: Membership) -> None:
    broken = break_glass.open_(bea, Capability.RELEASE, GlassReason.ALONE)
    with pytest.raises(break_glass.NotBreakable):
        break_glass.note_seen(broken, by=bea.user)
