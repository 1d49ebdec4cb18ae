"""Bytes to a browser piece by piece: one byte range (RFC 9110, section 14) and the fixed headers of every picture.

Each piece is fetched by a callable that asks the guard anew, so that a withdrawal cuts a film under way.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

PIECE = 256 * 1024
EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "video/mp4": "mp4",
    "application/dicom": "dcm",
    "text/plain": "txt",
}
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive, noimageindex",
    "Accept-Ranges": "bytes",
}

Fetch = Callable[[int, int], bytes]

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Body:
    """A file as the visitor meets it; `size` in bytes, `name` neutral and without extension."""

    name: str
    media_type: str
    size: int

    @property
    def file_name(self) -> str:
        """The neutral name under which a browser saves it, such as `scan-1.png`."""
        return f"{self.name}.{EXTENSIONS[self.media_type]}"


class Unsatisfiable(Exception):
    """The range lies outside the file."""


def wanted(header: str, size: int) -> tuple[int, int] | None:
    """Return the half-open range that a Range header asks for, None for the whole file; raises Unsatisfiable.

    Several ranges and malformed headers are ignored, as RFC 9110 allows.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first == "":
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= stop:
        raise Unsatisfiable
    return start, stop


def answer(body: Body, *, begin: Fetch, go_on: Fetch, range_header: str, download: bool) -> HttpResponseBase:
    """Answer a GET with 200, 206 or 416. `begin` fetches the first piece before anything is promised."""
    try:
        span = wanted(range_header, body.size)
    except Unsatisfiable:
        return _dressed(HttpResponse(status=416, headers={"Content-Range": f"bytes */{body.size}"}), body, download)
    start, stop = span or (0, body.size)
    first = begin(start, min(start + PIECE, stop))
    response = StreamingHttpResponse(chain([first], _rest(go_on, start + PIECE, stop)))
    if span:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{body.size}"
    response["Content-Length"] = str(stop - start)
    return _dressed(response, body, download)


def outline(body: Body, *, download: bool) -> HttpResponseBase:
    """Answer a HEAD: the headers of the whole file, no byte of it."""
    return _dressed(HttpResponse(headers={"Content-Length": str(body.size)}), body, download)


def _rest(fetch: Fetch, start: int, stop: int) -> Iterator[bytes]:
    for here in range(start, stop, PIECE):
        yield fetch(here, min(here + PIECE, stop))


def _dressed(response: HttpResponseBase, body: Body, download: bool) -> HttpResponseBase:
    for name, value in HEADERS.items():
        response[name] = value
    response["Content-Type"] = body.media_type
    response["Content-Disposition"] = f'{"attachment" if download else "inline"}; filename="{body.file_name}"'
    return response
