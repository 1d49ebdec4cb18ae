"""A sitting and its copy stand or fall together, on what the page showed and on nothing newer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.capacity import Claim
from consent.errors import ConsentRefused, RefusalReason
from consent.models import ConsentDocument, Grant
from consent.services import live_wording
from consent.states import GrantDecision, SignerRole, SigningMethod
from sharing import keeping
from sharing.keeping import record_and_copy, small_pictures
from sharing.services.sitting import Answer, standing
from tests.factories.sharing import Scene, make_grant, make_released, shown_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def record(scene: Scene, **changes: object) -> ConsentDocument:
    wording = live_wording("own_copy")
    answer = Answer(wording.purpose, wording, GrantDecision.PERMIT, False, timezone.now() + timedelta(days=30))
    wanted: dict[str, object] = {
        "study": scene.study,
        "shown": shown_of(scene.study),
        "seen": [grant.pk for grant in standing(scene.study)],
        "names": {SignerRole.PATIENT: "Anna Testwoman"},
        "claim": Claim(),
        "method": SigningMethod.TYPED,
        "by": scene.clinician,
        **changes,
    }
    return record_and_copy([answer], **wanted)  # type: ignore[arg-type]  # the table of changes is wider


@pytest.mark.requirement("R15")
def test_the_answer_and_its_copy_are_one(scene: Scene) -> None:
    document = record(scene)
    grant = Grant.objects.latest("valid_from")
    assert list(document.records.all()) == [grant.record]
    assert (document.scope_id, document.clinic) == (scene.study.pk, scene.clinic)


def test_without_a_copy_nothing_is_recorded(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> bytes:
        raise RuntimeError("the printer is on fire")

    before = Grant.objects.count()
    monkeypatch.setattr(keeping, "make_copy", broken)
    with pytest.raises(RuntimeError, match="fire"):
        record(scene)
    assert Grant.objects.count() == before


@pytest.mark.requirement("R10")
def test_a_picture_replaced_after_it_was_shown_is_noticed(scene: Scene) -> None:
    shown = shown_of(scene.study)
    make_released(scene.study, scene.clinician)
    with pytest.raises(ConsentRefused) as refused:
        record(scene, shown=shown)
    assert refused.value.reason is RefusalReason.PICTURE_REPLACED


def test_an_answer_recorded_meanwhile_is_noticed(scene: Scene) -> None:
    seen = [grant.pk for grant in standing(scene.study)]
    newer = make_grant(scene.patient, scene.clinician, scene.study, decision=GrantDecision.DENY)
    with pytest.raises(ConsentRefused) as refused:
        record(scene, seen=seen)
    assert refused.value.reason is RefusalReason.ANSWERED_MEANWHILE
    assert standing(scene.study) == [newer]


def test_the_copy_shows_the_pictures_of_the_study(scene: Scene) -> None:
    (picture,) = small_pictures(scene.study)
    assert picture.jpeg is not None
    assert picture.jpeg.startswith(b"\xff\xd8")
    assert {sha256 for _, sha256 in picture.hashes} == {item.sha256 for item in shown_of(scene.study)}
