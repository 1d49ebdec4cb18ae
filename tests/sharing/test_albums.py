"""Files are put back under their pictures, and a page finds the one it needs."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from deid.states import ArtefactKind
from sharing.albums import File, Picture, grouped

FIRST, SECOND = UUID(int=1), UUID(int=2)


def file(kind: ArtefactKind, picture_id: UUID = FIRST, *, tells_sex: bool = False) -> File:
    return File(
        artefact_id=uuid4(),
        picture_id=picture_id,
        kind=kind,
        sha256="ab" * 32,
        size=1,
        media_type="video/mp4" if kind == ArtefactKind.FILM else "image/jpeg",
        width=1,
        height=1,
        tells_sex=tells_sex,
        two_people=False,
    )


def picture(*kinds: ArtefactKind) -> Picture:
    return Picture(FIRST, 1, tuple(map(file, kinds)))


@given(
    st.lists(st.sets(st.sampled_from(ArtefactKind), min_size=1), min_size=1, max_size=4).map(
        lambda pictures: [
            file(kind, UUID(int=number)) for number, kinds in enumerate(pictures) for kind in sorted(kinds)
        ]
    )
)
def test_no_file_is_lost_and_pictures_keep_their_order(files: list[File]) -> None:
    pictures = grouped(files)
    assert sorted(one.artefact_id for each in pictures for one in each.files) == sorted(f.artefact_id for f in files)
    assert [each.position for each in pictures] == list(range(1, len(pictures) + 1))
    assert [each.picture_id for each in pictures] == list(dict.fromkeys(f.picture_id for f in files))
    assert all(one.picture_id == each.picture_id for each in pictures for one in each.files)


def test_a_page_shows_the_jpeg_or_the_png_where_there_is_none() -> None:
    assert picture(ArtefactKind.STILL_PNG, ArtefactKind.STILL_JPEG).still.kind == ArtefactKind.STILL_JPEG  # type: ignore[union-attr]
    assert picture(ArtefactKind.STILL_PNG).still.kind == ArtefactKind.STILL_PNG  # type: ignore[union-attr]
    assert picture(ArtefactKind.FILM).still is None


def test_a_crowded_page_shows_the_small_one_or_the_still() -> None:
    assert picture(ArtefactKind.THUMBNAIL, ArtefactKind.STILL_JPEG).small.kind == ArtefactKind.THUMBNAIL  # type: ignore[union-attr]
    assert picture(ArtefactKind.STILL_JPEG).small.kind == ArtefactKind.STILL_JPEG  # type: ignore[union-attr]


def test_a_film_is_the_first_keepsake_and_the_thumbnail_is_none() -> None:
    kept = picture(ArtefactKind.THUMBNAIL, ArtefactKind.STILL_JPEG, ArtefactKind.FILM).keepsakes
    assert [one.kind for one in kept] == [ArtefactKind.FILM, ArtefactKind.STILL_JPEG]


def test_one_file_that_tells_the_sex_is_enough_to_ask() -> None:
    told = Picture(SECOND, 1, (file(ArtefactKind.STILL_JPEG), file(ArtefactKind.FILM, tells_sex=True)))
    assert told.tells_sex
    assert not picture(ArtefactKind.STILL_JPEG).tells_sex
