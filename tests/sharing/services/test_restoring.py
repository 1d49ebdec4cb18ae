"""What the witness tells of the time after a backup is ended again; what it does not tell of stays."""

from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from pytest_django import Settings

from consent.models import Grant
from consent.states import GrantState
from deid.models import Instance, Render
from deid.services import legal_holds
from deid.states import Doubt, HoldGround, InstanceState
from sharing.errors import LinkClosed
from sharing.models import Link
from sharing.services import notices, restoring, shared_copies
from sharing.services.sex_wishes import note_wish, wanted_purposes
from sharing.states import Channel
from tests.factories.renders import place_renders
from tests.factories.sharing import Scene, make_message, make_scene
from tests.triggers import without_triggers
from ultrasound_portal.audit import trail, witness
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry, Head
from ultrasound_portal.patients.care import CareStatus, care_of, is_quiet
from ultrasound_portal.patients.services import identity_of
from ultrasound_portal.vault import keyring
from ultrasound_portal.vault.errors import Destroyed

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path
    keyring.prepare()


@pytest.fixture
def scene() -> Scene:
    return make_scene(pictures=2)


def lost(**said: object) -> list[Entry]:
    """Return an entry that was witnessed and that the database has forgotten."""
    seq, leaf_hash = trail.head()
    said = {"actor": "system:worker", "clinic_id": None, **said}
    trail.record(**said)  # type: ignore[arg-type]
    witness.follow()
    tail = [entry for entry in witness.entries() if entry.seq > seq]
    connection.check_constraints()  # PostgreSQL lifts no trigger while it has checks to make up for
    with without_triggers():
        Entry.objects.filter(seq__gt=seq).delete()
        Head.objects.update(seq=seq, leaf_hash=leaf_hash)
    return tail


def state(scene: Scene) -> tuple[str, bool, str]:
    grant, link = Grant.objects.get(pk=scene.grant.pk), Link.objects.get(pk=scene.link.pk)
    return grant.state, link.revoked_at is not None, Instance.objects.get(pk=scene.instances[0].pk).state


STANDS = ("active", False, "released")


def test_a_message_that_waited_is_not_sent_a_second_time(scene: Scene) -> None:
    message = make_message(scene)
    restoring.replay(lost(event=Event.LINK_LEFT))
    message.refresh_from_db()
    assert (message.state, message.fault) == ("stopped", "restored")


@pytest.mark.requirement("R18")
def test_a_withdrawal_after_the_backup_is_a_withdrawal_still(scene: Scene) -> None:
    tail = lost(event=Event.CONSENT_WITHDRAWN, object_id=scene.grant.pk, grant_id=scene.grant.pk)
    assert state(scene) == STANDS
    replayed = restoring.replay(tail)
    assert (replayed.entries, replayed.grants, replayed.links) == (1, 1, 0)
    assert state(scene)[0] == GrantState.WITHDRAWN
    with pytest.raises(LinkClosed):
        scene.visit()
    assert trail.verify().whole
    assert Entry.objects.filter(event="restored").get().detail["grants_ended"] == 1


@pytest.mark.parametrize("event", [Event.CONSENT_REFUSED, Event.CONSENT_GIVEN])
def test_an_answer_that_took_the_place_of_a_yes_ends_that_yes(scene: Scene, event: Event) -> None:
    tail = lost(event=event, grant_id=scene.patient.pk, detail={"replaces": str(scene.grant.pk)})
    restoring.replay(tail)
    assert state(scene)[0] == GrantState.WITHDRAWN


def test_reading_the_ledger_ends_nothing(scene: Scene) -> None:
    restoring.replay(lost(event=Event.CONSENT_LEDGER_READ, grant_id=scene.grant.pk))
    assert state(scene) == STANDS


def test_a_revoked_link_is_revoked_still(scene: Scene) -> None:
    restoring.replay(lost(event=Event.LINK_REVOKED, object_kind="link", object_id=scene.link.pk))
    assert state(scene) == ("active", True, "released")


def test_what_she_said_of_the_sex_since_is_asked_again(scene: Scene) -> None:
    note_wish(scene.study, "own_copy", want=True, actor=f"user:{scene.clinician.pk}")
    tail = lost(event=Event.SEX_WISH_NOTED, object_id=scene.study.pk, purpose="own_copy", detail={"wanted": False})
    assert wanted_purposes(scene.study.pk) == {"own_copy"}
    restoring.replay(tail)
    assert wanted_purposes(scene.study.pk) == frozenset()


