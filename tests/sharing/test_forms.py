"""What staff and patients type."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from consent.ages import end_of
from consent.services import live_wording
from consent.states import GrantDecision
from sharing import access
from sharing.forms import DoorForm, LinkForm, SittingForm
from sharing.services.sitting import OnRecord
from tests.factories.sharing import Scene, make_grant, make_scene

pytestmark = pytest.mark.django_db


def sitting(
    data: dict[str, str] | None, *, shown: str = "seen", purposes: tuple[str, ...] = ("own_copy", "family")
) -> SittingForm:
    return SittingForm(data, wordings=[live_wording(code) for code in purposes], present={}, shown=shown)


def said(**changes: str) -> dict[str, str]:
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    return {
        "answer_own_copy": "permit",
        "until_own_copy": until,
        "answer_family": "later",
        "until_family": until,
        "method": "typed",
        "name": "Anna Testwoman",
        "shown": "seen",
        **changes,
    }


def test_it_works() -> None:
    form = sitting(said())
    assert form.is_valid()
    (answer,) = form.answers()
    assert (answer.purpose.pk, answer.decision) == ("own_copy", GrantDecision.PERMIT)
    assert answer.valid_until is not None
    assert timezone.localdate(answer.valid_until) == timezone.localdate() + timedelta(days=30)
    assert [wording.purpose_id for wording in form.later()] == ["family"]


@pytest.mark.requirement("R2")
def test_nothing_is_ticked_before_the_patient_speaks() -> None:
    form = sitting(None, purposes=("own_copy", "family", "social_media"))
    page = "".join(str(field) for field in form)
    assert "checked" not in page
    empty = sitting({"shown": "seen"})
    assert not empty.is_valid()
    assert empty.answers() == []


@pytest.mark.requirement("R2")
def test_silence_on_every_purpose_is_no_answer() -> None:
    form = sitting(said(answer_own_copy="", answer_family="later"))
    assert "at least one purpose" in form.errors["__all__"][0]


@pytest.mark.requirement("R7")
@pytest.mark.requirement("R13")
def test_social_media_needs_its_own_tick() -> None:
    data = said(answer_social_media="permit", until_social_media=said()["until_family"])
    purposes = ("own_copy", "family", "social_media")
    assert "permanence_social_media" in sitting(data, purposes=purposes).errors
    ticked = sitting({**data, "permanence_social_media": "on"}, purposes=purposes)
    assert ticked.is_valid()
    assert [answer.permanence_acknowledged for answer in ticked.answers()] == [False, True]
    refused = sitting({**data, "answer_social_media": "deny"}, purposes=purposes)
    assert refused.is_valid()


@pytest.mark.requirement("R6")
@pytest.mark.parametrize("until", ["", "today", "far", "nonsense"])
def test_a_yes_needs_an_end_in_time(until: str) -> None:
    days = {"today": timezone.localdate().isoformat(), "far": "2400-01-01"}
    form = sitting(said(until_own_copy=days.get(until, until)))
    assert list(form.errors) == ["until_own_copy"]


def test_the_last_possible_day_is_possible() -> None:
    wording = live_wording("own_copy")
    last = timezone.localdate(wording.purpose.last_end(timezone.now()))
    form = sitting(said(until_own_copy=last.isoformat()))
    assert form.is_valid()
    end = form.answers()[0].valid_until
    assert end is not None
    assert end <= wording.purpose.last_end(timezone.now())


def test_a_yes_needs_a_name_and_a_no_does_not() -> None:
    assert "name" in sitting(said(name=" ")).errors
    assert sitting(said(name="", answer_own_copy="deny", until_own_copy="")).is_valid()


def test_pictures_or_words_that_changed_are_noticed() -> None:
    assert "shown" in sitting(said(), shown="other").errors


@pytest.mark.parametrize("method", ["", "paper", "carved"])
def test_the_way_of_answering_comes_from_the_list(method: str) -> None:
    assert "method" in sitting(said(method=method)).errors


def test_the_present_answer_stands_on_its_card(scene: Scene) -> None:
    present = OnRecord(scene.grant, 0)
    form = SittingForm(None, wordings=[live_wording("own_copy")], present={"own_copy": present}, shown="seen")
    (card,) = form.cards()
    assert (card.present, card.permanence) == (present, None)


def link_form(scene: Scene, **changes: object) -> LinkForm:
    pictures = access.shareable(scene.study.pk, scene.grant)
    data: dict[str, object] = {
        "submission": str(uuid4()),
        "nickname": "mother",
        "recipient_check": "in_person",
        "pictures": [str(picture.picture_id) for picture in pictures],
        "until": (timezone.localdate() + timedelta(days=3)).isoformat(),
        "max_openings": "5",
        **changes,
    }
    return LinkForm(data, pictures=pictures, grant=scene.grant)


def test_the_terms_of_a_link_are_read(scene: Scene) -> None:
    form = link_form(scene)
    assert form.is_valid(), form.errors
    assert timezone.localdate(form.not_after()) == timezone.localdate() + timedelta(days=3)
    assert form.cleaned_data["download_allowed"] is False
    assert len(form.chosen()) == 1
    assert form.submission_id()


@pytest.mark.requirement("R44")
def test_the_usual_terms_are_fourteen_days_and_fifty_openings(scene: Scene) -> None:
    form = LinkForm(None, pictures=[], grant=scene.grant)
    assert form["until"].value() == timezone.localdate() + timedelta(days=14)
    assert form["max_openings"].value() == 50
    assert form["download_allowed"].value() is True


@pytest.mark.requirement("R43")
@pytest.mark.parametrize("check", ["", "trust me"])
def test_an_unverified_recipient_gets_no_link(scene: Scene, check: str) -> None:
    assert "recipient_check" in link_form(scene, recipient_check=check).errors


@pytest.mark.requirement("R44")
@pytest.mark.parametrize("days", [-1, 91, 400])
def test_a_link_ends_within_ninety_days(scene: Scene, days: int) -> None:
    until = (timezone.localdate() + timedelta(days=days)).isoformat()
    assert "until" in link_form(scene, until=until).errors


@pytest.mark.requirement("R44")
def test_a_link_ends_with_its_consent() -> None:
    scene = make_scene()
    short = make_grant(scene.patient, scene.clinician, scene.study, days=15)
    pictures = access.shareable(scene.study.pk, short)
    form = LinkForm(None, pictures=pictures, grant=short)
    assert short.valid_until is not None
    assert form.latest == timezone.localdate(short.valid_until)
    chosen = [str(picture.picture_id) for picture in pictures]
    data = {**link_form(scene).data, "pictures": chosen, "until": form.latest.isoformat()}
    bound = LinkForm(data, pictures=pictures, grant=short)
    assert bound.is_valid(), bound.errors
    assert bound.not_after() <= short.valid_until


@pytest.mark.parametrize("openings", ["0", "501", "many"])
def test_openings_are_bounded(scene: Scene, openings: str) -> None:
    assert "max_openings" in link_form(scene, max_openings=openings).errors


@pytest.mark.requirement("R35")
def test_only_pictures_of_the_consent_can_be_picked(scene: Scene) -> None:
    assert "pictures" in link_form(scene, pictures=[]).errors
    assert "pictures" in link_form(scene, pictures=[str(uuid4())]).errors


def test_every_picture_has_its_tick_box(scene: Scene) -> None:
    form = LinkForm(None, pictures=access.shareable(scene.study.pk, scene.grant), grant=scene.grant)
    ((picture, box),) = form.boxes()
    assert str(picture.picture_id) in str(box.tag())
    assert "checked" in str(box.tag())


@pytest.mark.parametrize(("purpose", "ticked"), [("own_copy", True), ("family", False)])
def test_what_may_tell_the_sex_goes_to_others_only_where_it_is_ticked(purpose: str, ticked: bool) -> None:
    scene = make_scene(purpose=purpose, tells_sex=True)
    form = LinkForm(None, pictures=access.shareable(scene.study.pk, scene.grant), grant=scene.grant)
    assert ["checked" in str(box.tag()) for _, box in form.boxes()] == [ticked]
    assert form.withholds is not ticked


@pytest.mark.parametrize("missing", ["secret", "code"])
def test_the_door_needs_both_secrets(missing: str) -> None:
    assert missing in DoorForm({"secret": "s", "code": "c", missing: ""}).errors


def test_a_day_ends_with_its_last_second() -> None:
    moment = end_of(date(2026, 3, 4))
    assert timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") == "2026-03-04 23:59:59"
