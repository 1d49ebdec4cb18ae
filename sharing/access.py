"""The one guard between a visitor and a picture: link, consent, release and hash are asked again for every piece.

Every door here raises LinkClosed and leaves an audit entry with the true reason; outside, every reason looks alike.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consent import gate
from consent.models import Grant
from consent.states import GrantState
from deid.services import doubts, release
from sharing import tokens
from sharing.albums import Album, File, Given, Picture, Ready, grouped
from sharing.errors import ClosedReason, LinkClosed
from sharing.link_trail import audited, record
from sharing.models import Link, LinkImage, Opening
from sharing.models.opening import IDLE
from sharing.services import sex_wishes
from sharing.services.withdrawal import is_her_own
from sharing.states import LinkState
from ultrasound_portal.audit.events import Event
from ultrasound_portal.vault.errors import VaultError

TOUCH_EVERY = timedelta(seconds=30)

TWO_PEOPLE = frozenset({"publication"})
"""Purposes for which another person than the one who released a picture must have found it clean."""

_STATE_REASONS = {
    LinkState.REVOKED: ClosedReason.REVOKED,
    LinkState.NOT_YET: ClosedReason.NOT_YET,
    LinkState.EXPIRED: ClosedReason.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Viewing:
    """A visitor who has opened a link and whose visit still runs, until `idle_at` where nothing is asked for, and
    until `ends_at` in any case.
    """

    opening_id: UUID
    link: Link
    idle_at: datetime
    ends_at: datetime

    @property
    def idle_seconds(self) -> int:
        """How long the page may still be shown if it asks for nothing more."""
        return _seconds_until(self.idle_at)

    @property
    def seconds_left(self) -> int:
        """How long the page may still be shown at most."""
        return _seconds_until(self.ends_at)


def released(study_id: UUID) -> list[Picture]:
    """Return the released pictures of a study with the files a patient may get, for staff who ask for consent."""
    return [
        Picture(picture.picture_id, position, tuple(map(_file, picture.artefacts)))
        for position, picture in enumerate(release.released_pictures(study_id), start=1)
    ]


def thumbnail(picture: Picture) -> bytes | None:
    """Return the small JPEG of a released picture for the patient's own copy, or nothing where it cannot be read."""
    small = next((file for file in picture.files if file.media_type == "image/jpeg" and file is picture.small), None)
    if small is None:
        return None
    try:
        return b"".join(release.open_artefact(small.artefact_id).read_range(0, small.size))
    except VaultError:
        return None


def shareable(study_id: UUID, grant: Grant) -> list[Picture]:
    """Return the released pictures of a study that a grant covers now; asks the gate for every file."""
    with transaction.atomic():
        at = timezone.now()
        files = [
            file
            for picture in released(study_id)
            for file in picture.files
            if _enough_people(file, grant.purpose_id)
            and gate.decide(
                grant_id=grant.pk,
                purpose_code=grant.purpose_id,
                artefact_id=file.artefact_id,
                sha256=file.sha256,
                at=at,
            ).permit
        ]
    return grouped(files)


def viewing(session: str) -> Viewing:
    """Return the visit that a session value belongs to; raises LinkClosed where it ended or its link did."""
    if not session:
        raise LinkClosed(ClosedReason.NO_SESSION)
    hashed = tokens.secret_hash(session)
    opening = Opening.objects.select_related("link__clinic", "link__patient").filter(session_hash=hashed).first()
    if opening is None or not tokens.same_hash(opening.session_hash, hashed):
        raise LinkClosed(ClosedReason.NO_SESSION)
    with audited(opening.link):
        at = timezone.now()
        _check_visit(opening, at)
        seen_at = _touch(opening, at)
    ends_at = min(opening.ends_at, opening.link.not_after)
    return Viewing(opening_id=opening.pk, link=opening.link, idle_at=seen_at + IDLE, ends_at=ends_at)


def check_hers(visit: Viewing) -> None:
    """Raise LinkClosed unless the visitor came through the patient's own link and her yes to it holds."""
    with audited(visit.link):
        if not is_her_own(visit.link):
            raise LinkClosed(ClosedReason.NOT_HERS)
        grant = Grant.objects.get(pk=visit.link.grant_id)
        if grant.state_at(timezone.now()) is not GrantState.ACTIVE:
            raise LinkClosed(ClosedReason.NOT_PERMITTED)


