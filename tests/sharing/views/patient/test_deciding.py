"""The patient decides on her own telephone: what she sees, what is recorded, and what does not go through."""

import re
from datetime import timedelta
from re import search

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from pytest_django import Settings

from consent.evidence import is_whole
from consent.models import Grant, OfferedPurpose, Signature, Wording
from consent.publishing import publish
from consent.sealed import drawing_of, name_of
from consent.services import NamedRecipient
from consent.states import GrantDecision, GrantState, Place, SecondSecret, SignerRole, SigningMethod
from sharing.models import Invitation, Link, Message
from sharing.services.invitations import NewInvitation, revoke_invitations
from tests.factories.sharing import ADDRESS, Scene, make_grant, make_invitation, make_released, unrelease
from tests.sharing.conftest import Clock
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db

QUESTIONS = "/v/decide/questions/"


def knock(made: NewInvitation, browser: Client | None = None, **changes: str) -> HttpResponse:
    given = {"secret": made.secret, "code": made.code, **changes}
    return (browser or Client()).post(reverse("sharing:decide_open"), given, REMOTE_ADDR=ADDRESS)


def telephone(made: NewInvitation) -> Client:
    """Come in with both secrets and return the patient's browser."""
    browser = Client()
    assert knock(made, browser)["Location"] == reverse("sharing:decide")
    return browser


def answers(page: HttpResponse, **changes: str) -> dict[str, str]:
    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    return {
        "shown": page.context["form"]["shown"].value(),
        "answer_own_copy": "permit",
        "until_own_copy": until,
        "name": "Anna Testwoman",
        **changes,
    }


def record(browser: Client, data: dict[str, str]) -> HttpResponse:
    return browser.post(QUESTIONS, {**data, "step": "record"})


@pytest.mark.database
@pytest.mark.requirement("R1")
@pytest.mark.requirement("R15")
def test_she_looks_answers_checks_and_keeps_her_copy(scene: Scene) -> None:
    made = make_invitation(scene, "own_copy", "family")
    browser = telephone(made)
    page = browser.get(QUESTIONS)
    assert not search(r"<input[^>]* checked", page.content.decode())
    data = answers(page, answer_family="deny")
    check = browser.post(QUESTIONS, {**data, "step": "check"})
    assert "Check your answers" in check.content.decode()
    assert not Grant.objects.filter(purpose="family").exists()
    done = record(browser, data)
    assert done["Location"] == reverse("sharing:decided")
    told = browser.get(done["Location"]).content.decode()
    assert "your care stays the same" in told
    assert Grant.objects.get(purpose="own_copy", state=GrantState.ACTIVE).pk != scene.grant.pk
    assert Grant.objects.get(purpose="family").state == GrantState.REFUSED
    pdf = browser.get(reverse("sharing:decide_copy"))
    assert pdf.content.startswith(b"%PDF")
    assert Entry.objects.filter(event=Event.CONSENT_COPY_READ, actor=f"invitation:{made.invitation.pk}").exists()


@pytest.mark.requirement("R10")
def test_the_evidence_is_that_of_the_desk_with_how_it_was_given(scene: Scene) -> None:
    made = make_invitation(scene)
    browser = telephone(made)
    record(browser, answers(browser.get(QUESTIONS)))
    grant = Grant.objects.get(purpose="own_copy", state=GrantState.ACTIVE)
    signature = Signature.objects.get(record=grant.record)
    assert (signature.role, signature.method) == (SignerRole.PATIENT, SigningMethod.REMOTE)
    assert name_of(signature) == "Anna Testwoman"
    assert (grant.record.place, grant.record.second_secret) == (Place.ELSEWHERE, SecondSecret.CARD)
    assert grant.record.opened_by == scene.clinician
    assert is_whole(grant)
    assert Entry.objects.get(event=Event.CONSENT_GIVEN, grant_id=grant.pk).actor == f"invitation:{made.invitation.pk}"
    assert grant.images.count() == 3


