"""The copy: tagged, with its fonts, the words that were agreed to, and nothing that tells more than it should."""

import zlib
from re import DOTALL, findall

import pytest

from consent.services import NamedRecipient, live_wording
from consent.states import GrantDecision
from sharing.copies import VEILED, SmallPicture, make_copy
from sharing.keeping import small_pictures
from tests.factories.sharing import Scene, make_grant, make_scene

pytestmark = pytest.mark.django_db

NAMED = NamedRecipient("Dr Linden", "known")


def inside(pdf: bytes) -> bytes:
    """Every part of a PDF as it was before it was compressed."""
    found = [pdf]
    for stream in findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return b"\n".join(found)


@pytest.mark.requirement("R15")
def test_it_is_tagged_titled_and_carries_its_fonts(scene: Scene) -> None:
    """PDF/UA-1 (ISO 14289-1): structure, language, title, alternative texts, embedded fonts."""
    pdf = inside(make_copy([scene.grant], small_pictures(scene.study), name="Testwoman, Anna"))
    for mark in (b"StructTreeRoot", b"/Marked true", b"/Lang", b"pdfuaid", b"/FontFile", b"/Alt"):
        assert mark in pdf
    assert b"Your answers about your scan pictures" in pdf


def test_it_is_the_same_for_many_pictures_and_quick(scene: Scene) -> None:
    (one,) = small_pictures(scene.study)
    many = [SmallPicture(one.picture_id, number, one.hashes, one.jpeg) for number in range(1, 61)]
    assert inside(make_copy([scene.grant], many, name="x")).count(b"/Figure") >= 60


def test_what_may_tell_the_sex_is_named_and_not_shown() -> None:
    scene = make_scene(tells_sex=True)
    (picture,) = small_pictures(scene.study)
    assert picture.jpeg is None
    assert len(picture.hashes) == 3
    assert b"/Subtype/Image" not in inside(make_copy([scene.grant], [picture], name="x"))
    assert "sex" in VEILED


@pytest.mark.parametrize("name", ["O'Brien, #Ana *x* $y$ @z", "مريم", "李小龍", 'Zoë \\ "q"'])
def test_names_are_text_and_no_markup(scene: Scene, name: str) -> None:
    assert make_copy([scene.grant], [], name=name).startswith(b"%PDF")


def test_every_kind_of_answer_has_its_copy(scene: Scene) -> None:
    refusal = make_grant(scene.patient, scene.clinician, scene.study, purpose="family", decision=GrantDecision.DENY)
    posting = make_grant(scene.patient, scene.clinician, scene.study, purpose="social_media")
    asked = make_grant(
        scene.patient,
        scene.clinician,
        scene.study,
        purpose="consult",
        days=30,
        recipient=NAMED,
    )
    assert make_copy([refusal, posting, asked], [], name="x").startswith(b"%PDF")


@pytest.mark.requirement("R11")
def test_the_copy_of_a_spanish_answer_is_spanish(scene: Scene) -> None:
    words = live_wording("own_copy", "es")
    spanish = make_grant(scene.patient, scene.clinician, scene.study, wording=words)
    pdf = inside(make_copy([spanish], small_pictures(scene.study), name="Testwoman, Anna"))
    assert "Sus respuestas sobre las imágenes de su ecografía".encode() in pdf
    assert b"/Lang(es)" in pdf
    assert b"Imagen 1" in pdf
