"""What a visitor can save of a link: the formats that are ready, and the files that a choice of hers stands for."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from deid.engine.formats import FILMS, Format
from deid.services import renders
from sharing import access
from sharing.access import Viewing
from sharing.albums import Picture, Ready
from sharing.services import shared_copies


class Shape(TextChoices):
    """The formats as she chooses among them."""

    ORIGINAL = "original", _("As it is")
    SQUARE = "square", _("Square")
    PORTRAIT = "portrait", _("Upright, 4:5")
    STORY = "story", _("Story, 9:16")
    PRINT = "print", _("For paper, A6")


class Moving(TextChoices):
    """What she wants of a film."""

    FILM = "film"
    LOOP = "loop"
    STILL = "still"


_FILMS = {
    Shape.ORIGINAL: Format.FILM,
    Shape.SQUARE: Format.FILM_SQUARE,
    Shape.PORTRAIT: Format.FILM_PORTRAIT,
    Shape.STORY: Format.FILM_STORY,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a page offers: `shapes` of which at least one picture is ready, whether any of them moves and can loop, and
    for how many pictures files are being made. `deleted`: the patient wants none made for now.
    """

    shapes: tuple[Shape, ...]
    films: bool
    loops: bool
    pictures: int
    being_made: int
    deleted: bool

    @property
    def ready(self) -> int:
        """How many pictures wait for nothing."""
        return self.pictures - self.being_made


def offer(visit: Viewing, pictures: Sequence[Picture]) -> Offer:
    """Return in which formats pictures that the visitor may see can be saved."""
    ready = access.renders(visit, pictures)
    there = {one.format for one in ready}
    return Offer(
        shapes=tuple(shape for shape in Shape if shape is Shape.ORIGINAL or Format(shape.value) in there),
        films=any(picture.film for picture in pictures),
        loops=Format.LOOP in there,
        pictures=len(pictures),
        being_made=renders.being_made([picture.picture_id for picture in pictures]),
        deleted=shared_copies.has_none(visit.link.patient),
    )


def chosen(visit: Viewing, *, shape: Shape, moving: Moving, pictures: Collection[UUID]) -> list[UUID]:
    """Return the keys of the files that a choice stands for, in the link's order; raises LinkClosed.

    Without `pictures` all are meant. A picture that is not ready in the shape is given as the patient was shown it.
    """
    wanted = [one for one in access.pictures(visit) if not pictures or one.picture_id in pictures]
    ready = access.renders(visit, wanted)
    return [key for one in wanted for key in _key_of(one, ready, shape, moving)]


def _key_of(picture: Picture, ready: Iterable[Ready], shape: Shape, moving: Moving) -> Sequence[UUID]:
    wanted = _format(shape, moving if picture.film else Moving.STILL)
    key = next((one.key for one in ready if one.picture_id == picture.picture_id and one.format is wanted), None)
    plain = picture.film if wanted in FILMS and picture.film else picture.still
    return [key] if key else [plain.artefact_id] if plain else []


def _format(shape: Shape, moving: Moving) -> Format:
    if moving is Moving.LOOP:
        return Format.LOOP
    if moving is Moving.FILM:
        return _FILMS.get(shape, Format(shape.value))
    return Format(shape.value)