@pytest.mark.requirement("R9")
def test_a_no_carries_her_own_name_and_ends_on_a_calm_page(scene: Scene) -> None:
    browser = telephone(make_invitation(scene, "family"))
    page = browser.get(QUESTIONS)
    data = {"shown": page.context["form"]["shown"].value(), "answer_family": "deny", "name": "Anna Testwoman"}
    told = browser.get(record(browser, data)["Location"]).content.decode()
    assert "Whatever you chose, your care stays the same" in told
    grant = Grant.objects.get(purpose="family")
    assert grant.decision == GrantDecision.DENY
    assert Signature.objects.get(record=grant.record).role == SignerRole.PATIENT


@pytest.mark.requirement("R7")
@pytest.mark.parametrize("purpose", ["social_media", "publication"])
def test_permanence_is_acknowledged_by_itself(scene: Scene, purpose: str) -> None:
    named = {"publication": NamedRecipient("A Journal of Scans", "known")} if purpose == "publication" else None
    browser = telephone(make_invitation(scene, purpose, recipients=named))
    page = browser.get(QUESTIONS)
    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    data = {
        "shown": page.context["form"]["shown"].value(),
        f"answer_{purpose}": "permit",
        f"until_{purpose}": until,
        "name": "Anna",
    }
    refused = record(browser, data)
    assert refused.status_code == 422
    assert "A yes to this needs the tick" in refused.content.decode()
    assert record(browser, {**data, f"permanence_{purpose}": "on"}).status_code == 302
    grant = Grant.objects.get(purpose=purpose)
    assert grant.state == GrantState.ACTIVE
    if named:
        assert "A Journal of Scans" in page.content.decode()
        assert grant.record.recipient is not None


@pytest.mark.requirement("R11")
def test_she_meets_it_all_in_her_language(scene: Scene) -> None:
    made = make_invitation(scene, language="es")
    browser = telephone(made)
    page = browser.get(QUESTIONS, headers={"Accept-Language": "en"})
    assert "¿Se pueden usar estas imágenes?" in page.content.decode()
    assert '<html lang="es" dir="ltr"' in page.content.decode()
    record(browser, answers(page))
    assert Grant.objects.get(purpose="own_copy", state=GrantState.ACTIVE).wording.language == "es"
    assert "Sus respuestas están anotadas" in browser.get(reverse("sharing:decided")).content.decode()


@pytest.mark.requirement("R8")
@pytest.mark.requirement("R9")
def test_what_must_be_seen_is_not_folded_away(scene: Scene) -> None:
    browser = telephone(make_invitation(scene, "social_media"))
    page = browser.get(QUESTIONS).content.decode()
    wording = Wording.objects.get(purpose="social_media", language="en", retired_at=None)
    in_sight = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    for part in ("purpose_text", "audience", "withdrawal_limits", "care_unaffected", "permanence"):
        assert escape(getattr(wording, part)) in in_sight, part
    assert escape(wording.storage) not in in_sight
    assert escape(wording.storage) in page


