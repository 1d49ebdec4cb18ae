"""What was shown to whom, so that nobody approves what she was not shown."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from uuid import UUID

from django.db import transaction

from deid.models import Artefact, Instance, Run, Showing
from deid.states import ArtefactKind
from ultrasound_portal.clinics.models import User

Span = tuple[int, int]
"""First and last frame, counted from 0."""
SEEN_WHOLE = frozenset({ArtefactKind.STILL_PNG, ArtefactKind.STILL_JPEG})


def note_served(artefact: Artefact, *, by: User) -> None:
    """Write down that the server gave `by` the clean still or film; a still is seen with that, a film is not yet."""
    if artefact.kind not in {*SEEN_WHOLE, ArtefactKind.FILM}:
        return
    whole = [[0, 0]] if artefact.instance.frames <= 1 and artefact.kind in SEEN_WHOLE else []
    Showing.objects.get_or_create(run_id=artefact.run_id, by=by, defaults={"frames": whole})


@transaction.atomic
def note_frames(run: Run, spans: Iterable[Span], *, by: User) -> int:
    """Add the frames that stood on the screen, and return how many have not yet; of what was never served, all."""
    frames = run.instance.frames
    showing = Showing.objects.select_for_update().filter(run=run, by=by).first()
    if showing is None:
        return frames
    known = [(int(first), int(last)) for first, last in showing.frames]
    showing.frames = [list(span) for span in joined([*known, *spans], frames)]
    showing.save(update_fields=["frames"])
    return frames - _count(showing.frames)


def unseen(instance: Instance, *, by: User) -> int:
    """Return how many frames of the current run were not shown to `by`."""
    return max(1, instance.frames) - _count(seen_spans(instance, by=by))


def unseen_of(instances: Sequence[Instance], *, by: User) -> dict[UUID, int]:
    """Return the same for many pictures by key, with one query."""
    shown = Showing.objects.filter(run__current_of__in=[one.pk for one in instances], by=by)
    seen = dict(shown.values_list("run__instance", "frames"))
    return {one.pk: max(1, one.frames) - _count(seen.get(one.pk, [])) for one in instances}


def seen_spans(instance: Instance, *, by: User) -> list[Span]:
    """Return the frames of the current run that stood on the screen of `by`."""
    showing = Showing.objects.filter(run=instance.current_run, by=by).first()
    return [(first, last) for first, last in showing.frames] if showing else []


def joined(spans: Iterable[Span], frames: int) -> list[Span]:
    """Return the spans within 0 to `frames` - 1 in order, with those that touch made one."""
    whole: list[Span] = []
    for first, last in sorted((max(0, first), min(last, frames - 1)) for first, last in spans):
        if first > last:
            continue
        if whole and first <= whole[-1][1] + 1:
            whole[-1] = (whole[-1][0], max(whole[-1][1], last))
        else:
            whole.append((first, last))
    return whole


def gaps(spans: Sequence[Span], frames: int) -> list[Span]:
    """Return the frames from 0 to `frames` - 1 that lie in no span, as spans."""
    edges = [(-1, -1), *joined(spans, frames), (frames, frames)]
    return [(last + 1, first - 1) for (_, last), (first, _) in pairwise(edges) if last + 1 < first]


def _count(spans: Iterable[Sequence[int]]) -> int:
    return sum(last - first + 1 for first, last in spans)
