"""Rules that the database keeps about instances, runs and artefacts."""

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from deid import models as rooms
from deid.models import Artefact, Instance, TextPolicy, Upload, UploadItem
from deid.states import MOVES, ArtefactKind, InstanceState, MoveRefused
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_picture, make_study

pytestmark = pytest.mark.django_db


def refused(instance: Instance, **changes: object) -> bool:
    """Say whether the database refuses a change of an instance."""
    try:
        with transaction.atomic():
            Instance.objects.filter(pk=instance.pk).update(**changes)
    except IntegrityError:
        return True
    return False


def test_no_model_holds_a_file() -> None:
    fields = [field for name in rooms.__all__ for field in getattr(rooms, name)._meta.fields]
    assert not [field for field in fields if isinstance(field, models.FileField)]


@pytest.mark.parametrize("state", list(InstanceState))
def test_every_state_can_be_stored(state: InstanceState) -> None:
    assert make_picture(state=state).state == state


def test_released_needs_when_and_by_whom() -> None:
    instance = make_picture()
    assert refused(instance, state="released")
    assert refused(instance, released_at=timezone.now())
    assert refused(instance, released_by=make_staff(instance.clinic))


def test_a_reason_stands_exactly_where_one_is_needed() -> None:
    assert refused(make_picture(), reason="text_left")
    assert refused(make_picture(state=InstanceState.HELD), reason="")


def test_clean_needs_a_run() -> None:
    assert refused(make_picture(state=InstanceState.RECEIVED), state="clean")


def test_an_unknown_state_is_refused() -> None:
    assert refused(make_picture(), state="fine")


def test_the_same_bytes_are_once_in_a_clinic() -> None:
    study = make_study()
    first, second = make_picture(study), make_picture(study)
    assert refused(second, content_match=first.content_match)
    assert not refused(second, sop_match=first.sop_match)
    assert not refused(make_picture(), content_match=first.content_match)


def test_a_patient_file_without_brand_is_refused() -> None:
    instance = make_picture()
    still = Artefact.objects.get(instance=instance, kind=ArtefactKind.STILL_PNG)
    with pytest.raises(IntegrityError), transaction.atomic():
        Artefact.objects.filter(pk=still.pk).update(brand_version=None)


def test_a_refused_file_has_a_reason() -> None:
    user = make_staff()
    upload = Upload.objects.create(clinic=user.memberships.get().clinic, by=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        UploadItem.objects.create(upload=upload, position=1, outcome="refused")


def test_a_picture_that_may_tell_the_sex_is_released_on_purpose_only() -> None:
    assert refused(make_picture(state=InstanceState.RELEASED), tells_sex=True)
    assert refused(make_picture(state=InstanceState.RELEASED, tells_sex=True), sex_wanted=False)
    assert refused(make_picture(), sex_wanted=True)


def test_a_version_of_a_policy_is_neither_changed_nor_deleted() -> None:
    by = make_staff()
    clinic = by.memberships.get().clinic
    chosen = TextPolicy.objects.create(clinic=clinic, version=1, text="nothing", created_by=by)
    for change in (lambda: TextPolicy.objects.update(text="measurements"), chosen.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize("wrong", [{"version": 0}, {"text": "everything"}], ids=["version", "text"])
def test_an_unknown_policy_is_refused(wrong: dict[str, object]) -> None:
    by = make_staff()
    values = {"clinic": by.memberships.get().clinic, "version": 1, "text": "nothing", "created_by": by}
    with pytest.raises(IntegrityError), transaction.atomic():
        TextPolicy.objects.create(**values | wrong)


def test_moves_follow_the_table() -> None:
    for here in InstanceState:
        for there in InstanceState:
            instance = Instance(state=here)
            if there in MOVES[here]:
                instance.move_to(there)
                assert instance.state == there
            else:
                with pytest.raises(MoveRefused):
                    instance.move_to(there)


def test_approval_never_survives_a_move() -> None:
    instance = make_picture(state=InstanceState.RELEASED)
    instance.move_to(InstanceState.RECEIVED)
    assert instance.released_at is None
    assert instance.released_by is None


@pytest.mark.parametrize("model", rooms.__all__)
def test_a_row_shows_its_key_and_nothing_else(model: str) -> None:
    row = getattr(rooms, model)()
    assert str(row) == str(row.pk)
