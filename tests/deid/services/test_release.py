"""Only released, branded files of the current run leave by this door."""

from uuid import uuid4

import pytest

from deid.models import Artefact, Instance
from deid.services.release import open_artefact, open_for_review, released_artefact, released_pictures
from deid.states import PATIENT_KINDS, ArtefactKind, InstanceState
from tests.factories.pictures import make_picture, make_run, make_study
from ultrasound_portal.vault.errors import Missing

pytestmark = pytest.mark.django_db


def file_of(instance: Instance, kind: ArtefactKind = ArtefactKind.STILL_PNG) -> Artefact:
    return Artefact.objects.get(instance=instance, run=instance.current_run, kind=kind)


def test_released_pictures_come_in_order_with_their_branded_files() -> None:
    study = make_study()
    first, _, third = (
        make_picture(study, state) for state in (InstanceState.RELEASED, InstanceState.CLEAN, InstanceState.RELEASED)
    )
    found = released_pictures(study.pk)
    assert [(picture.picture_id, picture.number) for picture in found] == [(first.pk, 1), (third.pk, 3)]
    kinds = [artefact.kind for artefact in found[0].artefacts]
    assert kinds == [ArtefactKind.STILL_PNG, ArtefactKind.THUMBNAIL]


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("state", [state for state in InstanceState if state != InstanceState.RELEASED])
def test_a_file_of_an_unreleased_picture_is_as_absent_as_an_unknown_one(state: InstanceState) -> None:
    instance = make_picture(state=state)
    for artefact in Artefact.objects.filter(instance=instance):
        assert released_artefact(artefact.pk) is None
        with pytest.raises(Missing):
            open_artefact(artefact.pk)
    assert released_pictures(instance.study_id) == []
    assert released_artefact(uuid4()) is None


@pytest.mark.requirement("R30")
@pytest.mark.requirement("R31")
@pytest.mark.parametrize("kind", list(ArtefactKind))
def test_only_branded_kinds_of_a_released_picture_open(kind: ArtefactKind) -> None:
    instance = make_picture(state=InstanceState.RELEASED)
    artefact = Artefact.objects.filter(instance=instance, kind=kind).first()
    if artefact is None:
        return
    assert (released_artefact(artefact.pk) is not None) == (kind in PATIENT_KINDS)


def test_the_facts_and_the_bytes_are_those_of_the_file() -> None:
    artefact = file_of(make_picture(state=InstanceState.RELEASED))
    found = released_artefact(artefact.pk)
    assert found is not None
    assert (found.sha256, found.size, found.media_type) == (artefact.sha256, artefact.size, "image/png")
    reader = open_artefact(artefact.pk)
    assert b"".join(reader.read_range(0, reader.size)).startswith(b"still_png")


@pytest.mark.parametrize("tells_sex", [False, True])
def test_a_file_says_whether_its_picture_may_tell_the_sex(tells_sex: bool) -> None:
    instance = make_picture(state=InstanceState.RELEASED, tells_sex=tells_sex)
    found = released_artefact(file_of(instance).pk)
    assert found is not None
    assert found.tells_sex is tells_sex
    (picture,) = released_pictures(instance.study_id)
    assert {artefact.tells_sex for artefact in picture.artefacts} == {tells_sex}


def test_a_file_of_a_former_run_is_gone() -> None:
    instance = make_picture(state=InstanceState.RELEASED)
    former = file_of(instance)
    instance.current_run = make_run(instance)
    instance.save()
    assert released_artefact(former.pk) is None
    with pytest.raises(Missing):
        open_for_review(former.pk)


def test_a_reviewer_opens_what_came_in_and_what_is_held() -> None:
    instance = make_picture(state=InstanceState.HELD)
    reader = open_for_review(file_of(instance, ArtefactKind.SOURCE_STILL).pk)
    assert b"".join(reader.read_range(0, reader.size)).startswith(b"source_still")


def test_the_number_of_queries_does_not_grow(django_assert_num_queries: object) -> None:
    study = make_study()
    for _ in range(4):
        make_picture(study, InstanceState.RELEASED)
    with django_assert_num_queries(2):  # type: ignore[operator]
        released_pictures(study.pk)
