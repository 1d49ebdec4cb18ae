"""The engine's one road: bytes of an ultrasound instance in, an Outcome out; doubt on the way ends in a held one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
from pydicom import Dataset

from deid.engine import (
    detector,
    exports,
    film_text,
    frames,
    framing,
    identifiers,
    intake,
    planning,
    png,
    regions,
    tags,
    tesseract_library,
    tesseract_process,
    text_detection,
    verification,
    writing,
)
from deid.engine.brand import Brand
from deid.engine.clock import Clock
from deid.engine.errors import LOOKED_PAST, Held, HoldReason
from deid.engine.findings import Outcome, Outputs, Status
from deid.engine.frames import Frames
from deid.engine.framing import Framing
from deid.engine.geometry import Box, Why
from deid.engine.identifiers import Identifiers
from deid.engine.planning import Plan
from deid.engine.policy import Policy
from deid.engine.redaction import Redactor
from deid.engine.regions import Area
from deid.engine.second_look import SecondLook
from deid.engine.text_detection import Scene
from deid.engine.writing import Written

Pixels = npt.NDArray[np.uint8]

_SAMPLES = 9
_LOOKS = 3
_HEADER_SHARE = 0.12
# over so many frames a second opinion costs little beside the film
_LONG = 48


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
    clock: Clock
    plain: bool


def deidentify(data: bytes, *, policy: Policy, brand: Brand | None, secret: bytes) -> Outcome:
    """Clean one DICOM file and return its Outcome: CLEAN with every output, or HELD with those that could be made.

    `secret` keys the pseudonyms. Raises Rejected where the input is no ultrasound picture, and ValueError for a brand
    that cannot be drawn.
    """
    clock = Clock()
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
        matches=_matches(known.also(policy.also_covered)),
        policy=policy,
        brand=brand,
        secret=secret,
        clock=clock,
        plain=exports.is_export(data),
    )
    return _cleaned(job, samples)


def _matches(known: Identifiers) -> Callable[[str], bool]:
    """Ask once for each word; one sign alone is nobody's name, though a study may be numbered 1."""

    @cache
    def matches(words: str) -> bool:
        return sum(sign.isalnum() for sign in words) >= 2 and known.matches(words)

    return matches


def _cleaned(job: _Job, samples: tuple[Pixels, ...]) -> Outcome:
    reasons = [HoldReason.PLAIN_EXPORT] if job.plain else []
    try:
        with job.clock.stage("detect"):
            still = film_text.still_of(samples)
            heat = detector.heat(still)
    except Held as held:
        return _empty(job.source, held.reason, job.clock)
    with job.clock.stage("area"):
        area = regions.find(job.source, samples, text=heat)
    scene = _scene(area, job)
    try:
        with job.clock.stage("text"):
            texts = film_text.find_in_film(job.film, still, scene, heat=heat)
    except Held as held:
        reasons.append(held.reason)
        if held.reason in (HoldReason.UNDECODABLE, HoldReason.DETECTOR_FAILED):
            return _empty(job.source, held.reason, job.clock)
        # without a reader everything that may be text is covered, for the reviewer who gets the held picture
        lines = text_detection.unread(still, scene, heat=heat)
        texts = [replace(line, last_frame=len(job.film) - 1) for line in lines]
    own = [box for box in job.policy.extra_boxes if box.why is Why.MANUAL]
    page = planning.page_of_text(texts, area.sector, covers=own)
    reasons += [page] if page else []
    reasons += [] if area.certain else [HoldReason.AREA_UNCERTAIN]
    reasons += [HoldReason.COVER_LIFTED] if job.policy.lifted else []
    with job.clock.stage("plan"):
        plan = planning.make(scene.kept, texts, frames=len(job.film), policy=job.policy, matches=job.matches)
    return _finished(job, plan, samples[0], reasons)


