"""What may tell the sex stays closed until she says otherwise, for each purpose on its own."""

import pytest

from deid.states import ArtefactKind
from sharing import access, door
from sharing.errors import ClosedReason, LinkClosed
from sharing.models import SexWish
from sharing.services.sex_wishes import close_again, note_wish, wanted, wanted_purposes
from tests.factories.sharing import Scene, make_grant, make_link, make_scene
from ultrasound_portal.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def actor_of(scene: Scene) -> str:
    return f"user:{scene.clinician.pk}"


def test_without_a_word_it_is_no(scene: Scene) -> None:
    assert not wanted(scene.study.pk, "own_copy")
    assert wanted_purposes(scene.study.pk) == frozenset()


def test_each_purpose_and_study_is_asked_on_its_own(scene: Scene) -> None:
    other = make_scene()
    assert note_wish(scene.study, "family", want=True, actor=actor_of(scene))
    assert not note_wish(scene.study, "family", want=True, actor=actor_of(scene))
    assert wanted_purposes(scene.study.pk) == {"family"}
    assert wanted_purposes(other.study.pk) == frozenset()
    entry = Entry.objects.get(event="sex_wish_noted")
    assert (entry.object_id, entry.purpose, entry.detail) == (scene.study.pk, "family", {"wanted": True})


def test_who_heard_it_is_kept(scene: Scene) -> None:
    note_wish(scene.study, "family", want=True, actor=actor_of(scene))
    assert SexWish.objects.get().said_to == scene.clinician
    note_wish(scene.study, "family", want=False, actor=f"link:{scene.link.pk}")
    assert (SexWish.objects.get().said_to, SexWish.objects.get().wanted) == (None, False)


def test_a_no_that_was_never_a_yes_leaves_no_trace(scene: Scene) -> None:
    assert not note_wish(scene.study, "family", want=False, actor=actor_of(scene))
    assert not SexWish.objects.exists()


def test_a_restore_closes_again(scene: Scene) -> None:
    note_wish(scene.study, "family", want=True, actor=actor_of(scene))
    close_again(scene.study.pk, "family", actor="system:restore")
    assert wanted_purposes(scene.study.pk) == frozenset()
    close_again(scene.patient.pk, "family", actor="system:restore")  # no such study


@pytest.mark.parametrize("purpose", ["own_copy", "family", "social_media"])
def test_no_byte_before_her_word_for_this_very_purpose(purpose: str) -> None:
    scene = make_scene(purpose=purpose, tells_sex=True)
    visit = scene.visit()
    file = scene.file(ArtefactKind.STILL_JPEG)
    assert access.read(visit, file.pk, 0, 10, event=None)
    note_wish(scene.study, purpose, want=False, actor=actor_of(scene))
    for elsewhere in {"own_copy", "family", "social_media"} - {purpose}:
        note_wish(scene.study, elsewhere, want=True, actor=actor_of(scene))
    for ask in (
        lambda: access.read(visit, file.pk, 0, 10, event=None),
        lambda: access.picture(visit, file.pk, download=False),
        lambda: access.picture(visit, file.pk, download=True),
    ):
        with pytest.raises(LinkClosed) as closed:
            ask()
        assert closed.value.reason is ClosedReason.SEX_WITHHELD


def test_others_of_the_link_are_given_and_hers_opens_even_where_all_wait() -> None:
    scene = make_scene(tells_sex=True, sex_wanted=False)
    visit = scene.visit()
    assert (access.album(visit).pictures, access.album(visit).withheld) == ([], 1)
    family = make_link(
        make_grant(scene.patient, scene.clinician, scene.study, purpose="family"), scene.study, scene.clinician
    )
    with pytest.raises(LinkClosed) as closed:
        door.open_link(secret=family.secret, code=family.code, address="192.0.2.9")
    assert closed.value.reason is ClosedReason.SEX_WITHHELD
