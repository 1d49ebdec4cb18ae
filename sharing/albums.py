"""What a visitor may see, as values: files under their pictures, and what is on its way."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from deid.engine.formats import Format
from deid.states import ArtefactKind

_KINDS = list(ArtefactKind)


@dataclass(frozen=True, slots=True)
class File:
    """One released file: `sha256` in hex, `size` in bytes, sides in pixels; of the rest, see `ReleasedArtefact`."""

    artefact_id: UUID
    picture_id: UUID
    kind: ArtefactKind
    sha256: str
    size: int
    media_type: str
    width: int
    height: int
    tells_sex: bool
    two_people: bool


@dataclass(frozen=True, slots=True)
class Given:
    """One file that is on its way to a visitor; `size` in bytes, `name` neutral and without extension.

    `key` is of the file itself, `artefact_id` of what consent was given for: the same, or what it was rendered from.
    """

    key: UUID
    artefact_id: UUID
    picture_id: UUID
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Ready:
    """One file made for sharing, as a page offers it; sides in pixels."""

    key: UUID
    picture_id: UUID
    format: Format
    media_type: str
    size: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture with its files; `position` counts from 1 within the page that shows it."""

    picture_id: UUID
    position: int
    files: tuple[File, ...]

    @property
    def still(self) -> File | None:
        """The file that a page shows: the JPEG, or the PNG where the JPEG may not be shown."""
        return self._first(ArtefactKind.STILL_JPEG) or self._first(ArtefactKind.STILL_PNG)

    @property
    def small(self) -> File | None:
        """The file for a crowded page."""
        return self._first(ArtefactKind.THUMBNAIL) or self.still

    @property
    def film(self) -> File | None:
        """The moving picture, where there is one."""
        return self._first(ArtefactKind.FILM)

    @property
    def tells_sex(self) -> bool:
        """Whether to ask before it is shown."""
        return any(file.tells_sex for file in self.files)

    @property
    def keepsakes(self) -> tuple[File, ...]:
        """The files worth saving, a film first."""
        return tuple(
            sorted(
                (file for file in self.files if file.kind != ArtefactKind.THUMBNAIL),
                key=lambda file: file.kind != ArtefactKind.FILM,
            )
        )

    def _first(self, kind: ArtefactKind) -> File | None:
        return next((file for file in self.files if file.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Album:
    """What a link gives now: `withheld` pictures wait for the patient's word about the sex, `doubted` ones for a
    person, because somebody saw a name.
    """

    pictures: list[Picture]
    withheld: int = 0
    doubted: int = 0


def grouped(files: Iterable[File]) -> list[Picture]:
    """Put files back under their pictures, in the order in which they come."""
    return [
        Picture(picture_id, position, tuple(sorted(members, key=lambda file: _KINDS.index(file.kind))))
        for position, (picture_id, members) in enumerate(groupby(files, key=lambda file: file.picture_id), start=1)
    ]
