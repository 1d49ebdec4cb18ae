"""What goes over the pipe between the cage and its child: frames of one JSON header and raw blobs, and their codecs.

A frame is the header's length in four bytes, the header in JSON, and the blobs whose lengths the header lists.
Nothing is unpickled, and what comes back from the child is trusted no more than the file that it opened.
"""

import io
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import IO, Any, TypeVar

from deid.engine.archives import Limits
from deid.engine.brand import Brand
from deid.engine.disclosure import Disclosure
from deid.engine.errors import HoldReason, RejectReason
from deid.engine.findings import Flag, Outcome, Outputs, Status
from deid.engine.formats import MEDIA, Format, Render
from deid.engine.geometry import Box
from deid.engine.intake import Peek
from deid.engine.policy import Policy
from deid.engine.walls import Walls

MAX_HEADER = 32 << 20
MAX_BLOB = 2 << 30
MAX_BLOBS = 16

# A value as the JSON reader gives it: anything, until a codec has looked at it.
Json = dict[str, Any]
Value = TypeVar("Value")

_BRAND_TYPES = {
    **dict.fromkeys(("name", "line", "background", "ink", "web", "handle"), str),
    **dict.fromkeys(("version", "height"), int),
    **dict.fromkeys(("qr", "top"), bool),
}
_LENGTH = struct.Struct(">I")
_BLOBS = "blobs"
_PIECE = 1 << 20


class Garbled(Exception):
    """The other side sent something that is not a frame, or went away in the middle of one."""


@dataclass(frozen=True, slots=True, repr=False)
class Frame:
    """One message: a header and its blobs."""

    header: Json
    blobs: tuple[bytes, ...] = ()


def write(stream: IO[bytes], header: Mapping[str, object], blobs: Sequence[bytes] = ()) -> None:
    """Send one frame. Raises OSError where the other side is gone."""
    text = json.dumps({**header, _BLOBS: [len(blob) for blob in blobs]}).encode("ascii")
    for piece in (_LENGTH.pack(len(text)) + text, *blobs):
        rest = memoryview(piece)
        while rest:
            rest = rest[stream.write(rest) :]


def read(stream: IO[bytes]) -> Frame | None:
    """Wait for one frame; None where the stream ended before it began. Raises Garbled."""
    first = stream.read(1)
    if not first:
        return None
    (length,) = _LENGTH.unpack(first + _exactly(stream, _LENGTH.size - 1))
    if length > MAX_HEADER:
        raise Garbled
    try:
        header = json.loads(_exactly(stream, length))
    except (ValueError, RecursionError):
        raise Garbled from None
    sizes = header.pop(_BLOBS, None) if isinstance(header, dict) else None
    if not isinstance(sizes, list) or len(sizes) > MAX_BLOBS:
        raise Garbled
    if not all(type(size) is int and 0 <= size <= MAX_BLOB for size in sizes):
        raise Garbled
    return Frame(header, tuple(_exactly(stream, size) for size in sizes))


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """Read that many bytes from a pipe, which gives them in pieces."""
    data = io.BytesIO()
    while (missing := size - data.tell()) > 0:
        piece = stream.read(min(missing, _PIECE))
        if not piece:
            raise Garbled
        data.write(piece)
    # unlike a bytearray, this gives its bytes away without a copy
    return data.getvalue()


def part(frame: Frame, name: str) -> Json:
    """Return a named object of the header. Raises Garbled."""
    values = frame.header.get(name)
    if not isinstance(values, dict):
        raise Garbled
    return values


def walls_from_json(values: Json) -> Walls:
    """Build the walls from what a child says when it is ready. Raises Garbled."""
    try:
        return Walls(files=_typed(values["files"], bool), network=_typed(values["network"], bool))
    except (KeyError, TypeError):
        raise Garbled from None


def reject_reason(value: object) -> RejectReason:
    """Return the reason of that name. Raises Garbled."""
    try:
        return RejectReason(_typed(value, str))
    except (TypeError, ValueError):
        raise Garbled from None


