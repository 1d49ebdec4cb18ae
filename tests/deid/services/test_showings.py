"""What was shown to whom, frame by frame."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.models import Showing
from deid.services import review, showings
from deid.states import ArtefactKind
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_artefact, make_picture

SPANS = st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40)), max_size=12)


@given(SPANS, st.integers(1, 30))
def test_joined_spans_hold_the_same_frames_in_order(spans: list[tuple[int, int]], frames: int) -> None:
    known = {frame for first, last in spans for frame in range(first, last + 1)} & set(range(frames))
    found = showings.joined(spans, frames)
    assert [frame for first, last in found for frame in range(first, last + 1)] == sorted(known)
    assert all(one[1] + 1 < two[0] for one, two in pairwise(found))


@given(SPANS, st.integers(1, 30))
def test_gaps_are_what_the_spans_leave(spans: list[tuple[int, int]], frames: int) -> None:
    whole = showings.joined([*spans, *showings.gaps(spans, frames)], frames)
    assert whole == [(0, frames - 1)]
    inside = {frame for first, last in showings.joined(spans, frames) for frame in range(first, last + 1)}
    assert inside.isdisjoint({frame for one in showings.gaps(spans, frames) for frame in range(one[0], one[1] + 1)})


@pytest.mark.django_db
def test_a_still_is_shown_when_the_server_gave_it() -> None:
    instance = make_picture()
    by, other = make_staff(instance.clinic), make_staff(instance.clinic)
    files = {file.kind: file for file in instance.artefacts.all()}
    review.open_for_staff(files["thumbnail"], by=by)
    review.open_for_staff(files["source_still"], by=by)
    assert showings.unseen(instance, by=by) == 1
    review.open_for_staff(files["still_png"], by=by)
    assert (showings.unseen(instance, by=by), showings.unseen(instance, by=other)) == (0, 1)
    assert showings.unseen_of([instance], by=by) == {instance.pk: 0}


@pytest.mark.django_db
def test_a_film_is_shown_by_its_frames_and_only_after_it_was_served() -> None:
    instance = make_picture(frames=12)
    run = instance.current_run
    by = make_staff(instance.clinic)
    assert showings.note_frames(run, [(0, 11)], by=by) == 12
    review.open_for_staff(make_artefact(run, ArtefactKind.FILM), by=by)
    assert showings.unseen(instance, by=by) == 12
    assert showings.note_frames(run, [(0, 5)], by=by) == 6
    assert showings.note_frames(run, [(4, 9), (40, 50)], by=by) == 2
    assert showings.seen_spans(instance, by=by) == [(0, 9)]
    assert Showing.objects.count() == 1
