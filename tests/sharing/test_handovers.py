"""DICOM files go for a purpose that the patient agreed to, picture by picture, and end with her word."""

import io
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from pydicom import dcmread

from consent.services import NamedRecipient, withdraw_consent
from consent.states import WithdrawalChannel
from deid.models import Instance
from sharing import handovers
from sharing.bundles import Member
from sharing.errors import ClosedReason, LinkClosed
from sharing.handovers import Handover
from sharing.services.exposure import Scope, exposures
from sharing.services.sex_wishes import note_wish
from tests.factories.renders import give_original
from tests.factories.sharing import Scene, make_grant, make_released, make_scene, make_study, unrelease
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R33")]


def order(scene: Scene) -> Handover:
    return Handover(scene.study, scene.grant, f"user:{scene.clinician.pk}")


@pytest.fixture
def taught() -> Scene:
    """Return a scene of two pictures whose patient agreed to teaching."""
    scene = make_scene(pictures=2, purpose="teaching")
    for instance in scene.instances:
        give_original(instance)
    return scene


def going(scene: Scene) -> list[Member]:
    return list(handovers.members(order(scene), handovers.pictures(order(scene))))


def whole(member: Member) -> bytes:
    return member.begin(0, member.body.size)


def test_files_carry_the_header_of_the_purpose_and_no_name(taught: Scene) -> None:
    members = going(taught)

    files = [dcmread(io.BytesIO(whole(member))) for member in members]
    assert [member.body.file_name for member in members] == ["picture-001.dcm", "picture-002.dcm"]
    assert {file.PatientID for file in files} == {str(files[0].PatientName)}
    assert all(file.StudyDate not in ("", "20260114") for file in files)
    assert not any(b"Testwoman" in whole(member) for member in members)


def test_two_studies_of_a_patient_share_a_code_and_the_distance_of_their_days(taught: Scene) -> None:
    second = make_study(taught.clinic, taught.patient)
    give_original(make_released(second, taught.clinician), StudyDate="20260121")
    grant = make_grant(taught.patient, taught.clinician, second, purpose="teaching")
    other = Handover(second, grant, f"user:{taught.clinician.pk}")

    one = dcmread(io.BytesIO(whole(going(taught)[0])))
    (member,) = handovers.members(other, handovers.pictures(other))
    two = dcmread(io.BytesIO(whole(member)))

    assert one.PatientID == two.PatientID
    days = [date.fromisoformat(file.StudyDate) for file in (one, two)]
    assert (days[1] - days[0]).days == 7
    assert days[1].year < 2026


def test_each_picture_is_on_the_trail_as_saved_by_who_took_it(taught: Scene) -> None:
    for member in going(taught):
        whole(member)
        member.go_on(5, 10)

    entries = Entry.objects.filter(event=Event.PICTURE_DOWNLOADED, actor=f"user:{taught.clinician.pk}")
    assert [(entry.purpose, entry.grant_id, entry.detail["form"]) for entry in entries] == [
        ("teaching", taught.grant.pk, "dicom")
    ] * 2
    seen = exposures(Scope(study_id=taught.study.pk))
    assert sorted(one.picture_id for one in seen if one.saved) == sorted(one.pk for one in taught.instances)


def test_a_withdrawal_ends_what_is_under_way(taught: Scene) -> None:
    under_way: Iterator[Member] = handovers.members(order(taught), handovers.pictures(order(taught)))
    first = next(under_way)
    whole(first)

    withdraw_consent(taught.grant, actor="system:test", channel=WithdrawalChannel.IN_PERSON)

    for fetch in (first.go_on, next(under_way).begin):
        with pytest.raises(LinkClosed) as closed:
            fetch(0, 10)
        assert closed.value.reason is ClosedReason.NOT_PERMITTED
    assert Entry.objects.filter(event=Event.GATE_REFUSED, outcome="refused", detail__gate="withdrawn").count() == 2
    assert handovers.pictures(order(taught)) == []


def test_a_release_taken_back_ends_it_too(taught: Scene) -> None:
    first, second = going(taught)

    unrelease(taught.instances[1])

    assert whole(first)
    with pytest.raises(LinkClosed) as closed:
        whole(second)
    assert closed.value.reason is ClosedReason.NOT_RELEASED


def test_what_she_was_not_shown_does_not_go(taught: Scene) -> None:
    make_released(taught.study, taught.clinician)

    shown = {instance.pk for instance in taught.instances}
    assert {picture.picture_id for picture in handovers.pictures(order(taught))} == shown


def test_what_may_tell_the_sex_waits_for_her_word() -> None:
    scene = make_scene(purpose="teaching", tells_sex=True, sex_wanted=False)
    give_original(scene.instances[0])
    assert handovers.pictures(order(scene)) == []

    note_wish(scene.study, "teaching", want=True, actor="system:test")
    (member,) = going(scene)
    assert whole(member)

    note_wish(scene.study, "teaching", want=False, actor="system:test")
    with pytest.raises(LinkClosed) as closed:
        whole(member)
    assert closed.value.reason is ClosedReason.SEX_WITHHELD


def test_a_file_that_cannot_be_made_for_certain_is_named_and_stands_on_the_trail(taught: Scene) -> None:
    Instance.objects.filter(pk=taught.instances[0].pk).update(original_id=uuid4())

    made, missing = going(taught)

    assert made.body.file_name == "picture-002.dcm"
    assert missing.body.file_name == "missing.txt"
    assert whole(missing).startswith(b"picture-001: not made")
    assert Entry.objects.filter(event=Event.GATE_REFUSED, outcome="held", detail__file="picture-001").count() == 1


def test_advice_goes_to_whom_she_named_and_tells_no_date(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene()
    give_original(scene.instances[0])
    named = make_grant(
        scene.patient,
        scene.clinician,
        scene.study,
        purpose="consult",
        days=20,
        recipient=NamedRecipient("Dr Linden", "known"),
    )
    asked = Handover(scene.study, named, f"user:{scene.clinician.pk}")

    (member,) = handovers.members(asked, handovers.pictures(asked))

    assert dcmread(io.BytesIO(whole(member))).StudyDate == ""
    monkeypatch.setattr(handovers, "named_recipient", lambda _: None)
    assert handovers.pictures(asked) == []
