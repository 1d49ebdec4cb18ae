"""Consent at the desk."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from pytest_django import Settings

from consent.models import ConsentDocument, Grant, OfferedPurpose, Purpose, Wording
from consent.states import GrantDecision, GrantState, SignerRole
from deid.models import Study
from sharing.models import Message
from tests.factories.clinics import make_staff
from tests.factories.patients import make_identity, make_patient
from tests.factories.sharing import Scene, make_grant, make_released, make_scene, make_study, shown_of, unrelease
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(scene.clinician)
    return browser


def address(scene: Scene, basis: str = "adult", ask: tuple[str, ...] = ("own_copy", "family")) -> str:
    return where_asked(scene.study, basis, ask)


def where_asked(study: Study, basis: str = "adult", ask: tuple[str, ...] = ("own_copy", "family")) -> str:
    query = urlencode([("basis", basis), *(("ask", code) for code in ask)])
    return f"{reverse('sharing:ceremony', args=[study.pk])}?{query}"


def answers(page: HttpResponse, **changes: str) -> dict[str, str]:
    """Return a yes to the own copy and a no to family, as the page's form sends them."""
    until = (timezone.localdate() + timedelta(days=365)).isoformat()
    return {
        "shown": page.context["form"]["shown"].value(),
        "answer_own_copy": "permit",
        "until_own_copy": until,
        "answer_family": "deny",
        "until_family": until,
        "method": "typed",
        "name": "Anna Testwoman",
        **changes,
    }


def test_it_works(scene: Scene, desk: Client) -> None:
    data = answers(desk.get(address(scene)))
    check = desk.post(address(scene), {**data, "step": "check"})
    assert check.status_code == 200
    done = desk.post(address(scene), {**data, "step": "record"})
    assert done["Location"] == reverse("sharing:recorded", args=[scene.study.pk])
    assert desk.get(done["Location"]).status_code == 200
    own = Grant.objects.get(purpose="own_copy", state=GrantState.ACTIVE)
    assert own.pk != scene.grant.pk
    assert Grant.objects.get(purpose="family").state == GrantState.REFUSED


@pytest.mark.requirement("R10")
def test_every_card_shows_the_very_pictures_and_they_go_into_the_evidence(scene: Scene, desk: Client) -> None:
    page = desk.get(address(scene))
    text = page.content.decode()
    still = reverse("deid:media", args=[scene.file("thumbnail").pk])
    cards = page.context["form"].cards()
    assert text.count(f'src="{still}"') == len(cards)
    desk.post(address(scene), {**answers(page), "step": "record"})
    grant = Grant.objects.get(purpose="own_copy", state=GrantState.ACTIVE)
    expected = {(item.artefact_id, item.sha256, item.kind) for item in shown_of(scene.study)}
    assert set(grant.images.values_list("artefact_id", "sha256", "kind")) == expected


@pytest.mark.requirement("R5")
@pytest.mark.requirement("R8")
@pytest.mark.requirement("R9")
def test_what_may_tell_the_sex_is_shown_to_her_only_when_she_asks() -> None:
    scene = make_scene(tells_sex=True, film_padding=0)
    browser = Client()
    browser.force_login(scene.clinician)
    page = browser.get(address(scene)).content.decode()
    cards = page.count("Show it?")
    assert cards == 2
    assert page.count('<details class="veil">') == cards
    for veiled in page.split('<details class="veil">')[1:]:
        assert "<img" in veiled.split("</details>")[0]
        assert "watch the film" in veiled.split("</details>")[0]
    assert "<img" not in page.split("<details")[0]


def test_every_card_carries_its_whole_wording(scene: Scene, desk: Client) -> None:
    text = desk.get(address(scene)).content.decode()
    for wording in Wording.objects.filter(purpose__in=["own_copy", "family"], language="en", retired_at=None):
        for part in ("purpose_text", "uses", "audience", "retention", "withdrawal_limits", "care_unaffected"):
            assert getattr(wording, part)[:50] in text


