"""What the tables themselves refuse."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from sharing.models import Link, LinkImage, LinkLimits, Opening
from sharing.states import LinkState
from tests.factories.sharing import Scene, chosen_of, make_grant, make_link, make_released, make_study, shown_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def copy_of(link: Link, **changes: object) -> Link:
    fields = {field.attname: getattr(link, field.attname) for field in Link._meta.concrete_fields}
    fresh = {"id": uuid4(), "submission": uuid4(), "token_hash": uuid4().hex * 2}
    return Link(**fields | fresh | changes)


def test_a_like_link_is_taken(scene: Scene) -> None:
    copy_of(scene.link).save()
    assert Link.objects.count() == 2


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R4")
@pytest.mark.parametrize(
    "changes",
    [
        {"purpose_code": "family"},
        {"grant_id": uuid4()},
        {"not_after": timezone.now() + timedelta(days=500)},
        {"patient_id": uuid4()},
    ],
    ids=["purpose", "grant", "end", "patient"],
)
def test_a_link_beyond_its_consent_is_refused(scene: Scene, changes: dict[str, object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_of(scene.link, **changes).save()


@pytest.mark.requirement("R10")
def test_a_link_is_of_the_study_that_its_consent_is_about(scene: Scene) -> None:
    later = make_study(scene.clinic, scene.patient)
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_of(scene.link, study_id=later.pk).save()
    make_released(later, scene.clinician)
    grant = make_grant(scene.patient, scene.clinician, later)
    copy_of(scene.link, study_id=later.pk, grant_id=grant.pk).save()


@pytest.mark.requirement("R10")
def test_a_picture_of_another_study_is_no_picture_of_a_link(scene: Scene) -> None:
    """Not even where it was shown when consent was given."""
    later = make_study(scene.clinic, scene.patient)
    make_released(later, scene.clinician)
    shown = shown_of(scene.study) + shown_of(later)
    grant = make_grant(scene.patient, scene.clinician, scene.study, shown=shown)
    link = make_link(grant, scene.study, scene.clinician).link
    file = chosen_of(later)[0]
    with pytest.raises(DatabaseError, match="only pictures of its study"), transaction.atomic():
        LinkImage.objects.create(
            link=link, position=2, picture_id=file.picture_id, artefact_id=file.artefact_id, sha256=file.sha256
        )


@pytest.mark.requirement("R4")
@pytest.mark.parametrize(
    "field", ["purpose_code", "study_id", "grant_id", "token_hash", "visit_minutes", "recipient_check"]
)
def test_what_a_link_was_made_for_never_changes(scene: Scene, field: str) -> None:
    family = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    values = {
        "purpose_code": "family",
        "study_id": make_study(scene.clinic, scene.patient).pk,
        "grant_id": family.pk,
        "token_hash": "f" * 64,
        "visit_minutes": 60,
        "recipient_check": "document",
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        Link.objects.update(**{field: values[field]})


@pytest.mark.requirement("R44")
def test_no_link_lives_for_more_than_a_year_whatever_its_consent_allows(scene: Scene) -> None:
    grant = make_grant(scene.patient, scene.clinician, scene.study, days=1000)
    life = {"grant": grant, "not_after": timezone.now() + timedelta(days=367)}
    with pytest.raises(DatabaseError, match="ends within a year"), transaction.atomic():
        copy_of(scene.link, **life).save(force_insert=True)


def test_codes_are_sent_to_a_contact_or_not_at_all(scene: Scene) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(scene.link, second_secret="email").save(force_insert=True)


def test_a_version_of_limits_stays(scene: Scene) -> None:
    version = {"clinic": scene.clinic, "version": 1, "published_by": scene.clinician, "published_at": timezone.now()}
    for usual, longest in ((0, 10), (11, 10), (10, 366)):
        with pytest.raises(IntegrityError), transaction.atomic():
            LinkLimits.objects.create(**version, usual_days=usual, longest_days=longest)
    LinkLimits.objects.create(**version, usual_days=7, longest_days=30)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        LinkLimits.objects.update(longest_days=300)


def test_a_link_is_shortened_but_never_prolonged(scene: Scene) -> None:
    Link.objects.update(not_after=scene.link.not_after - timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Link.objects.update(not_after=scene.link.not_after)


def test_a_revoked_link_stays_revoked(scene: Scene) -> None:
    Link.objects.update(revoked_at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Link.objects.update(revoked_at=None)


@pytest.mark.requirement("R10")
@pytest.mark.parametrize("field", ["artefact_id", "picture_id", "sha256"])
def test_a_picture_that_was_not_shown_is_no_picture_of_a_link(scene: Scene, field: str) -> None:
    image = LinkImage.objects.first()
    assert image is not None
    values = {"picture_id": image.picture_id, "artefact_id": image.artefact_id, "sha256": image.sha256}
    image.delete()
    values[field] = "0" * 64 if field == "sha256" else uuid4()
    with pytest.raises(DatabaseError), transaction.atomic():
        LinkImage.objects.create(link=scene.link, position=1, **values)


def test_a_picture_of_a_link_never_changes(scene: Scene) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        LinkImage.objects.update(sha256="0" * 64)


@pytest.mark.requirement("R44")
def test_openings_stay_within_their_bound(scene: Scene) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.update(openings=51)


def test_a_link_needs_a_nickname_and_a_verified_recipient(scene: Scene) -> None:
    for changes in ({"nickname_sealed": b""}, {"recipient_check": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            copy_of(scene.link, **changes).save()


def test_a_visit_that_ended_stays_ended(scene: Scene) -> None:
    scene.visit()
    Opening.objects.update(ended_at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Opening.objects.update(ended_at=None)


@pytest.mark.requirement("R44")
def test_a_link_knows_its_window_to_the_edge(scene: Scene) -> None:
    link, moment = scene.link, timedelta(microseconds=1)
    assert link.state_at(link.not_before - moment) is LinkState.NOT_YET
    assert link.state_at(link.not_before) is LinkState.ACTIVE
    assert link.state_at(link.not_after - moment) is LinkState.ACTIVE
    assert link.state_at(link.not_after) is LinkState.EXPIRED
    link.revoked_at = link.not_before
    assert link.state_at(link.not_before) is LinkState.REVOKED


@pytest.mark.requirement("R44")
def test_a_visit_knows_its_end_to_the_edge(scene: Scene) -> None:
    now, moment = timezone.now(), timedelta(microseconds=1)
    visit = Opening(link=scene.link, opened_at=now, last_seen_at=now)
    assert visit.is_live(now + timedelta(minutes=15) - moment)
    assert not visit.is_live(now + timedelta(minutes=15))
    visit.last_seen_at = now + timedelta(hours=2) - moment
    assert visit.is_live(now + timedelta(hours=2) - moment)
    assert not visit.is_live(now + timedelta(hours=2))
    visit.link.visit_minutes = 30
    visit.last_seen_at = now + timedelta(minutes=29)
    assert visit.is_live(now + timedelta(minutes=30) - moment)
    assert not visit.is_live(now + timedelta(minutes=30))


def test_nothing_secret_shows_in_a_models_words(scene: Scene) -> None:
    scene.visit()
    opening, image = Opening.objects.get(), LinkImage.objects.first()
    assert str(scene.link) == str(scene.link.pk)
    assert str(opening) == str(opening.pk)
    assert str(image) == str(image.pk if image else "")