def check_released(visit: Viewing, artefact_ids: Collection[UUID]) -> None:
    """Raise LinkClosed unless every one of the files may still be shown to patients; for papers that hold them."""
    with audited(visit.link):
        served = {file.artefact_id for picture in released(visit.link.study_id) for file in picture.files}
        if not set(artefact_ids) <= served:
            raise LinkClosed(ClosedReason.NOT_RELEASED)


def check_link(link: Link, at: datetime) -> None:
    """Raise LinkClosed unless the link itself is open at a moment."""
    state = link.state_at(at)
    if state in _STATE_REASONS:
        raise LinkClosed(_STATE_REASONS[state])


def pictures(visit: Viewing) -> list[Picture]:
    """Return what the visitor may see now, at least one picture; raises LinkClosed."""
    with audited(visit.link):
        return open_album(visit.link, timezone.now()).pictures


def album(visit: Viewing) -> Album:
    """Return what the patient finds behind her own link; it may hold no picture where some only wait.

    Raises LinkClosed where the link is not hers, or gives nothing and nothing waits.
    """
    with audited(visit.link):
        if not is_her_own(visit.link):
            raise LinkClosed(ClosedReason.NOT_HERS)
        return open_album(visit.link, timezone.now())


def open_album(link: Link, at: datetime) -> Album:
    """Return what a link gives now, in its order; raises LinkClosed where that is nothing.

    The patient's own link stays open where pictures of hers wait for her word or for a person: she is told so.
    """
    files, closed = _permitted_files(link, at)
    spoken = sex_wishes.wanted(link.study_id, link.purpose_code)
    seen = [file for file in files if spoken or not file.tells_sex]
    withheld = {file.picture_id for file in files} - {file.picture_id for file in seen}
    doubted = _doubted(link) if closed.reason is not ClosedReason.NOT_PERMITTED else 0
    if not seen and not (is_her_own(link) and (withheld or doubted)):
        raise LinkClosed(ClosedReason.SEX_WITHHELD) if withheld else closed
    return Album(grouped(seen), len(withheld), doubted)


def renders(visit: Viewing, pictures: Iterable[Picture]) -> list[Ready]:
    """Return the files made for sharing of pictures that the visitor may see; the guard is asked for each of them."""
    if not visit.link.download_allowed:
        return []
    may = {(file.artefact_id, file.sha256) for picture in pictures for file in picture.files}
    return [
        Ready(one.render_id, one.picture_id, one.format, one.media_type, one.size, one.width, one.height)
        for one in release.released_renders(visit.link.study_id)
        if (one.basis_id, one.basis_sha256) in may
    ]


def picture(visit: Viewing, key: UUID, *, download: bool) -> Given:
    """Return a file of the link, or one rendered from such, if the visitor may have it now; raises LinkClosed."""
    with audited(visit.link, key):
        _, file = _guard(visit.opening_id, key, timezone.now())
        if download and not visit.link.download_allowed:
            raise LinkClosed(ClosedReason.VIEW_ONLY)
        return file


def read(visit: Viewing, key: UUID, start: int, stop: int, *, event: Event | None) -> bytes:
    """Return the bytes `start` to `stop` of a file; raises LinkClosed.

    The gate's lock, the audit entry of `event` and the reading of the key are one transaction, so a withdrawal that
    is committed before it is seen, and the entry is committed before the first byte leaves.
    """
    with audited(visit.link, key):
        link, file = _guard(visit.opening_id, key, timezone.now())
        if event:
            record(
                link,
                event,
                artefact_id=file.artefact_id,
                opening=str(visit.opening_id),
                file=file.name,
                start=start,
                stop=stop,
            )
        opened = release.open_artefact if file.key == file.artefact_id else release.open_render
        try:
            return b"".join(opened(file.key).read_range(start, stop))
        except VaultError as fault:
            raise LinkClosed(ClosedReason.UNREADABLE) from fault


@transaction.atomic
def leave(session: str) -> None:
    """End the visit of a session value for good, if one still runs."""
    running = Opening.objects.select_related("link").filter(session_hash=tokens.secret_hash(session), ended_at=None)
    for opening in running.select_for_update(of=("self",)):
        opening.ended_at = timezone.now()
        opening.save(update_fields=["ended_at"])
        record(opening.link, Event.LINK_LEFT, opening=str(opening.pk))


