"""All scenes."""

import pytest

from deid.phantoms.anatomy.scenes import SCENES
from deid.phantoms.spec import Subject


def test_every_subject_with_echoes_has_a_scene() -> None:
    assert set(SCENES) == set(Subject) - {Subject.SURFACE, Subject.REPORT}


@pytest.mark.parametrize("subject", SCENES)
def test_calipers_lie_within_the_depth(subject: Subject) -> None:
    scene = SCENES[subject]
    for pair in scene.calipers:
        for _, depth in pair:
            assert 0 < depth < scene.depth
