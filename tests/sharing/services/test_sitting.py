"""Answers of one sitting."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from consent.capacity import Claim
from consent.errors import ConsentRefused
from consent.models import Grant, Signature
from consent.services import live_wording
from consent.states import GrantDecision, GrantState, SignerRole, SigningMethod
from sharing.services.sitting import Answer, OnRecord, digest_of, on_record, record_sitting, standing
from tests.factories.sharing import Scene, make_grant, make_released, make_study, shown_of

pytestmark = pytest.mark.django_db


def answer(purpose: str, decision: GrantDecision) -> Answer:
    wording = live_wording(purpose)
    permits = decision is GrantDecision.PERMIT
    return Answer(
        purpose=wording.purpose,
        wording=wording,
        decision=decision,
        permanence_acknowledged=False,
        valid_until=timezone.now() + timedelta(days=30) if permits else None,
    )


def record(scene: Scene, *answers: Answer) -> list[Grant]:
    return record_sitting(
        answers,
        study=scene.study,
        shown=shown_of(scene.study),
        names={SignerRole.PATIENT: "Anna Testwoman", SignerRole.WITNESS: "Robin Oak"},
        claim=Claim(),
        method=SigningMethod.SPOKEN,
        by=scene.clinician,
    )


@pytest.mark.requirement("R2")
@pytest.mark.requirement("R10")
def test_each_purpose_gets_its_own_answer_for_the_pictures_shown(scene: Scene) -> None:
    yes, no = record(scene, answer("own_copy", GrantDecision.PERMIT), answer("family", GrantDecision.DENY))
    assert (yes.state, no.state) == (GrantState.ACTIVE, GrantState.REFUSED)
    shown = {(item.artefact_id, item.sha256) for item in shown_of(scene.study)}
    assert set(yes.images.values_list("artefact_id", "sha256")) == shown
    assert {(grant.patient, grant.scope_id) for grant in (yes, no)} == {(scene.patient, scene.study.pk)}
    assert {one.method for one in Signature.objects.filter(record=yes.record)} == {SigningMethod.SPOKEN}


def test_one_answer_that_fails_takes_the_others_with_it(scene: Scene) -> None:
    before = Grant.objects.count()
    broken = replace(answer("family", GrantDecision.PERMIT), valid_until=timezone.now())
    with pytest.raises(ConsentRefused):
        record(scene, answer("own_copy", GrantDecision.PERMIT), broken)
    assert Grant.objects.count() == before


def test_what_stands_about_a_study_is_known_in_the_order_of_its_purposes(scene: Scene) -> None:
    refusal = make_grant(scene.patient, scene.clinician, scene.study, purpose="family", decision=GrantDecision.DENY)
    assert standing(scene.study) == [scene.grant, refusal]
    assert standing(make_study(scene.clinic, scene.patient)) == []


@pytest.mark.requirement("R10")
def test_an_answer_on_record_tells_what_it_does_not_cover(scene: Scene) -> None:
    assert on_record(scene.grant, shown_of(scene.study)) == OnRecord(scene.grant, 0)
    make_released(scene.study, scene.clinician)
    shown = shown_of(scene.study)
    assert on_record(scene.grant, shown) == OnRecord(scene.grant, 1)
    changed = [replace(item, sha256="0" * 64) for item in shown]
    assert on_record(scene.grant, changed) == OnRecord(scene.grant, 2)


def test_the_fingerprint_sees_other_pictures_and_other_words(scene: Scene) -> None:
    shown, words = shown_of(scene.study), [live_wording("own_copy"), live_wording("family")]
    one = digest_of(shown, words)
    assert one == digest_of(reversed(shown), reversed(words))
    assert one != digest_of(shown, words, [scene.grant])
    assert one != digest_of(shown[1:], words)
    assert one != digest_of(shown, words[1:])
    assert one != digest_of([replace(shown[0], sha256="0" * 64), *shown[1:]], words)