def stretch(value: object) -> tuple[int, int]:
    """Return an offset and a length, neither negative. Raises Garbled."""
    try:
        pair = _pair(value)
    except TypeError:
        raise Garbled from None
    if pair is None or min(pair) < 0:
        raise Garbled
    return pair


def archive_limits_to_json(limits: Limits) -> Json:
    """Return the limits of an archive as plain JSON values."""
    return asdict(limits)


def archive_limits_from_json(values: Json) -> Limits:
    """Build the limits from `archive_limits_to_json`. Raises Garbled."""
    try:
        return Limits(**{field.name: _typed(values[field.name], int) for field in fields(Limits)})
    except (KeyError, TypeError):
        raise Garbled from None


def count(value: object) -> int:
    """Return a whole number that is not negative. Raises Garbled."""
    if type(value) is not int or value < 0:
        raise Garbled
    return value


def flag(value: object) -> bool:
    """Return yes or no. Raises Garbled."""
    if type(value) is not bool:
        raise Garbled
    return value


def only_blob(frame: Frame) -> bytes:
    """Return the one blob of an answer. Raises Garbled."""
    if len(frame.blobs) != 1:
        raise Garbled
    return frame.blobs[0]


def policy_to_json(policy: Policy) -> Json:
    """Return the policy as plain JSON values."""
    return policy.to_dict()


def policy_from_json(values: Json) -> Policy:
    """Build the policy from `policy_to_json`. Raises Garbled."""
    if set(values) != {field.name for field in fields(Policy)}:
        raise Garbled
    try:
        return Policy.from_dict(values)
    except ValueError:
        raise Garbled from None


def disclosure_from_json(values: Json) -> Disclosure:
    """Build the disclosure from its `to_dict`. Raises Garbled."""
    try:
        return Disclosure.from_dict(values)
    except ValueError:
        raise Garbled from None


def brand_to_json(brand: Brand | None) -> tuple[Json, list[bytes]]:
    """Return the brand as plain JSON values, and its logos as blobs where it has any."""
    if brand is None:
        return {"brand": None}, []
    kept = {**asdict(brand), "logo": brand.logo is not None, "paper_logo": brand.paper_logo is not None}
    return {"brand": kept}, [logo for logo in (brand.logo, brand.paper_logo) if logo is not None]


def brand_from_json(values: Json, blobs: Sequence[bytes]) -> Brand | None:
    """Build the brand from `brand_to_json`. Raises Garbled."""
    try:
        brand = values["brand"]
        if brand is None:
            return None
        logos = iter(blobs)
        kept = {field.name: brand[field.name] for field in fields(Brand)}
        for name in ("logo", "paper_logo"):
            kept[name] = next(logos) if _typed(kept[name], bool) else None
        for name, kind in _BRAND_TYPES.items():
            _typed(kept[name], kind)
        return Brand(**kept)
    except (StopIteration, KeyError, TypeError):
        raise Garbled from None


def _pair(value: object) -> tuple[int, int] | None:
    if value is None:
        return None
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise TypeError
    return _typed(value[0], int), _typed(value[1], int)


def _times(value: object) -> tuple[int, ...] | None:
    if value is None:
        return None
    if not isinstance(value, (list, tuple)):
        raise TypeError
    return tuple(_typed(time, int) for time in value)


def cut_of(value: object) -> tuple[int, int, int, int] | None:
    """Return the cut that a report or a header tells of; raises TypeError for anything but four whole numbers."""
    if value is None:
        return None
    if not isinstance(value, (list, tuple)) or len(value) != 4:
        raise TypeError
    left, top, columns, rows = (_typed(part, int) for part in value)
    return left, top, columns, rows