@pytest.mark.requirement("R2")
def test_nothing_is_ticked_and_nothing_is_recorded_by_looking(scene: Scene, desk: Client) -> None:
    before = Grant.objects.count()
    page = desk.get(address(scene)).content.decode()
    assert " checked" not in page
    assert Grant.objects.count() == before


@pytest.mark.requirement("R13")
def test_social_media_is_absent_until_the_clinic_offers_it(scene: Scene, desk: Client) -> None:
    everything = address(scene, ask=())
    assert "answer_social_media" not in desk.get(everything).content.decode()
    OfferedPurpose.objects.create(clinic=scene.clinic, purpose=Purpose.objects.get(pk="social_media"))
    text = desk.get(everything).content.decode()
    assert "answer_social_media" in text
    assert "permanence_social_media" in text


def test_checking_records_nothing_and_carries_the_answers_on(scene: Scene, desk: Client) -> None:
    before = Grant.objects.count()
    data = answers(desk.get(address(scene)))
    check = desk.post(address(scene), {**data, "step": "check"})
    assert Grant.objects.count() == before
    text = check.content.decode()
    for name in data:
        assert f'name="{name}"' in text
    changed = desk.post(address(scene), {**data, "step": "change"})
    assert changed.status_code == 200
    assert " checked" in changed.content.decode()
    assert Grant.objects.count() == before


def test_what_is_decided_later_leaves_no_trace(scene: Scene, desk: Client) -> None:
    data = answers(desk.get(address(scene)), answer_family="later")
    check = desk.post(address(scene), {**data, "step": "check"}).content.decode()
    assert "To be decided later" in check
    desk.post(address(scene), {**data, "step": "record"})
    assert not Grant.objects.filter(purpose="family").exists()


@pytest.mark.requirement("R9")
def test_a_refusal_ends_in_an_ordinary_page(scene: Scene, desk: Client) -> None:
    data = answers(desk.get(address(scene)), answer_own_copy="deny", answer_family="deny", name="")
    done = desk.post(address(scene), {**data, "step": "record"}, follow=True)
    assert done.status_code == 200
    text = done.content.decode()
    assert "Saying no changes nothing" in text
    assert scene.clinic.contact in text
    assert Entry.objects.filter(event=Event.CONSENT_REFUSED).count() == 2
    assert desk.get(reverse("deid:study", args=[scene.study.pk])).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"until_own_copy": ""}, {"method": ""}, {"answer_own_copy": "", "answer_family": ""}]
)
def test_an_incomplete_answer_is_not_recorded(scene: Scene, desk: Client, changes: dict[str, str]) -> None:
    before = Grant.objects.count()
    data = answers(desk.get(address(scene)), **changes)
    for step in ("check", "record"):
        answer = desk.post(address(scene), {**data, "step": step})
        assert answer.status_code == 422
        assert "Nothing is recorded yet" in answer.content.decode()
    assert Grant.objects.count() == before


def test_a_picture_released_meanwhile_is_looked_at_first(scene: Scene, desk: Client) -> None:
    before = Grant.objects.count()
    data = answers(desk.get(address(scene)))
    make_released(scene.study, scene.clinician)
    answer = desk.post(address(scene), {**data, "step": "record"})
    assert "have changed since" in answer.content.decode()
    assert Grant.objects.count() == before


def test_without_a_released_picture_there_is_nothing_to_agree_to(scene: Scene, desk: Client) -> None:
    data = answers(desk.get(address(scene)))
    unrelease(scene.instances[0])
    for answer in (desk.get(address(scene)), desk.post(address(scene), {**data, "step": "record"})):
        assert "No picture is released yet" in answer.content.decode()


@pytest.mark.requirement("R11")
def test_a_purpose_without_words_cannot_be_asked_for(scene: Scene, desk: Client) -> None:
    Wording.objects.filter(purpose="family", retired_at=None).update(retired_at=timezone.now())
    text = desk.get(address(scene)).content.decode()
    assert "cannot be asked for" in text
    assert "answer_family" not in text


