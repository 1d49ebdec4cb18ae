"""A wording is published complete or not at all, and then never changes."""

import pytest
from django.db import IntegrityError, transaction

from consent.errors import ConsentRefused, RefusalReason
from consent.evidence import wording_digest, wording_text
from consent.models import LATER_PARTS, PARTS, Purpose, Wording
from consent.offers import live_wording
from consent.publishing import missing_parts, publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def a_draft(purpose: str = "own_copy", **changes: str) -> Wording:
    """The next version of a seeded wording, not yet published."""
    live = live_wording(purpose)
    fields = {part: getattr(live, part) for part in (*PARTS, *LATER_PARTS, "permanence")}
    return Wording.objects.create(purpose_id=purpose, language="en", version=live.version + 1, **{**fields, **changes})


def test_it_works() -> None:
    before = live_wording("own_copy")
    published = publish(a_draft(uses="Only to look at."))
    assert live_wording("own_copy") == published
    assert published.sha256 == wording_digest(wording_text(published))
    before.refresh_from_db()
    assert before.retired_at == published.published_at


@pytest.mark.requirement("R5")
@pytest.mark.requirement("R6")
@pytest.mark.requirement("R8")
@pytest.mark.requirement("R9")
@pytest.mark.parametrize("part", [*PARTS, *LATER_PARTS])
def test_a_wording_that_lacks_a_part_is_not_published(part: str) -> None:
    draft = a_draft(**{part: "  "})
    assert missing_parts(draft) == [part]
    with pytest.raises(ConsentRefused) as refused:
        publish(draft)
    assert refused.value.reason is RefusalReason.WORDING_INCOMPLETE
    assert live_wording("own_copy") != draft


@pytest.mark.requirement("R7")
def test_a_wording_for_posting_is_not_published_without_its_statement_of_permanence() -> None:
    with pytest.raises(ConsentRefused) as refused:
        publish(a_draft("social_media", permanence=""))
    assert refused.value.reason is RefusalReason.WORDING_INCOMPLETE


def test_permanence_is_not_asked_where_nothing_is_posted() -> None:
    assert publish(a_draft("own_copy", permanence="")).published_at


def test_a_published_wording_is_not_published_again() -> None:
    with pytest.raises(ConsentRefused) as refused:
        publish(live_wording("own_copy"))
    assert refused.value.reason is RefusalReason.WORDING_ALREADY_PUBLISHED


@pytest.mark.requirement("R5")
@pytest.mark.parametrize("part", [*PARTS, *LATER_PARTS])
def test_the_database_refuses_a_published_wording_with_an_empty_part(part: str) -> None:
    draft = a_draft(**{part: ""})
    live = live_wording("own_copy")
    Wording.objects.filter(pk=live.pk).update(retired_at=live.published_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wording.objects.filter(pk=draft.pk).update(published_at=live.published_at, sha256="0" * 64)


def test_another_language_stands_beside() -> None:
    english = live_wording("own_copy")
    draft = a_draft()
    Wording.objects.filter(pk=draft.pk).update(language="cy", version=1)
    draft.refresh_from_db()
    publish(draft)
    assert live_wording("own_copy") == english
    assert live_wording("own_copy", "cy") == draft


def test_one_purpose_leaves_the_others_alone() -> None:
    others = Purpose.objects.exclude(pk="own_copy")
    before = {purpose.pk: live_wording(purpose.pk) for purpose in others}
    publish(a_draft("own_copy"))
    assert {purpose.pk: live_wording(purpose.pk) for purpose in others} == before
