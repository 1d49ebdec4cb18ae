"""Only pixels of a logo are kept; what is no PNG or JPEG, or too large, is refused."""

import io

import pytest
from PIL import Image, PngImagePlugin

from deid.engine.errors import Rejected, RejectReason
from deid.engine.logo import repainted


def drawn(kind: str = "PNG", size: tuple[int, int] = (40, 20), **extra: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 200, 30)).save(out, format=kind, **extra)
    return out.getvalue()


def test_a_fresh_picture_holds_nothing_but_pixels() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Anna Testwoman")
    painted = repainted(drawn(pnginfo=notes) + b"<script>trailing</script>")
    assert b"Testwoman" not in painted
    assert b"script" not in painted
    with Image.open(io.BytesIO(painted)) as logo:
        assert (logo.mode, logo.size, logo.getpixel((3, 3))) == ("RGBA", (40, 20), (10, 200, 30, 255))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", RejectReason.DAMAGED),
        (b"<svg/>", RejectReason.DAMAGED),
        (drawn("BMP"), RejectReason.DAMAGED),
        (drawn()[:60], RejectReason.DAMAGED),
        (drawn(size=(4001, 10)), RejectReason.TOO_LARGE),
    ],
    ids=["empty", "svg", "bmp", "cut", "wide"],
)
def test_other_files_are_refused(data: bytes, reason: RejectReason) -> None:
    with pytest.raises(Rejected) as refused:
        repainted(data)
    assert refused.value.reason is reason
