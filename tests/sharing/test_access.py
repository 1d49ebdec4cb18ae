"""The guard before every byte."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from consent.models import Grant, Purpose, Withdrawal
from consent.services import withdraw_consent
from consent.states import GrantState, WithdrawalChannel
from deid.models import Approval, Artefact
from deid.services import embargoes
from deid.states import ArtefactKind, EmbargoGround, Gate
from sharing import access, door
from sharing.errors import ClosedReason, LinkClosed
from sharing.models import Link, Opening
from sharing.services.withdrawal import take_back
from tests.factories.clinics import make_staff
from tests.factories.sharing import ADDRESS, Scene, make_grant, make_scene, unrelease
from tests.sharing.conftest import Clock
from tests.triggers import without_triggers
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.trail import verify
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db


def last_entry() -> Entry:
    return Entry.objects.latest("seq")


def whole(scene: Scene, kind: ArtefactKind = ArtefactKind.STILL_PNG) -> bytes:
    visit, file = scene.visit(), scene.file(kind)
    return access.read(visit, file.pk, 0, file.size, event=Event.PICTURE_SERVED)


def test_it_works(scene: Scene) -> None:
    assert whole(scene).startswith(b"\x89PNG")


@pytest.mark.requirement("R44")
def test_a_visit_ends_when_nothing_happens(scene: Scene, later: Clock) -> None:
    session = scene.enter()
    later(timedelta(minutes=14))
    assert access.viewing(session)
    later(timedelta(minutes=14))
    assert access.viewing(session)
    later(timedelta(minutes=15))
    with pytest.raises(LinkClosed) as closed:
        access.viewing(session)
    assert closed.value.reason is ClosedReason.SESSION_ENDED


@pytest.mark.requirement("R44")
def test_a_visit_ends_after_two_hours_however_busy(scene: Scene, later: Clock) -> None:
    session = scene.enter()
    for _ in range(11):
        later(timedelta(minutes=10))
        access.viewing(session)
    later(timedelta(minutes=10))
    with pytest.raises(LinkClosed):
        access.viewing(session)


@pytest.mark.requirement("R44")
def test_a_visit_that_runs_is_cut_at_the_moment_its_link_ends(scene: Scene, later: Clock) -> None:
    link = Link.objects.get(pk=scene.link.pk)
    session = scene.enter()
    left = link.not_after - timezone.now()
    later(left - timedelta(minutes=5))
    visit = access.viewing(door.open_link(secret=scene.secret, code=scene.code, address=ADDRESS))
    assert 290 <= visit.seconds_left <= 300
    later(timedelta(minutes=5))
    with pytest.raises(LinkClosed) as closed:
        access.read(visit, scene.file().pk, 0, 5, event=None)
    assert closed.value.reason is ClosedReason.EXPIRED
    with pytest.raises(LinkClosed):
        access.viewing(session)


def test_a_server_whose_clock_is_behind_prolongs_no_visit(scene: Scene, later: Clock) -> None:
    later(timedelta(minutes=10))
    session = scene.enter()
    later(timedelta(minutes=-2))
    assert access.viewing(session).idle_seconds <= 17 * 60
    later(timedelta(minutes=2 + 15))
    with pytest.raises(LinkClosed):
        access.viewing(session)


def test_a_visitor_who_left_is_gone(scene: Scene) -> None:
    session = scene.enter()
    access.leave(session)
    assert last_entry().event == Event.LINK_LEFT
    with pytest.raises(LinkClosed):
        access.viewing(session)


@pytest.mark.parametrize("session", ["", "made-up"])
def test_a_session_nobody_has_opens_nothing(scene: Scene, session: str) -> None:
    with pytest.raises(LinkClosed) as closed:
        access.viewing(session)
    assert closed.value.reason is ClosedReason.NO_SESSION


def test_a_page_shows_the_files_of_the_link_under_their_pictures() -> None:
    scene = make_scene(pictures=2, film_padding=0)
    found = access.pictures(scene.visit())
    assert [picture.position for picture in found] == [1, 2]
    assert found[0].film is not None
    assert found[0].still is not None
    assert found[0].still.kind == ArtefactKind.STILL_JPEG
    assert found[0].small is not None
    assert found[0].small.kind == ArtefactKind.THUMBNAIL
    assert [file.kind for file in found[0].keepsakes] == [
        ArtefactKind.FILM,
        ArtefactKind.STILL_PNG,
        ArtefactKind.STILL_JPEG,
    ]


def test_a_page_leaves_out_what_is_no_longer_released() -> None:
    scene = make_scene(pictures=2)
    visit = scene.visit()
    unrelease(scene.instances[0])
    assert [picture.picture_id for picture in access.pictures(visit)] == [scene.instances[1].pk]


@pytest.mark.requirement("R34")
def test_what_is_published_was_looked_at_by_two_people(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    visit, instance = scene.visit(), scene.instances[0]
    monkeypatch.setattr(access, "TWO_PEOPLE", frozenset({scene.link.purpose_code}))
    assert access.shareable(scene.study.pk, scene.grant) == []
    assert scene.refusal() is ClosedReason.NOT_RELEASED
    with pytest.raises(LinkClosed) as closed:
        access.picture(visit, scene.file().pk, download=False)
    assert closed.value.reason is ClosedReason.NOT_RELEASED
    other = make_staff(scene.clinic)
    assert instance.current_run is not None
    Approval.objects.create(instance=instance, run=instance.current_run, gate=Gate.CLEAN, by=other)
    assert len(access.shareable(scene.study.pk, scene.grant)) == 1
    assert access.picture(visit, scene.file().pk, download=False)


def test_publication_is_such_a_purpose() -> None:
    assert "publication" in access.TWO_PEOPLE
    assert Purpose.objects.filter(pk__in=access.TWO_PEOPLE).count() == len(access.TWO_PEOPLE)


@pytest.mark.requirement("R36")
def test_a_study_that_is_held_back_is_closed_within_a_visit(scene: Scene) -> None:
    visit = scene.visit()
    embargo = embargoes.place(scene.study, ground=EmbargoGround.CARE, until=None, by=scene.clinician)
    assert scene.refusal() is ClosedReason.NOT_RELEASED
    with pytest.raises(LinkClosed):
        access.read(visit, scene.file().pk, 0, 10, event=None)
    embargoes.end(embargo, by=scene.clinician)
    assert access.read(visit, scene.file().pk, 0, 10, event=None)


@pytest.mark.requirement("R30")
def test_neither_the_master_nor_the_original_can_be_had(scene: Scene) -> None:
    visit, master = scene.visit(), scene.file(ArtefactKind.MASTER)
    for unreachable in (master.pk, scene.instances[0].original_id, uuid4()):
        with pytest.raises(LinkClosed) as closed:
            access.picture(visit, unreachable, download=False)
        assert closed.value.reason is ClosedReason.NOT_IN_LINK


def test_the_entry_is_written_with_the_first_piece_only(scene: Scene) -> None:
    visit, file = scene.visit(), scene.file()
    access.read(visit, file.pk, 0, 10, event=Event.PICTURE_SERVED)
    access.read(visit, file.pk, 10, 20, event=None)
    entry = Entry.objects.get(event=Event.PICTURE_SERVED)
    assert (entry.object_id, entry.patient_id, entry.purpose) == (file.pk, scene.patient.pk, "own_copy")
    assert entry.detail == {"opening": str(visit.opening_id), "file": "scan-1", "start": 0, "stop": 10}


def test_saving_needs_a_link_that_allows_it() -> None:
    scene = make_scene(download=False)
    visit = scene.visit()
    assert access.picture(visit, scene.file().pk, download=False)
    with pytest.raises(LinkClosed) as closed:
        access.picture(visit, scene.file().pk, download=True)
    assert closed.value.reason is ClosedReason.VIEW_ONLY


@pytest.mark.requirement("R18")
def test_the_next_piece_after_a_withdrawal_is_refused(scene: Scene) -> None:
    visit, file = scene.visit(), scene.file()
    assert access.read(visit, file.pk, 0, 10, event=None)
    withdraw_consent(scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)
    with pytest.raises(LinkClosed) as closed:
        access.read(visit, file.pk, 10, 20, event=None)
    assert closed.value.gate == "withdrawn"


@pytest.mark.requirement("R10")
def test_a_picture_that_changed_since_it_was_shown_is_refused(scene: Scene) -> None:
    visit, file = scene.visit(), scene.file()
    Artefact.objects.filter(pk=file.pk).update(sha256="0" * 64)
    with pytest.raises(LinkClosed) as closed:
        access.read(visit, file.pk, 0, 10, event=None)
    assert closed.value.reason is ClosedReason.CHANGED


@pytest.mark.requirement("R36")
def test_what_cannot_be_unsealed_is_closed_and_audited(scene: Scene) -> None:
    visit, file = scene.visit(), scene.file()
    shred(file.object_id)
    with pytest.raises(LinkClosed) as closed:
        access.read(visit, file.pk, 0, 10, event=Event.PICTURE_SERVED)
    assert closed.value.reason is ClosedReason.UNREADABLE
    assert not Entry.objects.filter(event=Event.PICTURE_SERVED).exists()
    assert last_entry().detail == {"reason": "unreadable"}


@pytest.mark.requirement("R2")
def test_a_yes_to_one_purpose_shares_nothing_for_another(scene: Scene) -> None:
    family = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    assert access.shareable(scene.study.pk, family)
    withdraw_consent(scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)
    assert access.shareable(scene.study.pk, scene.grant) == []
    assert access.shareable(scene.study.pk, family)


@pytest.mark.requirement("R18")
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_no_byte_is_served_after_a_withdrawal_is_committed_in_any_race() -> None:
    """A thousand times on PostgreSQL: one visitor reads on, another asks for ranges through the page, staff withdraw.

    Half of the withdrawals leave the link as it is, so that the consent alone closes it. The trail numbers what is
    committed in its order: no number of a picture served may come after that of the withdrawal.
    """
    tries = 1000 if connection.vendor == "postgresql" else 15
    scene = make_scene(film_padding=4000)
    race = Race(scene)
    try:
        with without_triggers():  # rows are put back to the start between the tries
            late = [race.run(number) for number in range(tries)]
    finally:
        race.close()
    assert sum(late) == 0
    assert race.served > tries // 4  # visitors were under way, or nothing was shown
    assert verify().whole


class Race:
    """A visit by hand, a visit by browser, and a withdrawal, each on a connection of its own."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.served = scene, 0
        self.visit, self.file = scene.visit(), scene.file(ArtefactKind.FILM)
        self.browser = scene.open()
        self.address = reverse("sharing:picture", args=[self.file.pk])
        self.people = [ThreadPoolExecutor(max_workers=1) for _ in range(3)]
        self.chance = Random(7)

    def run(self, number: int) -> int:
        """Race once and return how often something was served late."""
        self._start_again()
        self.committed, self.start = threading.Event(), threading.Barrier(3)
        first = Entry.objects.latest("seq").seq
        reader, ranger, staff = self.people
        delay = self.chance.random() * 0.04
        acts = [
            reader.submit(self._until_closed, self._read),
            ranger.submit(self._until_closed, self._ask_for_a_range),
            staff.submit(self._withdraw, delay, number % 2 == 0),
        ]
        late = sum(act.result(timeout=60) for act in acts)
        entries = Entry.objects.filter(seq__gt=first)
        withdrawn = entries.get(event=Event.CONSENT_WITHDRAWN).seq
        served = entries.filter(event=Event.PICTURE_SERVED)
        self.served += served.count()
        return late + served.filter(seq__gt=withdrawn).count()

    def close(self) -> None:
        """End the three people's connections."""
        for person in self.people:
            person.submit(lambda: connection.close()).result()  # the connection of that thread
            person.shutdown()

    def _start_again(self) -> None:
        Withdrawal.objects.all()._raw_delete("default")
        Grant.objects.update(state=GrantState.ACTIVE)
        Link.objects.update(revoked_at=None)
        Opening.objects.update(ended_at=None)

    def _until_closed(self, serve: Callable[[], bool]) -> int:
        late = 0
        self.start.wait()
        while True:
            begun_after = self.committed.is_set()
            if not serve():
                return late
            late += begun_after
            time.sleep(0.001)  # SQLite is not fair: without a breath the writer may wait longer than its patience

    def _read(self) -> bool:
        try:
            return bool(access.read(self.visit, self.file.pk, 0, 10, event=Event.PICTURE_SERVED))
        except LinkClosed:
            return False

    def _ask_for_a_range(self) -> bool:
        answer = self.browser.get(self.address, headers={"Range": "bytes=100-199"})
        if answer.status_code != 206:
            assert answer.status_code == 404
            return False
        return len(b"".join(answer.streaming_content)) == 100

    def _withdraw(self, delay: float, with_links: bool) -> int:
        self.start.wait()
        time.sleep(delay)
        if with_links:
            take_back(self.scene.link)
        else:
            withdraw_consent(self.scene.grant, actor=f"link:{self.scene.link.pk}", channel=WithdrawalChannel.LINK)
        self.committed.set()
        return 0