def _guard(opening_id: UUID, key: UUID, at: datetime) -> tuple[Link, Given]:
    """Ask everything that stands between a visitor and one file; needs a transaction, raises LinkClosed.

    A render is asked for as the file of the patient's that it was made from, which consent knows by its hash.
    """
    opening = Opening.objects.select_related("link").filter(pk=opening_id).first()
    if opening is None:
        raise LinkClosed(ClosedReason.NO_SESSION)
    _check_visit(opening, at)
    link = opening.link
    render = release.released_render(key)
    if render and not link.download_allowed:
        raise LinkClosed(ClosedReason.VIEW_ONLY)
    image = link.images.filter(artefact_id=render.basis_id if render else key).first()
    if image is None:
        raise LinkClosed(ClosedReason.NOT_IN_LINK)
    _ask_the_gate(link, image, at)
    found = release.released_artefact(image.artefact_id)
    if found is None:
        raise LinkClosed(ClosedReason.NOT_RELEASED)
    if not tokens.same_hash(found.sha256, image.sha256):
        raise LinkClosed(ClosedReason.CHANGED)
    if render and not tokens.same_hash(render.basis_sha256, image.sha256):
        raise LinkClosed(ClosedReason.CHANGED)
    if not _enough_people(found, link.purpose_code):
        raise LinkClosed(ClosedReason.NOT_RELEASED)
    if found.tells_sex and not sex_wishes.wanted(link.study_id, link.purpose_code):
        raise LinkClosed(ClosedReason.SEX_WITHHELD)
    _touch(opening, at)
    name = f"scan-{image.position}" + (f"-{render.format.value.replace('_', '-')}" if render else "")
    given = render or found
    return link, Given(key, image.artefact_id, image.picture_id, name, given.media_type, given.size)


def _doubted(link: Link) -> int:
    pictures = link.images.values("picture_id")
    return doubts.doubted(link.study_id).filter(pk__in=pictures).count()


def _permitted_files(link: Link, at: datetime) -> tuple[list[File], LinkClosed]:
    """Return the files that consent and release allow now, in the link's order, and why others, or all, do not go."""
    served = {
        found.artefact_id: _file(found)
        for picture in release.released_pictures(link.study_id)
        for found in picture.artefacts
    }
    closed = LinkClosed(ClosedReason.NOT_RELEASED)
    files = []
    for image in link.images.all():
        try:
            _ask_the_gate(link, image, at)
        except LinkClosed as refusal:
            closed = refusal
            continue
        file = served.get(image.artefact_id)
        if file and _enough_people(file, link.purpose_code) and tokens.same_hash(file.sha256, image.sha256):
            files.append(file)
    return files, closed


def _ask_the_gate(link: Link, image: LinkImage, at: datetime) -> None:
    decision = gate.decide(
        grant_id=link.grant_id,
        purpose_code=link.purpose_code,
        artefact_id=image.artefact_id,
        sha256=image.sha256,
        at=at,
    )
    if not decision.permit:
        raise LinkClosed(ClosedReason.NOT_PERMITTED, decision.reason.value)


def _check_visit(opening: Opening, at: datetime) -> None:
    if not opening.is_live(at):
        raise LinkClosed(ClosedReason.SESSION_ENDED)
    check_link(opening.link, at)


def _touch(opening: Opening, at: datetime) -> datetime:
    """Note that the visitor is still there, at most twice a minute, and return what is noted."""
    if at - opening.last_seen_at < TOUCH_EVERY:
        return opening.last_seen_at
    Opening.objects.filter(pk=opening.pk).update(last_seen_at=at)
    return at


def _seconds_until(moment: datetime) -> int:
    return max(0, int((moment - timezone.now()).total_seconds()))


def _enough_people(found: "File | release.ReleasedArtefact", purpose_code: str) -> bool:
    """Say whether as many people looked as the purpose asks for: what is printed cannot be taken back."""
    return found.two_people or purpose_code not in TWO_PEOPLE


def _file(found: release.ReleasedArtefact) -> File:
    return File(
        artefact_id=found.artefact_id,
        picture_id=found.picture_id,
        kind=found.kind,
        sha256=found.sha256,
        size=found.size,
        media_type=found.media_type,
        width=found.width,
        height=found.height,
        tells_sex=found.tells_sex,
        two_people=found.two_people,
    )