def test_quiet_that_began_since_holds_and_one_that_ended_does_not(scene: Scene) -> None:
    began = {"event": Event.CARE_STATUS_NOTED, "object_id": scene.patient.pk}
    restoring.replay(lost(**began, detail={"quiet": False}))
    assert not is_quiet(scene.patient.pk)
    restoring.replay(lost(**began, detail={"quiet": True}))
    assert is_quiet(scene.patient.pk)
    restoring.replay(lost(**began, detail={"quiet": True}))
    assert care_of(scene.patient).status is CareStatus.NOT_SAID


def test_a_picture_in_which_a_name_was_seen_since_is_held_for_it(scene: Scene) -> None:
    reported = {"event": Event.NAME_REPORTED, "object_kind": "instance", "object_id": scene.instances[0].pk}
    restoring.replay(lost(**reported))
    assert Instance.objects.get(pk=scene.instances[0].pk).reason == Doubt.NAME_SEEN


def test_without_a_witness_nothing_tells_the_sex(scene: Scene) -> None:
    note_wish(scene.study, "family", want=True, actor=f"user:{scene.clinician.pk}")
    restoring.end_everything()
    assert wanted_purposes(scene.study.pk) == frozenset()


@pytest.mark.parametrize(
    ("event", "ends"),
    [
        (Event.RELEASE_UNDONE, "clean"),
        (Event.BOXES_ADDED, "clean"),
        (Event.SEX_MARK_SET, "clean"),
        (Event.INSTANCE_REJECTED, "rejected"),
        (Event.INSTANCE_REPEATED, "released"),
    ],
)
def test_a_picture_that_was_taken_back_is_not_released_again(scene: Scene, event: Event, ends: str) -> None:
    key = scene.instances[0].pk
    restoring.replay(lost(event=event, object_kind="instance", object_id=key, detail={"reason": "identifies"}))
    assert state(scene)[2] == ends
    assert Instance.objects.get(pk=scene.instances[1].pk).state == InstanceState.RELEASED


def test_a_forgotten_patient_is_forgotten_still(scene: Scene) -> None:
    restoring.replay(lost(event=Event.PATIENT_FORGOTTEN, object_kind="patient", object_id=scene.patient.pk))
    with pytest.raises(Destroyed):
        identity_of(scene.patient)


def test_one_on_legal_hold_is_named(scene: Scene) -> None:
    legal_holds.place(scene.study, ground=HoldGround.AUTHORITY, by=scene.clinician)
    replayed = restoring.replay(lost(event=Event.PATIENT_FORGOTTEN, object_kind="patient", object_id=scene.patient.pk))
    assert replayed.by_hand == (scene.patient.pk,)


def test_a_gap_is_refused_and_nothing_is_done(scene: Scene) -> None:
    tail = lost(event=Event.CONSENT_WITHDRAWN, grant_id=scene.grant.pk)
    trail.record(Event.AUDIT_READ, actor="system:worker", clinic_id=None)
    with pytest.raises(ValueError, match="missing"):
        restoring.replay(tail)
    assert state(scene) == STANDS


def test_without_a_witness_everything_ends(scene: Scene) -> None:
    other, browser = make_scene(), Client()
    browser.force_login(scene.clinician)
    scene.open()
    replayed = restoring.end_everything()
    assert (replayed.grants, replayed.links) == (2, 2)
    assert {state(one)[:2] for one in (scene, other)} == {("withdrawn", True)}
    assert not Session.objects.exists()
    assert Entry.objects.filter(event="restored").get().detail["witnessed"] is False


def test_copies_that_she_deleted_after_the_backup_are_deleted_again(scene: Scene) -> None:
    place_renders(scene.instances[0])
    restoring.replay(lost(event=Event.COPIES_DELETED, object_kind="patient", object_id=scene.patient.pk))
    assert not Render.objects.exists()
    assert shared_copies.has_none(scene.patient)


def test_messages_that_she_turned_off_after_the_backup_stay_off(scene: Scene) -> None:
    notices.ask(scene.link, Channel.EMAIL, "rowan@example.net", address="192.0.2.7")
    restoring.replay(lost(event=Event.NOTICES_TURNED_OFF, object_kind="patient", object_id=scene.patient.pk))
    assert notices.asked_of(scene.patient) is None