def test_the_record_shows_what_stands(scene: Scene, desk: Client) -> None:
    page = desk.get(reverse("sharing:recorded", args=[scene.study.pk])).content.decode()
    assert scene.grant.wording.title in page
    empty = make_study(scene.clinic, make_patient(scene.clinic))
    page = desk.get(reverse("sharing:recorded", args=[empty.pk])).content.decode()
    assert "No answer is on record" in page


@pytest.mark.requirement("R2")
def test_a_sitting_about_one_study_leaves_the_other_alone(scene: Scene, desk: Client) -> None:
    """A mother with a scan at 12 and one at 20 weeks keeps both."""
    later = make_study(scene.clinic, scene.patient)
    make_released(later, scene.clinician)
    where = where_asked(later)
    page = desk.get(where)
    assert "the answer on record" not in page.content.decode()
    desk.post(where, {**answers(page), "step": "record"})
    active = Grant.objects.filter(purpose="own_copy", state=GrantState.ACTIVE)
    assert set(active.values_list("scope_id", flat=True)) == {scene.study.pk, later.pk}
    assert scene.open().get(reverse("sharing:pictures")).status_code == 200


def test_the_answer_on_record_says_what_it_is_about(scene: Scene, desk: Client) -> None:
    text = desk.get(address(scene)).content.decode()
    assert "For these pictures, the answer on record is “Yes”" in text
    assert "the links made from this yes close" in text
    assert "Answers about other scans stay as they are." in text
    assert "It does not cover" not in text
    make_released(scene.study, scene.clinician)
    assert "It does not cover 1 of them, which was added" in desk.get(address(scene)).content.decode()
    make_grant(scene.patient, scene.clinician, scene.study, decision=GrantDecision.DENY)
    text = desk.get(address(scene)).content.decode()
    assert "the answer on record is “No”" in text
    assert "the links made from this yes close" not in text


def test_the_record_leads_straight_to_a_link_for_each_yes(scene: Scene, desk: Client) -> None:
    make_grant(scene.patient, scene.clinician, scene.study, purpose="family", decision=GrantDecision.DENY)
    page = desk.get(reverse("sharing:recorded", args=[scene.study.pk])).content.decode()
    new = reverse("sharing:link_new", args=[scene.study.pk, "own_copy"])
    assert f'href="{new}">Make a link<span' in page
    assert reverse("sharing:link_new", args=[scene.study.pk, "family"]) not in page
    assert desk.get(new).status_code == 200
    make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    page = desk.get(reverse("sharing:recorded", args=[scene.study.pk])).content.decode()
    assert reverse("sharing:link_new", args=[scene.study.pk, "family"]) in page


# --- who decides ---


def girl_of(scene: Scene, years: int = 15) -> Scene:
    """The scene with a patient under age and nothing on record."""
    born = f"{timezone.localdate().year - years}0101"
    patient = make_patient(scene.clinic, make_identity(birth_date=born))
    study = make_study(scene.clinic, patient)
    make_released(study, scene.clinician)
    return replace(scene, patient=patient, study=study)


def test_who_decides_is_asked_first_and_only_what_fits_is_offered(scene: Scene, desk: Client) -> None:
    plain = reverse("sharing:ceremony", args=[scene.study.pk])
    page = desk.get(plain).content.decode()
    assert "Who decides?" in page
    assert 'value="adult"' in page
    assert 'value="minor_with_parent"' not in page
    assert page.count(" checked") == page.count('id="language-en" checked') == 1  # the language, nothing else
    assert "answer_own_copy" not in page
    for basis in ("competent_minor", "minor_with_parent", "deceased", "queen"):
        answer = desk.get(plain, {"basis": basis}).content.decode()
        assert "Choose who decides, from the list below" in answer
    assert desk.post(plain, {"step": "record"}).status_code == 422