def test_a_form_that_is_sent_twice_records_once_and_says_so(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    data = answers(browser.get(QUESTIONS))
    assert record(browser, data).status_code == 302
    count = Grant.objects.count()
    again = record(browser, data)
    assert again.status_code == 409
    assert "recorded before" in again.content.decode()
    assert Grant.objects.count() == count
    assert browser.get(QUESTIONS)["Location"] == reverse("sharing:decided")


def test_words_that_were_replaced_meanwhile_are_read_again(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    data = answers(browser.get(QUESTIONS))
    live = Wording.objects.get(purpose="own_copy", language="en", retired_at=None)
    fields = {field.name: getattr(live, field.name) for field in Wording._meta.concrete_fields}
    for own in ("id", "sha256", "published_at", "retired_at", "version"):
        del fields[own]
    publish(Wording.objects.create(**fields, version=live.version + 1))
    refused = record(browser, data)
    assert refused.status_code == 422
    assert "have changed since you opened this page" in refused.content.decode()
    assert Grant.objects.filter(purpose="own_copy").count() == 1


def test_a_picture_that_was_replaced_meanwhile_is_looked_at_again(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    data = answers(browser.get(QUESTIONS))
    make_released(scene.study, scene.clinician)
    assert record(browser, data).status_code == 422
    assert Grant.objects.filter(purpose="own_copy").count() == 1


def test_an_answer_at_the_desk_meanwhile_is_not_overwritten(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    data = answers(browser.get(QUESTIONS))
    make_grant(scene.patient, scene.clinician, scene.study, decision=GrantDecision.DENY)
    assert record(browser, data).status_code == 422
    assert Grant.objects.filter(purpose="own_copy", state=GrantState.ACTIVE).count() == 0


def test_a_purpose_that_is_no_longer_offered_is_not_asked(scene: Scene) -> None:
    browser = telephone(make_invitation(scene, "own_copy", "social_media"))
    OfferedPurpose.objects.all().delete()
    assert "answer_social_media" not in browser.get(QUESTIONS).content.decode()


def test_without_a_name_nothing_is_recorded(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    refused = record(browser, answers(browser.get(QUESTIONS), name=" "))
    assert refused.status_code == 422
    assert "Type your name" in refused.content.decode()


def test_the_device_that_came_in_last_is_the_one_that_decides(scene: Scene) -> None:
    made = make_invitation(scene)
    first = telephone(made)
    data = answers(first.get(QUESTIONS))
    second = telephone(made)
    assert record(first, data).status_code == 404
    assert record(second, answers(second.get(QUESTIONS))).status_code == 302


@pytest.mark.requirement("R44")
def test_an_invitation_that_is_over_shows_the_closed_page(scene: Scene, later: Clock) -> None:
    made = make_invitation(scene, days=1)
    browser = telephone(made)
    later(timedelta(minutes=16))
    assert browser.get(QUESTIONS).status_code == 404
    assert telephone(made).get(QUESTIONS).status_code == 200
    later(timedelta(days=1))
    assert knock(made).status_code == 404


@pytest.mark.parametrize("what", ["secret", "code"])
def test_a_wrong_secret_shows_the_closed_page(scene: Scene, what: str) -> None:
    closed = knock(make_invitation(scene), **{what: "wrong"})
    assert closed.status_code == 404
    assert reverse("sharing:decide_door") in closed.content.decode()


def test_a_visit_ends_with_its_invitation_and_with_the_release(scene: Scene) -> None:
    made = make_invitation(scene)
    browser = telephone(made)
    unrelease(scene.instances[0])
    assert browser.get(QUESTIONS).status_code == 404
    other = make_invitation(scene)
    assert knock(other).status_code == 404
    revoke_invitations(Invitation.objects.all(), actor="system:test")
    assert browser.get(QUESTIONS).status_code == 404


def test_pictures_come_from_her_study_alone_and_on_the_trail(scene: Scene) -> None:
    made = make_invitation(scene)
    browser = telephone(made)
    file = scene.file("thumbnail")
    where = reverse("sharing:decide_picture", args=[file.pk])
    assert where in browser.get(QUESTIONS).content.decode()
    assert b"".join(browser.get(where).streaming_content)[:2] == b"\xff\xd8"
    assert browser.head(where)["Content-Length"] == str(file.size)
    entry = Entry.objects.get(event=Event.PICTURE_SERVED)
    assert entry.actor == f"invitation:{made.invitation.pk}"
    assert Client().get(where).status_code == 404
    for kind in ("master",):
        assert browser.get(reverse("sharing:decide_picture", args=[scene.file(kind).pk])).status_code == 404


@pytest.mark.requirement("R17")
def test_she_takes_a_yes_back_in_one_step_and_its_links_die(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    record(browser, answers(browser.get(QUESTIONS)))
    grant = Grant.objects.get(purpose="own_copy", state=GrantState.ACTIVE)
    done = browser.post(reverse("sharing:decide_back", args=[grant.pk]))
    assert done["Location"] == reverse("sharing:decided")
    grant.refresh_from_db()
    assert grant.state == GrantState.WITHDRAWN
    assert not Link.objects.filter(grant=grant, revoked_at=None).exists()
    assert "Withdrawn" in browser.get(reverse("sharing:decided")).content.decode()
    assert browser.post(reverse("sharing:decide_back", args=[grant.pk])).status_code == 404
    assert browser.post(reverse("sharing:decide_back", args=[scene.grant.pk])).status_code == 404


def test_the_door_tells_nothing_and_leaving_ends_the_visit(scene: Scene) -> None:
    assert scene.clinic.name not in Client().get(reverse("sharing:decide_door")).content.decode()
    assert Client().get(reverse("sharing:decide_open"))["Location"] == reverse("sharing:decide_door")
    browser = telephone(make_invitation(scene))
    left = browser.post(reverse("sharing:decide_leave"))
    assert left["Clear-Site-Data"]
    assert browser.get(QUESTIONS).status_code == 404
    assert browser.get(reverse("sharing:decide_brand")).status_code == 404


def test_the_copy_is_not_there_before_she_has_answered(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    assert browser.get(reverse("sharing:decide_copy")).status_code == 404
    assert browser.get(reverse("sharing:decided"))["Location"] == reverse("sharing:decide")
    assert browser.get(reverse("sharing:decide_brand"))["Content-Type"] == "text/css"


def test_she_can_change_something_before_it_counts(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    data = answers(browser.get(QUESTIONS))
    page = browser.post(QUESTIONS, {**data, "step": "change"})
    assert page.status_code == 200
    assert 'value="Anna Testwoman"' in page.content.decode()
    assert Grant.objects.filter(purpose="own_copy").count() == 1


DRAWN = "[[[10,20],[30,40],[50,20]]]"


def test_a_signature_may_be_drawn_as_well_and_is_in_evidence_and_copy(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    page = browser.get(QUESTIONS)
    assert "data-signature hidden" in page.content.decode()
    data = answers(page, drawing=DRAWN)
    assert "drawing" in browser.post(QUESTIONS, {**data, "step": "check"}).content.decode()
    assert record(browser, data).status_code == 302
    grant = Grant.objects.get(purpose="own_copy", state=GrantState.ACTIVE)
    signature = Signature.objects.get(record=grant.record)
    assert drawing_of(signature) == DRAWN.encode()
    assert is_whole(grant)
    assert browser.get(reverse("sharing:decide_copy")).content.startswith(b"%PDF")
    desk = Client()
    desk.force_login(scene.clinician)
    assert 'd="M10 20L30 40L50 20"' in desk.get(reverse("consent:grant", args=[grant.pk])).content.decode()


def test_a_drawing_that_is_none_is_refused_and_nothing_is_recorded(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    refused = record(browser, answers(browser.get(QUESTIONS), drawing="<svg onload=alert(1)>"))
    assert refused.status_code == 422
    assert "The drawing could not be read" in refused.content.decode()
    assert Grant.objects.filter(purpose="own_copy").count() == 1


# --- the copy by e-mail ---


@pytest.fixture
def mailing(settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {"email": "sharing.senders.files.FileSender"}


@pytest.mark.requirement("R15")
@pytest.mark.usefixtures("mailing")
def test_she_can_have_her_copy_mailed_and_ask_for_it_again(scene: Scene) -> None:
    made = make_invitation(scene)
    browser = telephone(made)
    data = answers(browser.get(QUESTIONS), copy_to="rowan@example.net")
    assert "rowan@example.net" in browser.post(QUESTIONS, {**data, "step": "check"}).content.decode()
    assert not Message.objects.exists()
    told = browser.get(record(browser, data)["Location"]).content.decode()
    assert "An e-mail with your copy is on its way" in told
    assert Message.objects.get().document == Invitation.objects.get().copy
    assert Entry.objects.get(event=Event.MESSAGE_QUEUED).actor == f"invitation:{made.invitation.pk}"
    again = reverse("sharing:decide_mail")
    assert browser.post(again, {"copy_to": "rowan@example.net"})["Location"] == reverse("sharing:decided")
    assert Message.objects.count() == 2
    wrong = browser.post(again, {"copy_to": "rowan"})
    assert wrong.status_code == 422
    assert "Please check how it is written" in wrong.content.decode()


@pytest.mark.usefixtures("mailing")
def test_nothing_is_mailed_unless_she_asks(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    assert browser.post(reverse("sharing:decide_mail"), {"copy_to": "rowan@example.net"}).status_code == 404
    wrong = record(browser, answers(browser.get(QUESTIONS), copy_to="rowan"))
    assert "Please check how it is written" in wrong.content.decode()
    assert record(browser, answers(browser.get(QUESTIONS))).status_code == 302
    assert not Message.objects.exists()


def test_without_a_mail_server_she_is_not_asked_for_an_address(scene: Scene) -> None:
    browser = telephone(make_invitation(scene))
    page = browser.get(QUESTIONS)
    assert "copy_to" not in page.content.decode()
    assert record(browser, answers(page, copy_to="rowan@example.net")).status_code == 302
    assert not Message.objects.exists()