def _finished(job: _Job, plan: Plan, first: Pixels, reasons: list[HoldReason]) -> Outcome:
    try:
        with job.clock.stage("brand"):
            frame = framing.of(job.brand, plan.kept)
        plan, written, left = _written(job, _rehearsed(job, plan, first), frame)
        reasons += [HoldReason.TEXT_LEFT] if left else []
        made = replace(
            writing.stills(written, job.clock),
            still_origin=frame.origin,
            still_cut=frame.cut,
            film_times=job.film.shape.times,
        )
        outputs, leak = _mastered(job, written, made, clean=not reasons)
        if leak:
            reasons.append(HoldReason.IDENTIFIER_LEFT)
            outputs, _ = _mastered(job, written, made, clean=False)
    except Held as held:
        reasons.append(held.reason)
        outputs = Outputs(source_still=png.encoded(first))
    return _outcome(job.film, plan, outputs, reasons, job.clock)


def _scene(area: Area, job: _Job) -> Scene:
    """Where the area is uncertain, everything below a header's height is kept for the reviewer, text covered."""
    if area.certain:
        return Scene(area.mask, seconds=job.policy.ocr_seconds)
    kept = np.ones_like(area.mask)
    kept[: round(_HEADER_SHARE * len(kept))] = False
    return Scene(kept, seconds=job.policy.ocr_seconds)


def _rehearsed(job: _Job, plan: Plan, first: Pixels) -> Plan:
    """Look at the first frame as it will be, so that a film need not be written again for what any frame tells."""
    whole = {"first_frame": 0, "last_frame": len(job.film) - 1}
    for _ in range(_LOOKS if len(job.film) > 1 else 0):
        with job.clock.stage("verify"):
            look = SecondLook(plan, seconds=job.policy.ocr_seconds, matches=job.matches)
            look.take(Redactor(plan.kept, plan.covers).apply(first, index=0), **whole)
            left = look.left()
        if not left:
            break
        plan = plan.with_covers(left)
    return plan


def _written(job: _Job, plan: Plan, frame: Framing) -> tuple[Plan, Written, bool]:
    """Write and look again, covering what is still found, for three looks; the flag says that text may be left."""
    for _ in range(_LOOKS):
        written, left = _looked_at(job, plan, frame)
        if not left:
            return plan, written, False
        plan = plan.with_covers(left)
    written, _ = _looked_at(job, plan, frame)
    return plan, written, True


def _looked_at(job: _Job, plan: Plan, frame: Framing) -> tuple[Written, list[Box]]:
    reader = tesseract_process.read if len(job.film) >= _LONG else tesseract_library.read
    look = SecondLook(plan, seconds=job.policy.ocr_seconds, matches=job.matches, reader=reader)
    written = writing.write(writing.Job(job.source, job.film, plan, frame, job.clock), look)
    with job.clock.stage("verify"):
        return written, look.left()


def _mastered(job: _Job, written: Written, made: Outputs, *, clean: bool) -> tuple[Outputs, bool]:
    """Add the DICOM master and search every output; the flag says that an identifier was found."""
    with job.clock.stage("tags"):
        header = tags.deidentify(
            job.source,
            known=job.known,
            disclosure=job.policy.disclosure,
            secret=job.secret,
            burned_in_clean=clean,
        )
    with job.clock.stage("encode"):
        outputs = replace(made, dicom=written.master.finish(header))
    with job.clock.stage("verify"):
        secrets = verification.secrets_of(job.known, header, job.policy.disclosure)
        return outputs, verification.identifier_left(outputs, secrets)


def _empty(source: Dataset, reason: HoldReason, clock: Clock) -> Outcome:
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


def _gravest(reasons: list[HoldReason]) -> HoldReason | None:
    """Return the first reason that no person may look past, or else the first: a mild one must not hide a grave one."""
    return next((reason for reason in reasons if reason not in LOOKED_PAST), next(iter(reasons), None))


def _outcome(film: Frames, plan: Plan, outputs: Outputs, reasons: list[HoldReason], clock: Clock) -> Outcome:
    return Outcome(
        status=Status.HELD if reasons else Status.CLEAN,
        reason=_gravest(reasons),
        boxes=plan.boxes(),
        outputs=outputs,
        seconds=clock.seconds,
        rows=film.shape.rows,
        columns=film.shape.columns,
        frames=film.shape.count,
        flags=plan.flags,
        detector=detector.weights_digest(),
    )