@pytest.mark.requirement("R24")
def test_a_parent_and_the_girl_sign_and_the_second_may_come_later(scene: Scene, desk: Client) -> None:
    girl = girl_of(scene)
    where = address(girl, "minor_with_parent", ("own_copy",))
    page = desk.get(where)
    assert "The parent’s name, as a signature" in page.content.decode()
    data = {**answers(page), "answer_family": "", "name": "Rowan Elm", "step": "record"}
    done = desk.post(where, data, follow=True).content.decode()
    grant = Grant.objects.get(patient=girl.patient)
    assert grant.state == GrantState.PENDING
    assert "Add the missing signature" in done
    sign = reverse("consent:sign", args=[grant.pk])
    assert "Patient, agreeing" in desk.get(sign).content.decode()
    desk.post(sign, {"role": "assent", "name": "Junia", "method": "typed"})
    grant.refresh_from_db()
    assert grant.state == GrantState.ACTIVE
    assert set(grant.record.signatures.values_list("role", flat=True)) == {SignerRole.PARENT, SignerRole.ASSENT}


@pytest.mark.requirement("R29")
def test_the_girls_no_is_recorded_and_a_yes_beside_it_is_not(scene: Scene, desk: Client) -> None:
    girl = girl_of(scene)
    where = address(girl, "minor_with_parent", ("own_copy",))
    data = {**answers(desk.get(where)), "answer_family": "", "name": "Rowan Elm", "assent": "refused"}
    refused = desk.post(where, {**data, "step": "record"})
    assert "The patient herself says no" in refused.content.decode()
    assert not Grant.objects.filter(patient=girl.patient).exists()
    desk.post(where, {**data, "answer_own_copy": "deny", "assent_name": "Junia", "step": "record"})
    grant = Grant.objects.get(patient=girl.patient)
    assert (grant.state, grant.record.signatures.get().role) == (GrantState.REFUSED, SignerRole.ASSENT)


@pytest.mark.requirement("R25")
@pytest.mark.requirement("R22")
def test_a_competent_girl_decides_alone_until_she_comes_of_age(scene: Scene, desk: Client) -> None:
    girl = girl_of(scene, 17)
    where = address(girl, "competent_minor", ("own_copy",))
    until = (timezone.localdate() + timedelta(days=1500)).isoformat()
    data = {**answers(desk.get(where)), "answer_family": "", "until_own_copy": until}
    missing = desk.post(where, {**data, "step": "check"})
    assert "Who judged that the patient understands" in missing.content.decode()
    data["reasoning"] = "She told me in her own words."
    check = desk.post(where, {**data, "step": "check"}).content.decode()
    majority = date(timezone.localdate().year + 1, 1, 1)
    assert date_format(majority, "j F Y") in check
    desk.post(where, {**data, "step": "record"})
    grant = Grant.objects.get(patient=girl.patient)
    assert grant.state == GrantState.ACTIVE
    assert grant.valid_until == grant.record.capacity.ends_at
    assert grant.record.capacity.assessor == scene.clinician


@pytest.mark.requirement("R26")
def test_an_authority_that_ended_yesterday_is_refused_with_a_way_out(scene: Scene, desk: Client) -> None:
    where = address(scene, "guardian", ("own_copy",))
    data = {
        **answers(desk.get(where)),
        "answer_family": "",
        "authority": "Court order",
        "proof": "Order 12/3",
        "authority_until": (timezone.localdate() - timedelta(days=1)).isoformat(),
        "necessary": "on",
        "in_her_interest": "on",
        "no_other_way": "on",
        "assent": "given",
        "assent_name": "Anna",
    }
    page = desk.post(where, {**data, "step": "record"})
    assert page.status_code == 422
    assert "This authority has ended. Ask for one that is in force" in page.content.decode()
    today = {**data, "authority_until": timezone.localdate().isoformat()}
    assert desk.post(where, {**today, "step": "record"}).status_code == 302


