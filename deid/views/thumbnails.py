"""The small pictures of lists: nobody loads an original to choose from many."""

from collections.abc import Iterable
from uuid import UUID

from deid.models import Artefact, Instance, Study
from deid.states import ArtefactKind


def of_pictures(pictures: Iterable[Instance]) -> dict[UUID, UUID]:
    """Return the key of the small picture by picture, of those that have one."""
    found = Artefact.objects.filter(run__in=[one.current_run_id for one in pictures], kind=ArtefactKind.THUMBNAIL)
    return dict(found.values_list("instance_id", "id"))


def of_studies(studies: Iterable[Study]) -> dict[UUID, UUID]:
    """Return the key of the small picture of each study's first picture that has one."""
    found = Artefact.objects.filter(
        instance__study__in=[study.pk for study in studies],
        instance__current_run__isnull=False,
        kind=ArtefactKind.THUMBNAIL,
    )
    return dict(found.order_by("-instance__number").values_list("instance__study_id", "id"))
