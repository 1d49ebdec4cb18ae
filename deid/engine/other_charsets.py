"""Reads the bytes of a name again in the character sets that its file may have forgotten to declare."""

import re
from collections.abc import Iterator

# the repertoires of PS3.3 C.12.1.1.2 beside the default; single bytes first
_SINGLE = ("latin-1", "iso8859_2", "iso8859_5", "iso8859_7")
_MULTIPLE = ("gb18030", "euc_kr", "shift_jis")
_SWITCHED = ("iso2022_jp_2", "iso2022_kr")
_ESCAPE = b"\x1b"
# before these signs the first character set is in use again (PS3.5 6.1.2.5.3), even where nothing says so
_PART = re.compile(rb"([\^=])")


def readings(raw: bytes) -> Iterator[str]:
    """Yield what the bytes may mean; UTF-8 alone where they are it, which is no chance, and nothing for ASCII."""
    if _ESCAPE in raw:
        yield from _decoded(raw, _SWITCHED)
        yield from _decoded(_PART.sub(b"\x1b(B\\1", raw), _SWITCHED)
    elif not raw.isascii():
        surely = list(_decoded(raw, ("utf-8",)))
        yield from surely or _decoded(raw, (*_SINGLE, *_MULTIPLE))


def _decoded(raw: bytes, codecs: tuple[str, ...]) -> Iterator[str]:
    for codec in codecs:
        text = raw.decode(codec, "replace")
        if text.isprintable() and "\ufffd" not in text:
            yield text