@pytest.mark.requirement("R14")
def test_a_colleagues_name_is_asked_for_and_read_back(scene: Scene, desk: Client) -> None:
    where = address(scene, ask=("consult",))
    until = (timezone.localdate() + timedelta(days=20)).isoformat()
    data = {**answers(desk.get(where)), "answer_consult": "permit", "until_consult": until}
    for code in ("own_copy", "family"):
        data.pop(f"answer_{code}")
    assert desk.post(where, {**data, "step": "check"}).status_code == 422
    data |= {"recipient_consult": "Dr Linden", "verified_consult": "register"}
    assert "Dr Linden" in desk.post(where, {**data, "step": "check"}).content.decode()
    desk.post(where, {**data, "step": "record"})
    grant = Grant.objects.get(purpose="consult")
    assert "Dr Linden" in desk.get(reverse("consent:grant", args=[grant.pk])).content.decode()


# --- the copy ---


@pytest.mark.requirement("R15")
def test_the_patient_gets_a_copy_and_reading_it_is_on_the_trail(scene: Scene, desk: Client) -> None:
    where = address(scene)
    desk.post(where, {**answers(desk.get(where)), "step": "record"})
    document = ConsentDocument.objects.get()
    page = desk.get(reverse("sharing:recorded", args=[scene.study.pk])).content.decode()
    link = reverse("sharing:copy", args=[scene.study.pk, document.pk])
    assert link in page
    pdf = desk.get(link)
    assert pdf["Content-Type"] == "application/pdf"
    assert hashlib.sha256(pdf.content).hexdigest() == document.sha256
    assert Entry.objects.latest("seq").event == Event.CONSENT_COPY_READ
    assert {record.pk for record in document.records.all()} == set(
        Grant.objects.filter(state__in=["active", "refused"]).values_list("record_id", flat=True)
    )
    elsewhere = reverse("sharing:copy", args=[make_study(scene.clinic, scene.patient).pk, document.pk])
    assert desk.get(elsewhere).status_code == 404


