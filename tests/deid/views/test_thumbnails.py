"""Lists show small pictures, and those of the present run only."""

import pytest

from deid.states import ArtefactKind, InstanceState
from deid.views import thumbnails
from tests.factories.pictures import make_picture, make_run, make_study

pytestmark = pytest.mark.django_db


def test_each_picture_has_the_small_one_of_its_present_run() -> None:
    picture, bare = make_picture(), make_picture(state=InstanceState.RECEIVED)
    make_run(picture)
    small = picture.artefacts.get(run=picture.current_run, kind=ArtefactKind.THUMBNAIL)
    assert thumbnails.of_pictures([picture, bare]) == {picture.pk: small.pk}


def test_a_study_shows_its_first_picture_that_has_one() -> None:
    study = make_study()
    make_picture(study, InstanceState.RECEIVED)
    first, _ = make_picture(study), make_picture(study)
    small = first.artefacts.get(kind=ArtefactKind.THUMBNAIL)
    assert thumbnails.of_studies([study, make_study()]) == {study.pk: small.pk}
