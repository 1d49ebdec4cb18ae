"""Files made for sharing are there while a yes covers them, and their keys go with the last one."""

import threading

import pytest
from django.db import connection, connections, transaction

from consent.ending import resume, suspend, withdraw_consent
from consent.models import Grant
from consent.states import GrantDecision, SuspensionCause, WithdrawalChannel
from deid.models import Render
from deid.services import renders as making
from deid.states import ArtefactKind
from sharing.services import renders
from sharing.services.withdrawal import take_back
from tests.factories.renders import give_master, place_renders
from tests.factories.sharing import Scene, make_grant, make_scene, shown_of
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.vault.models import SealedObject


def living() -> int:
    """Count the renders that can still be opened."""
    keys = Render.objects.values_list("object_id", flat=True)
    return SealedObject.objects.filter(pk__in=keys, destroyed_at=None).count()


def withdraw(grant: Grant, scene: Scene) -> None:
    withdraw_consent(grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.requirement("R18")
def test_the_keys_go_in_the_transaction_of_the_withdrawal() -> None:
    scene = make_scene(pictures=2)
    objects = [one.object_id for instance in scene.instances for one in place_renders(instance)]
    with transaction.atomic():
        take_back(scene.link)
        gone = SealedObject.objects.filter(pk__in=objects, wrapped_key=b"").count()
        assert gone == len(objects) == 10
        assert not Render.objects.exists()
        transaction.set_rollback(True)
    assert living() == 10
    take_back(scene.link)
    assert living() == 0
    assert [entry.detail["objects"] for entry in Entry.objects.filter(event=Event.RENDERS_DESTROYED)] == [5, 5]


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.requirement("R18")
def test_what_another_yes_covers_stays_until_that_ends_too() -> None:
    scene = make_scene()
    family = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    place_renders(scene.instances[0])
    withdraw(scene.grant, scene)
    assert living() == 5
    withdraw(family, scene)
    assert living() == 0


@pytest.mark.django_db
def test_a_yes_for_other_pictures_keeps_nothing() -> None:
    scene, other = make_scene(), make_scene()
    place_renders(scene.instances[0])
    make_grant(scene.patient, scene.clinician, scene.study, purpose="family", shown=shown_of(other.study))
    withdraw(scene.grant, scene)
    assert living() == 0


@pytest.mark.django_db
def test_a_no_ends_them_and_a_newer_yes_does_not() -> None:
    scene = make_scene()
    place_renders(scene.instances[0])
    make_grant(scene.patient, scene.clinician, scene.study)
    assert living() == 5
    make_grant(scene.patient, scene.clinician, scene.study, decision=GrantDecision.DENY)
    assert living() == 0


@pytest.mark.django_db
def test_a_yes_that_rests_keeps_them_for_the_decision() -> None:
    scene = make_scene()
    place_renders(scene.instances[0])
    suspend(scene.grant, SuspensionCause.FAMILY, actor=f"user:{scene.clinician.pk}")
    assert living() == 5
    resume(scene.grant, by=scene.clinician)
    assert living() == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_a_later_yes_has_them_made_again() -> None:
    scene = make_scene()
    give_master(scene.instances[0])
    place_renders(scene.instances[0])
    withdraw(scene.grant, scene)
    Job.objects.all().delete()
    make_grant(scene.patient, scene.clinician, scene.study)
    making.process(Job.objects.get(kind=making.KIND, state=JobState.QUEUED).pk)
    assert living() == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
@pytest.mark.requirement("R18")
def test_a_withdrawal_while_they_are_made_leaves_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job holds the yes while it publishes: a withdrawal waits, and then finds what was made."""
    scene = make_scene()
    give_master(scene.instances[0])
    write, waiting = making._write, threading.Event()

    def withdraw_meanwhile() -> None:
        waiting.wait(20)
        withdraw(Grant.objects.get(pk=scene.grant.pk), scene)
        connections.close_all()

    def slow(*asked: object, **named: object) -> None:
        waiting.set()
        other.join(0.5)
        write(*asked, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "_write", slow)
    other = threading.Thread(target=withdraw_meanwhile)
    other.start()
    job = Job.objects.get(kind=making.KIND, state=JobState.QUEUED)
    making.process(job.pk)
    other.join(30)
    assert not other.is_alive()
    assert living() == 0
    assert Entry.objects.filter(event=Event.RENDERS_MADE).exists()
    connection.close()


@pytest.mark.django_db
def test_a_file_is_covered_by_its_own_yes_alone() -> None:
    scene = make_scene(film_padding=0)
    still, film = scene.file(), scene.file(ArtefactKind.FILM)
    assert renders.covered({still.pk, film.pk}) == {still.pk, film.pk}
    assert renders.covered({scene.file(ArtefactKind.MASTER).pk}) == set()
