"""Only pixels of a logo are kept, and hostile files are refused."""

import io
from uuid import uuid4

import pytest
from PIL import Image, PngImagePlugin

from ultrasound_portal.clinics.errors import BrandFault, BrandRefused
from ultrasound_portal.clinics.logos import MOST_BYTES, kept, repainted
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal


def drawn(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **extra: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 128 if mode in "LP" else (10, 200, 30, 255)[: len(mode)]).save(out, format=kind, **extra)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "L")]
)
def test_png_and_jpeg_become_a_fresh_png(kind: str, mode: str) -> None:
    with Image.open(io.BytesIO(repainted(drawn(kind, mode=mode)))) as logo:
        assert (logo.format, logo.mode, logo.size) == ("PNG", "RGBA", (40, 20))


def test_large_logos_are_made_smaller() -> None:
    with Image.open(io.BytesIO(repainted(drawn(size=(1600, 400))))) as logo:
        assert logo.size == (800, 200)


def test_nothing_but_pixels_is_kept() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Anna Testwoman")
    logo = repainted(drawn(pnginfo=notes) + b"<script>trailing</script>")
    assert b"Testwoman" not in logo
    assert b"script" not in logo


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><html><body><script>alert(1)</script></body></html>",
        drawn("GIF", mode="P"),
        drawn("BMP"),
        drawn()[:60],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    ],
    ids=["empty", "svg", "html", "gif", "bmp", "cut", "header only"],
)
def test_other_files_are_refused(hostile: bytes) -> None:
    with pytest.raises(BrandRefused) as refusal:
        repainted(hostile)
    assert refusal.value.fault is BrandFault.LOGO_KIND


@pytest.mark.parametrize(
    "large",
    [drawn(size=(4001, 10)), drawn(size=(100_000, 1)), drawn() + b"\0" * MOST_BYTES],
    ids=["pixels", "100,000 by 1", "bytes"],
)
def test_too_large_files_are_refused(large: bytes) -> None:
    with pytest.raises(BrandRefused) as refusal:
        repainted(large)
    assert refusal.value.fault is BrandFault.LOGO_SIZE


@pytest.mark.django_db
def test_a_logo_comes_back_as_it_was_taken_in() -> None:
    sealed = seal(repainted(drawn()), kind=ObjectKind.LOGO, clinic_id=uuid4())
    assert kept(sealed.id) == repainted(drawn())
