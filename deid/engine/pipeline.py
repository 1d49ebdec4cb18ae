"""The engine's one road: bytes of an ultrasound instance in, an Outcome out; doubt on the way ends in a held one."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import numpy.typing as npt
from pydicom import Dataset

from deid.engine import (
    branding,
    film_text,
    frames,
    identifiers,
    intake,
    mastering,
    planning,
    redaction,
    regions,
    rendering,
    tags,
    text_detection,
    verification,
)
from deid.engine.brand import Brand
from deid.engine.branding import Strip
from deid.engine.errors import Held, HoldReason
from deid.engine.findings import Outcome, Outputs, Status
from deid.engine.frames import Frames
from deid.engine.identifiers import Identifiers
from deid.engine.planning import Plan
from deid.engine.policy import Policy
from deid.engine.reading import Text
from deid.engine.regions import Area
from deid.engine.text_detection import Scene

Pixels = npt.NDArray[np.uint8]

_SAMPLES = 9
_LOOKS = 3
_HEADER_SHARE = 0.12


@dataclass(slots=True)
class _Clock:
    """Seconds spent in each named stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun


@dataclass(frozen=True, slots=True)
class _Job:
    """One instance on its way through the engine."""

    source: Dataset
    film: Frames
    known: Identifiers
    matches: Callable[[str], bool]
    policy: Policy
    brand: Brand | None
    secret: bytes
    clock: _Clock


def deidentify(data: bytes, *, policy: Policy, brand: Brand | None, secret: bytes) -> Outcome:
    """Clean one DICOM file and return its Outcome: CLEAN with every output, or HELD with those that could be made.

    `secret` keys the pseudonyms. Raises Rejected where the input is no ultrasound picture, and ValueError for a brand
    that cannot be drawn.
    """
    clock = _Clock()
    with clock.stage("decode"):
        source = intake.read(data)
        known = identifiers.of(source)
    try:
        with clock.stage("decode"):
            film = frames.open_frames(source, max_pixels=policy.max_pixels)
            samples = film.spread(_SAMPLES)
    except Held as held:
        return _empty(source, held.reason, clock)
    job = _Job(
        source=source,
        film=film,
        known=known,
        matches=_matches(known),
        policy=policy,
        brand=brand,
        secret=secret,
        clock=clock,
    )
    return _cleaned(job, samples)


def _matches(known: Identifiers) -> Callable[[str], bool]:
    """Ask once for each word; one sign alone is nobody's name, though a study may be numbered 1."""

    @cache
    def matches(words: str) -> bool:
        return sum(sign.isalnum() for sign in words) >= 2 and known.matches(words)

    return matches


def _cleaned(job: _Job, samples: tuple[Pixels, ...]) -> Outcome:
    reasons: list[HoldReason] = []
    with job.clock.stage("area"):
        area = regions.find(job.source, samples)
    scene = _scene(area, job)
    try:
        with job.clock.stage("text"):
            texts = _texts(job, samples, scene)
    except Held as held:
        reasons.append(held.reason)
        if held.reason is HoldReason.UNDECODABLE:
            return _empty(job.source, held.reason, job.clock)
        texts = [replace(line, last_frame=len(job.film) - 1) for line in _unread(samples[0], scene)]
    page = planning.page_of_text(texts, area.sector)
    reasons += [page] if page else []
    reasons += [] if area.certain else [HoldReason.AREA_UNCERTAIN]
    with job.clock.stage("plan"):
        plan = planning.make(scene.kept, texts, frames=len(job.film), policy=job.policy, matches=job.matches)
    return _finished(job, plan, scene, samples[0], reasons)


def _finished(job: _Job, plan: Plan, scene: Scene, first: Pixels, reasons: list[HoldReason]) -> Outcome:
    try:
        strip = _strip(job, plan)
        plan, made, left = _rendered(job, plan, scene, strip)
        reasons += [HoldReason.TEXT_LEFT] if left else []
        made = _with_source(job, made, first)
        outputs, leak = _mastered(job, plan, made, clean=not reasons)
        if leak:
            reasons.append(HoldReason.IDENTIFIER_LEFT)
            outputs, _ = _mastered(job, plan, made, clean=False)
    except Held as held:
        reasons.append(held.reason)
        outputs = Outputs(source_still=rendering.png(first))
    return _outcome(job.film, plan, outputs, reasons, job.clock)


def _scene(area: Area, job: _Job) -> Scene:
    """Where the area is uncertain, everything below a header's height is kept for the reviewer, text covered."""
    if area.certain:
        return Scene(area.mask, area.sector, seconds=job.policy.ocr_seconds, matches=job.matches)
    kept = np.ones_like(area.mask)
    kept[: round(_HEADER_SHARE * len(kept))] = False
    return Scene(kept, area.sector & kept, seconds=job.policy.ocr_seconds, matches=job.matches)


def _texts(job: _Job, samples: tuple[Pixels, ...], scene: Scene) -> list[Text]:
    if len(job.film) == 1:
        return text_detection.find(samples[0], scene)
    return film_text.find_in_film(job.film, samples, scene)


def _unread(picture: Pixels, scene: Scene) -> list[Text]:
    """Without a reader everything that may be text is covered, for the reviewer who gets the held picture."""
    lines = text_detection.glyph_lines(picture, scene.kept, scene.echoes)
    return text_detection.worth_reading(lines, scene)


def _strip(job: _Job, plan: Plan) -> Strip | None:
    if job.brand is None:
        return None
    with job.clock.stage("brand"):
        return branding.strip_for(job.brand, plan.kept)


