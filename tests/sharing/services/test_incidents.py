"""Opening an incident stops everything of a study at once."""

from datetime import timedelta

import pytest
from django.db import Error, transaction
from django.utils import timezone

from consent.models import Task
from consent.states import GrantState, SuspensionCause, TaskKind
from sharing import access
from sharing.errors import IncidentRefusal, IncidentRefused, LinkClosed, LinkRefusal, LinkRefused
from sharing.models import Incident, IncidentStep, Link, Opening
from sharing.services import incidents
from sharing.services.incidents import UNREADABLE, account_of, close_incident, do_step, open_incident
from sharing.states import IncidentKind, IncidentOutcome, StepKind
from tests.factories.sharing import Scene, make_grant, make_link, make_released, make_study
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.patients.services import forget

pytestmark = pytest.mark.django_db


def opened(scene: Scene) -> Incident:
    return open_incident(
        scene.study, kind=IncidentKind.POSTED, account=" Seen on a wall. ", known_at=timezone.now(), by=scene.clinician
    )


@pytest.mark.requirement("R21")
def test_all_links_of_the_study_die_and_its_consents_rest(scene: Scene) -> None:
    family = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    make_link(family, scene.study, scene.clinician)
    visit = scene.visit()
    found = opened(scene)
    assert (found.links_closed, found.consents_rested) == (2, 2)
    assert not Link.objects.filter(study=scene.study, revoked_at=None).exists()
    assert not Opening.objects.filter(link__study=scene.study, ended_at=None).exists()
    with pytest.raises(LinkClosed):
        access.pictures(visit)
    for grant in (scene.grant, family):
        grant.refresh_from_db()
        assert grant.state == GrantState.SUSPENDED
        assert grant.suspensions.get().cause == SuspensionCause.INCIDENT
        assert Task.objects.filter(grant=grant, kind=TaskKind.DECIDE, done_at=None).exists()
    assert account_of(found) == "Seen on a wall."
    assert {step.kind for step in found.steps.all()} == set(StepKind)


@pytest.mark.requirement("R21")
def test_no_link_is_made_while_it_rests(scene: Scene) -> None:
    opened(scene)
    with pytest.raises(LinkRefused) as refused:
        make_link(scene.grant, scene.study, scene.clinician)
    assert refused.value.reason == LinkRefusal.NO_CONSENT


def test_another_study_stays_as_it_was(scene: Scene) -> None:
    other = make_study(scene.clinic, scene.patient)
    make_released(other, scene.clinician)
    grant = make_grant(scene.patient, scene.clinician, other, purpose="own_copy")
    link = make_link(grant, other, scene.clinician).link
    opened(scene)
    grant.refresh_from_db()
    link.refresh_from_db()
    assert (grant.state, link.revoked_at) == (GrantState.ACTIVE, None)


def test_all_or_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(incidents, "_record", broken)
    with pytest.raises(RuntimeError):
        opened(scene)
    scene.link.refresh_from_db()
    scene.grant.refresh_from_db()
    assert (scene.link.revoked_at, scene.grant.state) == (None, GrantState.ACTIVE)
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("account", "ahead", "reason"),
    [("  ", timedelta(0), IncidentRefusal.NOT_TOLD), ("x", timedelta(minutes=5), IncidentRefusal.NOT_YET)],
    ids=["nothing-told", "in-future"],
)
def test_what_cannot_be_is_refused(scene: Scene, account: str, ahead: timedelta, reason: IncidentRefusal) -> None:
    with pytest.raises(IncidentRefused) as refused:
        open_incident(
            scene.study,
            kind=IncidentKind.OTHER,
            account=account,
            known_at=timezone.now() + ahead,
            by=scene.clinician,
        )
    assert refused.value.reason == reason
    scene.link.refresh_from_db()
    assert scene.link.revoked_at is None


def test_it_closes_when_every_step_is_done(scene: Scene) -> None:
    found = opened(scene)
    with pytest.raises(IncidentRefused) as refused:
        close_incident(found, IncidentOutcome.NO_BREACH, by=scene.clinician)
    assert refused.value.reason == IncidentRefusal.STEPS_OPEN
    for kind in StepKind:
        do_step(found, kind, by=scene.clinician)
        do_step(found, kind, by=scene.clinician)
    with pytest.raises(IncidentRefused) as undecided:
        close_incident(found, IncidentOutcome.OPEN, by=scene.clinician)
    assert undecided.value.reason == IncidentRefusal.NOT_DECIDED
    close_incident(found, IncidentOutcome.REPORTED, by=scene.clinician)
    with pytest.raises(IncidentRefused) as twice:
        close_incident(found, IncidentOutcome.NO_BREACH, by=scene.clinician)
    assert twice.value.reason == IncidentRefusal.CLOSED
    events = Entry.objects.filter(object_id=found.pk).order_by("seq").values_list("event", flat=True)
    assert list(events) == [Event.INCIDENT_OPENED, *[Event.INCIDENT_STEP_DONE] * len(StepKind), Event.INCIDENT_CLOSED]
    scene.grant.refresh_from_db()
    assert scene.grant.state == GrantState.SUSPENDED


def test_the_tables_keep_what_an_incident_was(scene: Scene) -> None:
    found = opened(scene)
    do_step(found, StepKind.ASSESS, by=scene.clinician)
    changes = (
        lambda: Incident.objects.filter(pk=found.pk).update(known_at=timezone.now() - timedelta(days=9)),
        lambda: Incident.objects.filter(pk=found.pk).delete(),
        lambda: IncidentStep.objects.filter(incident=found, kind="assess").update(done_at=None, done_by=None),
    )
    for change in changes:
        with pytest.raises(Error), transaction.atomic():
            change()


def test_who_is_forgotten_is_forgotten_here_too(scene: Scene) -> None:
    found = opened(scene)
    forget(scene.patient, actor=f"user:{scene.clinician.pk}")
    assert account_of(found) == UNREADABLE
