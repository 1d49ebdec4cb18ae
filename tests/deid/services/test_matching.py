"""Plain pictures belong to nobody until a person says whose they are, and nothing of them is released before."""

import pytest

from deid.errors import ReviewRefusal, ReviewRefused
from deid.ingest.receive import receive
from deid.models import Instance, Study
from deid.services import matching, review
from deid.services.policies import current_policy, engine_policy
from deid.states import InstanceState
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_picture, make_study, ultrasound_bytes
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.patients.services import Identity, identity_of

pytestmark = pytest.mark.django_db

ANNA = Identity(name="Testwoman^Anna Maria", record_number="MRN77001", birth_date="19900704")


@pytest.fixture
def clinician() -> User:
    return make_staff(role=Role.CLINICIAN)


@pytest.fixture
def held(clinician: User) -> Instance:
    study = make_study(clinician.memberships.get().clinic)
    Study.objects.filter(pk=study.pk).update(nameless=True)
    study.refresh_from_db()
    return make_picture(study, InstanceState.HELD, reason="plain_export")


def refusal(act: object) -> ReviewRefusal:
    with pytest.raises(ReviewRefused) as refused:
        act()  # type: ignore[operator]
    return refused.value.reason


@pytest.mark.requirement("R33")
def test_nothing_is_released_before_somebody_has_said_whose_it_is(held: Instance, clinician: User) -> None:
    for step in (review.find_clean, review.release):
        said = refusal(lambda step=step: step(held, by=clinician, seen=held.current_run_id, confirmed=True))
        assert said is ReviewRefusal.UNMATCHED
    Study.objects.filter(pk=held.study_id).update(matched_at=held.received_at)
    fresh = Instance.objects.get(pk=held.pk)
    assert review.find_clean(fresh, by=clinician, seen=fresh.current_run_id, confirmed=True).pk == held.pk


def test_a_match_moves_the_study_and_cleans_its_pictures_again_with_her_name(held: Instance, clinician: User) -> None:
    before = held.study.patient_id
    patient = matching.match(held.study, ANNA, by=clinician)
    study = Study.objects.get(pk=held.study_id)
    assert (study.patient_id, study.unmatched, patient.pk == before) == (patient.pk, False, False)
    held.refresh_from_db()
    assert held.state == InstanceState.RECEIVED
    assert Job.objects.filter(object_id=held.pk, kind="process_instance").exists()
    assert matching.words_of(study) == ("Testwoman", "Anna", "Maria", "MRN77001")
    policy = engine_policy(current_policy(study.clinic), named=matching.words_of(study))
    assert policy.also_covered[:2] == ("Testwoman", "Anna")
    entry = Entry.objects.get(event="study_matched")
    assert (str(entry.object_id), str(entry.patient_id), entry.detail) == (str(study.pk), str(patient.pk), {})


def test_a_known_patient_is_found_and_a_mistake_is_put_right(held: Instance, clinician: User) -> None:
    clinic = held.study.clinic
    receipt = receive(ultrasound_bytes(), clinic=clinic, actor="system:test", door="test")
    known = Instance.objects.get(pk=receipt.instance_id).study.patient
    other = Identity(name="Otherwoman^Berta", record_number="MRN2", birth_date="")
    wrong = matching.match(held.study, other, by=clinician)
    Instance.objects.filter(pk=held.pk).update(state=InstanceState.HELD, reason="plain_export")
    assert wrong.pk != known.pk
    assert matching.match(held.study, identity_of(known), by=clinician).pk == known.pk


@pytest.mark.parametrize("state", [InstanceState.PROCESSING, InstanceState.RECEIVED, InstanceState.RELEASED])
def test_nothing_moves_while_a_picture_is_cleaned_or_released(
    held: Instance, clinician: User, state: InstanceState
) -> None:
    make_picture(held.study, state)
    assert refusal(lambda: matching.match(held.study, ANNA, by=clinician)) is ReviewRefusal.STATE
    held.refresh_from_db()
    assert (held.state, held.study.matched_at) == (InstanceState.HELD, None)


def test_a_study_that_names_its_patient_is_never_moved(clinician: User) -> None:
    study = make_picture(make_study(clinician.memberships.get().clinic), InstanceState.HELD).study
    assert refusal(lambda: matching.match(study, ANNA, by=clinician)) is ReviewRefusal.STATE
    assert matching.words_of(study) == ()


def test_files_of_one_study_with_two_names_are_two_studies_that_point_at_each_other(clinician: User) -> None:
    clinic = clinician.memberships.get().clinic
    for name in ("Testwoman^Anna", "Otherwoman^Berta"):
        data = ultrasound_bytes(name=name, study_uid="1.2.3.77")
        receive(data, clinic=clinic, actor="system:test", door="test")
    one, two = Study.objects.filter(clinic=clinic)
    assert one.patient_id != two.patient_id
    assert (matching.namesakes(one), matching.namesakes(two)) == ([two.pk], [one.pk])