def _rendered(job: _Job, plan: Plan, scene: Scene, strip: Strip | None) -> tuple[Plan, Outputs, bool]:
    """Render and read again, covering what is still read, for three looks; the flag says that text is left."""
    look = verification.Look(
        scene=replace(scene, kept=plan.kept), frames=len(job.film), policy=job.policy, matches=job.matches
    )
    for attempt in range(_LOOKS):
        made = _render(job, plan, strip)
        with job.clock.stage("verify"):
            left = []
            for picture in _shown(job, made, strip):
                left += verification.text_left(picture, look)
        if not left:
            return plan, made, False
        if attempt < _LOOKS - 1:
            plan = plan.with_covers(left)
    return plan.with_covers(left), made, True


def _shown(job: _Job, made: Outputs, strip: Strip | None) -> Iterator[Pixels]:
    """Decode what was encoded: the still, and of a film the middle and the brightest value of each pixel."""
    rows, columns = job.film.shape.rows, job.film.shape.columns
    if made.still is None:
        raise Held(HoldReason.RENDER_FAILED)
    still = rendering.picture_of(made.still)
    yield strip.without(still) if strip else still
    if made.film is None:
        return
    height = rows + (strip.pixels.shape[0] if strip and strip.above else 0)
    brightest: Pixels | None = None
    count = 0
    for frame in verification.film_frames(made.film, rows=height, columns=columns):
        count += 1
        brightest = frame if brightest is None else np.maximum(brightest, frame)
    if brightest is None or count != len(job.film):
        raise Held(HoldReason.RENDER_FAILED)
    yield strip.without(brightest) if strip else brightest


def _render(job: _Job, plan: Plan, strip: Strip | None) -> Outputs:
    shape = job.film.shape
    middle = shape.count // 2
    film: bytes | None = None
    with ExitStack() as stack:
        writer = None
        if shape.count > 1:
            rows = shape.rows + (strip.pixels.shape[0] if strip and strip.above else 0)
            writer = stack.enter_context(
                rendering.Film(rows=rows, columns=shape.columns, frames=shape.count, rate=shape.rate)
            )
        for index, frame in enumerate(job.film):
            with job.clock.stage("redact"):
                clean = redaction.apply(frame, plan.kept, plan.covers, index=index)
            with job.clock.stage("brand"):
                shown = strip.on(clean) if strip else clean
            if index == middle:
                still = shown
            if writer is not None:
                with job.clock.stage("render"):
                    writer.write(shown)
        with job.clock.stage("render"):
            film = writer.finish() if writer is not None else None
            made = Outputs(
                still=rendering.png(still),
                still_jpeg=rendering.jpeg(still),
                thumbnail=rendering.thumbnail(still),
                film=film,
                still_size=(int(still.shape[1]), int(still.shape[0])),
            )
    with job.clock.stage("verify"):
        whole = verification.same_picture(made.still or b"", still, exact=True)
        if not whole or not verification.same_picture(made.still_jpeg or b"", still, exact=False):
            raise Held(HoldReason.RENDER_FAILED)
    return made


def _with_source(job: _Job, made: Outputs, first: Pixels) -> Outputs:
    """Add the pictures of the input as it came, for the reviewer."""
    shape = job.film.shape
    with job.clock.stage("render"):
        if shape.count == 1:
            return replace(made, source_still=rendering.png(first))
        middle = first
        with rendering.Film(
            rows=shape.rows, columns=shape.columns, frames=shape.count, rate=shape.rate, quick=True
        ) as writer:
            for index, frame in enumerate(job.film):
                writer.write(frame)
                middle = frame if index == shape.count // 2 else middle
            return replace(made, source_still=rendering.png(middle), source_film=writer.finish())


def _mastered(job: _Job, plan: Plan, made: Outputs, *, clean: bool) -> tuple[Outputs, bool]:
    """Add the DICOM master and search every output; the flag says that an identifier was found."""
    with job.clock.stage("tags"):
        header = tags.deidentify(job.source, secret=job.secret, burned_in_clean=clean)
    with job.clock.stage("encode"):
        master = mastering.Master(job.source, job.film.shape, grey=job.film.grey)
        for frame in _redacted(job, plan):
            master.add(frame)
        outputs = replace(made, dicom=master.finish(header))
    with job.clock.stage("verify"):
        if not verification.same_master(outputs.dicom or b"", _redacted(job, plan), lossy=master.lossy):
            raise Held(HoldReason.RENDER_FAILED)
        return outputs, verification.identifier_left(outputs, job.known)


def _redacted(job: _Job, plan: Plan) -> Iterator[Pixels]:
    for index, frame in enumerate(job.film):
        yield redaction.apply(frame, plan.kept, plan.covers, index=index)


def _empty(source: Dataset, reason: HoldReason, clock: _Clock) -> Outcome:
    return Outcome(
        status=Status.HELD,
        reason=reason,
        boxes=(),
        outputs=Outputs(),
        seconds=clock.seconds,
        rows=int(source.get("Rows", 0) or 0),
        columns=int(source.get("Columns", 0) or 0),
        frames=int(source.get("NumberOfFrames", 1) or 1),
    )


def _outcome(film: Frames, plan: Plan, outputs: Outputs, reasons: list[HoldReason], clock: _Clock) -> Outcome:
    return Outcome(
        status=Status.HELD if reasons else Status.CLEAN,
        reason=reasons[0] if reasons else None,
        boxes=plan.boxes(),
        outputs=outputs,
        seconds=clock.seconds,
        rows=film.shape.rows,
        columns=film.shape.columns,
        frames=film.shape.count,
    )