@pytest.mark.requirement("R15")
def test_the_copy_goes_by_mail_where_she_asks_for_it(scene: Scene, desk: Client, settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {"email": "sharing.senders.files.FileSender"}
    where = address(scene)
    data = answers(desk.get(where), copy_to="rowan@example.net")
    assert "rowan@example.net" in desk.post(where, {**data, "step": "check"}).content.decode()
    told = desk.get(desk.post(where, {**data, "step": "record"})["Location"]).content.decode()
    assert "waiting" in told
    document = Message.objects.get().document
    assert document is not None
    send = reverse("sharing:copy_mail", args=[scene.study.pk, document.pk])
    assert send in told
    for typed, said in (("rowan", "Nothing is sent"), ("rowan@example.net", "is on its way")):
        assert said in desk.post(send, {"copy_to": typed}, follow=True).content.decode()
    for _ in range(3):
        desk.post(send, {"copy_to": "rowan@example.net"})
    assert "often enough" in desk.post(send, {"copy_to": "rowan@example.net"}, follow=True).content.decode()
    assert Message.objects.count() == 5
    settings.MESSAGE_SENDERS = {}
    refused = desk.post(send, {"copy_to": "rowan@example.net"}, follow=True).content.decode()
    assert "No e-mail is sent" in refused
    assert "copy_to" not in refused


def test_a_form_that_is_sent_twice_counts_once(scene: Scene, desk: Client) -> None:
    data = {**answers(desk.get(address(scene))), "step": "record"}
    assert desk.post(address(scene), data).status_code == 302
    grants = Grant.objects.count()
    again = desk.post(address(scene), data)
    assert again.status_code == 422
    assert "have changed since" in again.content.decode()
    assert Grant.objects.count() == grants


def test_sixty_pictures_make_no_mile_of_page(scene: Scene, desk: Client) -> None:
    for _ in range(4):
        make_released(scene.study, scene.clinician)
    page = desk.get(address(scene)).content.decode()
    assert page.count('<ul class="sheet"') == 2
    assert page.count('tabindex="0" aria-label="Pictures for:') == 2


@pytest.mark.parametrize("name", ["sharing:ceremony", "sharing:recorded"])
def test_another_clinic_and_other_roles_do_not_get_in(scene: Scene, name: str) -> None:
    where = reverse(name, args=[scene.study.pk])
    stranger, neighbour, sonographer = Client(), Client(), Client()
    neighbour.force_login(make_staff())
    sonographer.force_login(make_staff(scene.clinic, Role.SONOGRAPHER))
    assert stranger.get(where).status_code == 302
    assert neighbour.get(where).status_code == 404
    assert sonographer.get(where).status_code == 403


def in_spanish(scene: Scene, ask: tuple[str, ...] = ("own_copy", "family")) -> str:
    return f"{address(scene, ask=ask)}&language=es"


@pytest.mark.requirement("R11")
def test_a_ceremony_in_spanish_is_read_signed_and_kept_in_spanish(scene: Scene, desk: Client) -> None:
    page = desk.get(in_spanish(scene))
    text = page.content.decode()
    assert '<html lang="es" dir="ltr"' in text
    assert "Su respuesta" in text
    assert "Decidir después" in text
    assert Wording.objects.get(purpose="own_copy", language="es").uses[:40] in text
    check = desk.post(in_spanish(scene), {**answers(page), "step": "check"})
    assert "Anotar estas respuestas" in check.content.decode()
    desk.post(in_spanish(scene), {**answers(page), "step": "record"})
    grant = Grant.objects.get(purpose="own_copy", state=GrantState.ACTIVE)
    assert grant.wording.language == "es"
    scene.patient.refresh_from_db()
    assert scene.patient.language == "es"
    assert "Mirar y responder" in desk.get(address(scene)).content.decode()  # from then on it is her language


@pytest.mark.requirement("R11")
def test_a_purpose_without_words_in_her_language_is_not_asked_and_the_page_says_so(scene: Scene, desk: Client) -> None:
    Wording.objects.filter(purpose="family", language="es").update(retired_at=timezone.now())
    page = desk.get(in_spanish(scene))
    text = page.content.decode()
    assert "Esto no se puede preguntar en el idioma elegido aquí" in text
    assert "answer_family" not in text
    english = Wording.objects.get(purpose="family", language="en", retired_at=None)
    assert english.uses[:40] not in text
    before = Grant.objects.filter(purpose="family").count()
    desk.post(in_spanish(scene), {**answers(page), "step": "record"})
    assert Grant.objects.filter(purpose="family").count() == before


def test_staff_are_asked_for_her_language_and_an_unknown_one_is_no_language(scene: Scene, desk: Client) -> None:
    asked = desk.get(reverse("sharing:ceremony", args=[scene.study.pk])).content.decode()
    assert 'name="language" value="es"' in asked
    assert 'value="en" id="language-en" checked' in asked
    assert 'name="language"' in desk.get(f"{address(scene)}&language=xx").content.decode()


def test_a_card_is_short_and_all_of_its_words_open_in_place(scene: Scene, desk: Client) -> None:
    text = unescape(desk.get(address(scene, ask=("own_copy",))).content.decode())
    wording = Wording.objects.get(purpose="own_copy", language="en", retired_at=None)
    first, opened = text.split("<summary>Read all of it", 1)
    assert wording.purpose_text in first
    assert wording.audience in first
    assert wording.storage not in first
    assert wording.storage in opened.split("</details>")[0]


@pytest.mark.parametrize("method", ["typed", "spoken"])
def test_who_types_may_draw_and_what_is_said_aloud_is_not_drawn(scene: Scene, desk: Client, method: str) -> None:
    page = desk.get(address(scene))
    data = answers(page, drawing="[[[1,2],[3,4]]]", method=method, witness="Robin Elm")
    assert desk.post(address(scene), {**data, "step": "record"}).status_code == 302
    grant = Grant.objects.get(purpose="own_copy", state=GrantState.ACTIVE)
    drawn = [bool(one.drawing_sha256) for one in grant.record.signatures.filter(role=SignerRole.PATIENT)]
    assert drawn == [method == "typed"]
