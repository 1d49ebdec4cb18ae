"""The review page and a reviewer's steps."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from deid.models import Instance, Study, TextPolicy
from deid.states import ArtefactKind, InstanceState
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_artefact, make_picture, make_study
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db
STEPS = [
    "cover",
    "cover_undo",
    "cover_lift",
    "cover_restore",
    "release",
    "reject",
    "undo",
    "again",
    "mark_sex",
    "unmark_sex",
]
COVER = {
    "cover-TOTAL_FORMS": "1",
    "cover-INITIAL_FORMS": "0",
    "cover-0-x": "1",
    "cover-0-y": "2",
    "cover-0-w": "10",
    "cover-0-h": "12",
    "edition": "0",
}


@pytest.fixture
def study(clinic: Clinic) -> Study:
    return make_study(clinic)


@pytest.fixture
def instance(study: Study) -> Instance:
    return make_picture(study)


def page_of(instance: Instance) -> str:
    return reverse("deid:review", args=[instance.pk])


def step(browser: Client, name: str, instance: Instance, data: dict[str, str] | None = None) -> object:
    seen = {"run": str(instance.current_run_id or "")}
    return browser.post(reverse(f"deid:{name}", args=[instance.pk]), {**seen, **(data or {})})


def state_of(instance: Instance) -> str:
    instance.refresh_from_db()
    return instance.state


@pytest.mark.parametrize("state", list(InstanceState))
def test_every_state_has_its_page(clinician: Client, study: Study, state: InstanceState) -> None:
    response = clinician.get(page_of(make_picture(study, state)))
    assert response.status_code == 200


def test_before_and_after_are_files_of_the_server(clinician: Client, instance: Instance) -> None:
    page = clinician.get(page_of(instance)).content.decode()
    files = {file.kind: file.pk for file in instance.artefacts.all()}
    assert reverse("deid:media", args=[files["source_still"]]) in page
    assert reverse("deid:media", args=[files["still_png"]]) in page
    assert "Outside the ultrasound area" in page
    assert 'viewBox="0 0 80 60"' in page


def test_a_film_is_shown_as_a_film(clinician: Client, study: Study) -> None:
    instance = make_picture(study, frames=12)
    film = make_artefact(instance.current_run, ArtefactKind.FILM)
    source = make_artefact(instance.current_run, ArtefactKind.SOURCE_FILM)
    page = clinician.get(page_of(instance)).content.decode()
    assert page.count("<video") == 2
    assert all(reverse("deid:media", args=[file.pk]) in page for file in (film, source))


def test_a_reviewer_is_reminded_to_play_a_film(clinician: Client, study: Study) -> None:
    film, still = make_picture(study, frames=12), make_picture(study)
    make_artefact(film.current_run, ArtefactKind.FILM)
    assert "You have not played this film yet" in clinician.get(page_of(film)).content.decode()
    assert "not played" not in clinician.get(page_of(still)).content.decode()


def test_single_keys_can_be_switched_off(clinician: Client, instance: Instance) -> None:
    page = clinician.get(page_of(instance)).content.decode()
    assert "data-single-keys" in page
    assert 'data-key="a"' in page


def test_versions_of_one_instance_name_each_other(clinician: Client, study: Study) -> None:
    first, second, other = (make_picture(study) for _ in range(3))
    Instance.objects.filter(pk=second.pk).update(sop_match=first.sop_match)
    page = clinician.get(page_of(first)).content.decode()
    assert "in more than one version" in page
    assert page_of(second) in page.split("in more than one version")[1].split("</div>")[0]
    assert "in more than one version" not in clinician.get(page_of(other)).content.decode()


def test_a_held_picture_without_outputs_says_so(clinician: Client, study: Study) -> None:
    instance = make_picture(study, InstanceState.HELD, reason="undecodable", outputs=False)
    page = clinician.get(page_of(instance)).content.decode()
    assert "No picture to show" in page
    assert "cannot be released" in page
    assert "At least one frame cannot be decoded" in page


def test_neighbours_are_one_key_away(clinician: Client, study: Study) -> None:
    first, second, third = (make_picture(study) for _ in range(3))
    context = clinician.get(page_of(second)).context
    assert (context["previous"], context["following"]) == (first.pk, third.pk)
    assert clinician.get(page_of(first)).context["previous"] is None


def test_the_page_renews_itself_when_the_state_moves(clinician: Client, instance: Instance) -> None:
    mark = clinician.get(page_of(instance)).context["mark"]
    live = {"HX-Request": "true"}
    still = clinician.get(page_of(instance), {"mark": mark}, headers=live)
    assert still.status_code == 204
    assert "HX-Refresh" not in still
    Instance.objects.filter(pk=instance.pk).update(tells_sex=True)
    assert clinician.get(page_of(instance), {"mark": mark}, headers=live)["HX-Refresh"] == "true"
    Instance.objects.filter(pk=instance.pk).update(state="rejected", reason="poor")
    assert clinician.get(page_of(instance), {"mark": mark}, headers=live)["HX-Refresh"] == "true"


def test_releasing_goes_on_to_the_next_that_waits(clinician: Client, study: Study) -> None:
    first, _, third = (
        make_picture(study, state) for state in (InstanceState.CLEAN, InstanceState.RELEASED, InstanceState.HELD)
    )
    response = step(clinician, "release", first)
    assert response["Location"] == page_of(third)
    assert state_of(first) == InstanceState.RELEASED


def test_after_the_last_one_it_goes_back_to_the_study(clinician: Client, instance: Instance) -> None:
    response = step(clinician, "release", instance)
    assert response["Location"] == reverse("deid:study", args=[instance.study_id])


def test_what_was_cleaned_again_since_is_not_released(clinician: Client, instance: Instance) -> None:
    shown = clinician.get(page_of(instance)).context["release_form"]["run"].value()
    assert shown == str(instance.current_run_id)
    step(clinician, "release", instance, {"run": str(uuid4())})
    assert state_of(instance) == InstanceState.CLEAN
    step(clinician, "release", instance, {"run": ""})
    assert state_of(instance) == InstanceState.CLEAN
    step(clinician, "release", instance, {"run": str(shown)})
    assert state_of(instance) == InstanceState.RELEASED


def test_a_held_picture_needs_the_sentence(clinician: Client, study: Study) -> None:
    instance = make_picture(study, InstanceState.HELD, reason="text_left")
    assert step(clinician, "release", instance)["Location"] == page_of(instance)
    assert state_of(instance) == InstanceState.HELD
    assert "tick the sentence" in clinician.get(page_of(instance)).content.decode()
    step(clinician, "release", instance, {"confirmed": "on"})
    assert state_of(instance) == InstanceState.RELEASED


def test_a_hard_reason_is_explained_and_kept(clinician: Client, study: Study) -> None:
    instance = make_picture(study, InstanceState.HELD, reason="identifier_left")
    step(clinician, "release", instance, {"confirmed": "on"})
    assert state_of(instance) == InstanceState.HELD
    assert b"cannot be released" in clinician.get(page_of(instance)).content


def test_a_page_of_text_is_never_released_and_the_ways_out_are_named(clinician: Client, study: Study) -> None:
    instance = make_picture(study, InstanceState.HELD, reason="report_page")
    page = clinician.get(page_of(instance)).content.decode()
    assert 'id="release"' not in page
    assert "never a picture for a patient" in page
    assert 'id="reject"' in page
    assert 'id="cover-form"' in page
    step(clinician, "release", instance, {"confirmed": "on", "sex_wanted": "on"})
    assert state_of(instance) == InstanceState.HELD


def test_a_picture_that_may_tell_the_sex_says_so_and_needs_its_own_tick(clinician: Client, study: Study) -> None:
    instance = make_picture(study, tells_sex=True)
    page = clinician.get(page_of(instance)).content.decode()
    assert "May tell the sex of the child" in page
    assert "the family wants to know it" in page
    assert step(clinician, "release", instance)["Location"] == page_of(instance)
    assert state_of(instance) == InstanceState.CLEAN
    assert "only where the family wants to know" in clinician.get(page_of(instance)).content.decode()
    step(clinician, "release", instance, {"sex_wanted": "on"})
    assert state_of(instance) == InstanceState.RELEASED


def test_words_that_tell_the_sex_are_mentioned_and_never_quoted(clinician: Client, study: Study) -> None:
    instance = make_picture(study, tells_sex=True)
    instance.current_run.report["flags"] = ["fetal_sex"]
    instance.current_run.save()
    assert "Words that tell it were read here" in clinician.get(page_of(instance)).content.decode()


def test_a_plain_picture_asks_for_no_such_tick(clinician: Client, instance: Instance) -> None:
    page = clinician.get(page_of(instance)).content.decode()
    assert 'name="sex_wanted"' not in page
    assert "May tell the sex" not in page


def test_a_picture_behind_the_policy_is_offered_to_be_cleaned_again(clinician: Client, instance: Instance) -> None:
    offer = "under another version of the policy"
    assert offer not in clinician.get(page_of(instance)).content.decode()
    by = make_staff(instance.clinic)
    TextPolicy.objects.create(clinic=instance.clinic, version=1, text="nothing", created_by=by)
    assert offer in clinician.get(page_of(instance)).content.decode()
    step(clinician, "again", instance)
    assert state_of(instance) == InstanceState.RECEIVED


def test_the_findings_stand_below_the_picture(clinician: Client, instance: Instance) -> None:
    page = clinician.get(page_of(instance)).content.decode()
    assert "16.7 %" in page
    assert "nothing was left" in page
    assert reverse("deid:proof", args=[instance.pk]) in page


def test_releasing_twice_is_harmless(clinician: Client, instance: Instance) -> None:
    step(clinician, "release", instance)
    step(clinician, "release", instance)
    assert state_of(instance) == InstanceState.RELEASED


def test_rejecting_takes_a_reason_from_the_list(sonographer: Client, instance: Instance) -> None:
    step(sonographer, "reject", instance, {"reason": "her name is Anna"})
    assert state_of(instance) == InstanceState.CLEAN
    step(sonographer, "reject", instance, {"reason": "identifies"})
    assert state_of(instance) == InstanceState.REJECTED


def test_a_release_is_taken_back(clinician: Client, study: Study) -> None:
    instance = make_picture(study, InstanceState.RELEASED)
    step(clinician, "undo", instance)
    assert state_of(instance) == InstanceState.CLEAN


def test_a_failed_picture_is_tried_again(sonographer: Client, study: Study) -> None:
    instance = make_picture(study, InstanceState.FAILED, reason="gave_up")
    assert b"Try again" in sonographer.get(page_of(instance)).content
    step(sonographer, "again", instance)
    assert state_of(instance) == InstanceState.RECEIVED


@pytest.mark.parametrize("name", ["release", "undo"])
def test_a_sonographer_neither_releases_nor_takes_back(sonographer: Client, instance: Instance, name: str) -> None:
    assert step(sonographer, name, instance).status_code == 403
    assert state_of(instance) == InstanceState.CLEAN
    assert b"A clinician releases" in sonographer.get(page_of(instance)).content


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("name", STEPS)
def test_another_clinic_finds_nothing(outsider: Client, instance: Instance, name: str) -> None:
    assert outsider.get(page_of(instance)).status_code == 404
    assert step(outsider, name, instance, {**COVER, "reason": "poor"}).status_code == 404
    assert state_of(instance) == InstanceState.CLEAN


@pytest.mark.parametrize("name", STEPS)
def test_a_stranger_is_sent_to_sign_in(client: Client, instance: Instance, name: str) -> None:
    assert client.get(page_of(instance))["Location"].startswith(reverse("clinics:sign_in"))
    assert step(client, name, instance).status_code == 302
    assert state_of(instance) == InstanceState.CLEAN


@pytest.mark.parametrize("name", STEPS)
def test_looking_changes_nothing(clinician: Client, instance: Instance, name: str) -> None:
    assert clinician.get(reverse(f"deid:{name}", args=[instance.pk])).status_code == 405


@pytest.mark.parametrize("name", STEPS)
def test_a_forged_form_is_refused(clinic: Clinic, clinician: Client, instance: Instance, name: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = clinician.cookies
    assert step(strict, name, instance, COVER).status_code == 403
    assert state_of(instance) == InstanceState.CLEAN