def outcome_to_json(outcome: Outcome) -> tuple[Json, list[bytes]]:
    """Return the outcome as plain JSON values, and its files as blobs in the order in which the values name them."""
    files = {
        field.name: value
        for field in fields(Outputs)
        if isinstance(value := getattr(outcome.outputs, field.name), bytes)
    }
    values: Json = {
        "status": outcome.status.value,
        "reason": None if outcome.reason is None else outcome.reason.value,
        "boxes": [box.to_json() for box in outcome.boxes],
        "files": list(files),
        "still_size": outcome.outputs.still_size,
        "still_origin": outcome.outputs.still_origin,
        "still_cut": outcome.outputs.still_cut,
        "film_times": outcome.outputs.film_times,
        "seconds": dict(outcome.seconds),
        "rows": outcome.rows,
        "columns": outcome.columns,
        "frames": outcome.frames,
        "flags": sorted(flag.value for flag in outcome.flags),
        "detector": outcome.detector,
    }
    return values, list(files.values())


def outcome_from_json(values: Json, blobs: Sequence[bytes]) -> Outcome:
    """Build the outcome from `outcome_to_json`. Raises Garbled."""
    try:
        files = dict(zip(values["files"], blobs, strict=True))
        reason = values["reason"]
        return Outcome(
            status=Status(values["status"]),
            reason=None if reason is None else HoldReason(reason),
            boxes=tuple(Box.from_json(box) for box in values["boxes"]),
            outputs=Outputs(
                **files,
                still_size=_pair(values["still_size"]),
                still_origin=_pair(values["still_origin"]),
                still_cut=cut_of(values["still_cut"]),
                film_times=_times(values["film_times"]),
            ),
            seconds={_typed(stage, str): float(spent) for stage, spent in values["seconds"].items()},
            rows=_typed(values["rows"], int),
            columns=_typed(values["columns"], int),
            frames=_typed(values["frames"], int),
            flags=frozenset(Flag(_typed(flag, str)) for flag in values["flags"]),
            detector=_typed(values["detector"], str),
        )
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise Garbled from None


def renders_to_json(made: Sequence[Render]) -> tuple[Json, list[bytes]]:
    """Return renders as plain JSON values, and their files as blobs in the same order."""
    told = [
        {"format": one.format.value, "media_type": one.media_type, "sides": (one.width, one.height)} for one in made
    ]
    return {"renders": told}, [one.data for one in made]


def renders_from_json(frame: Frame) -> list[Render]:
    """Build renders from `renders_to_json`. Raises Garbled."""
    try:
        found = []
        for told, data in zip(frame.header["renders"], frame.blobs, strict=True):
            width, height = _pair(told["sides"]) or (0, 0)
            found.append(Render(Format(told["format"]), data, MEDIA[told["media_type"]], width, height))
    except (KeyError, TypeError, ValueError):
        raise Garbled from None
    return found


def peek_to_json(peek: Peek) -> Json:
    """Return the peek as plain JSON values."""
    return asdict(peek)


def peek_from_json(values: Json) -> Peek:
    """Build the peek from `peek_to_json`. Raises Garbled."""
    try:
        return Peek(
            sop_class_uid=_typed(values["sop_class_uid"], str),
            sop_instance_uid=_typed(values["sop_instance_uid"], str),
            series_instance_uid=_typed(values["series_instance_uid"], str),
            study_instance_uid=_typed(values["study_instance_uid"], str),
            transfer_syntax_uid=_typed(values["transfer_syntax_uid"], str),
            patient_name=_typed(values["patient_name"], str),
            patient_id=_typed(values["patient_id"], str),
            birth_date=_typed(values["birth_date"], str),
            rows=_typed(values["rows"], int),
            columns=_typed(values["columns"], int),
            frames=_typed(values["frames"], int),
            instance_number=_typed(values["instance_number"], int),
            manufacturer=_typed(values["manufacturer"], str),
            model=_typed(values["model"], str),
            station=_typed(values["station"], str),
        )
    except (KeyError, TypeError):
        raise Garbled from None


def _typed(value: object, kind: type[Value]) -> Value:
    if type(value) is not kind:
        raise TypeError("a value of another type was expected")
    return value
