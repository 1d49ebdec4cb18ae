"""The versions of a clinic's policy, and what the engine is told."""

import pytest

from deid.engine.geometry import Box, Why
from deid.engine.policy import KeptText, Policy
from deid.models import TextPolicy
from deid.services.policies import current_policy, engine_policy, publish_policy
from deid.states import KeptTextChoice
from tests.factories.clinics import make_clinic, make_staff
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db
BOX = Box(4, 5, 20, 10, 0, 0, Why.MANUAL)


@pytest.fixture
def clinic() -> Clinic:
    return make_clinic()


def publish(clinic: Clinic, text: KeptTextChoice = KeptTextChoice.NOTHING, **choices: object) -> TextPolicy:
    usual = {"gestational_age": True, "also_kept": [], "also_covered": []}
    return publish_policy(clinic, text=text, by=make_staff(clinic), **usual | choices)


def test_a_clinic_that_never_chose_has_the_engines_own_policy(clinic: Clinic) -> None:
    assert current_policy(clinic).version == 0
    assert engine_policy(current_policy(clinic)) == Policy()
    assert not TextPolicy.objects.exists()


def test_the_newest_version_counts_and_only_in_its_clinic(clinic: Clinic) -> None:
    other = make_clinic("Harbour Scans")
    publish(clinic)
    publish(clinic, KeptTextChoice.MEASUREMENTS)
    assert (current_policy(clinic).version, current_policy(clinic).text) == (2, "measurements")
    assert current_policy(other).version == 0


def test_the_engine_is_told_every_choice_and_the_covers(clinic: Clinic) -> None:
    chosen = publish(
        clinic, KeptTextChoice.MEASUREMENTS, gestational_age=False, also_kept=["Vmid"], also_covered=["Old Mill"]
    )
    assert engine_policy(chosen, covers=[BOX.to_json()], lifted=[BOX.to_json()]) == Policy(
        extra_boxes=(BOX,),
        lifted=(BOX,),
        text=KeptText.MEASUREMENTS,
        gestational_age=False,
        also_kept=("Vmid",),
        also_covered=("Old Mill",),
    )


@pytest.mark.parametrize("choice", list(KeptTextChoice))
def test_every_choice_of_the_page_is_one_of_the_engine(choice: KeptTextChoice) -> None:
    assert KeptText(choice.value).name == choice.name
    assert len(KeptTextChoice) == len(KeptText)


def test_a_change_is_on_the_trail_without_the_words(clinic: Clinic) -> None:
    chosen = publish(clinic, also_kept=["Vmid"], also_covered=["Old Mill", "Ruth Ellingsen"])
    entry = Entry.objects.get(event="policy_published")
    assert (entry.actor, entry.object_id) == (f"user:{chosen.created_by_id}", chosen.pk)
    assert entry.detail == {
        "version": 1,
        "text": "nothing",
        "gestational_age": True,
        "words_kept": 1,
        "words_covered": 2,
    }


@pytest.mark.parametrize("words", [{"also_kept": ["two words"]}, {"also_kept": ["boy"]}, {"also_covered": ["x" * 61]}])
def test_what_the_engine_does_not_let_a_clinic_choose_is_not_published(
    clinic: Clinic, words: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="word") as raised:
        publish(clinic, **words)
    assert next(iter(words.values()))[0] not in str(raised.value)
    assert not TextPolicy.objects.exists()
    assert not Entry.objects.filter(event="policy_published").exists()


def test_no_change_is_no_version(clinic: Clinic) -> None:
    with pytest.raises(ValueError, match="counts already"):
        publish(clinic, KeptTextChoice.MEASUREMENTS_AND_ANATOMY)
    publish(clinic)
    with pytest.raises(ValueError, match="counts already"):
        publish(clinic)
    assert TextPolicy.objects.count() == 1
