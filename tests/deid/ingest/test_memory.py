"""Uploaded bytes stay in memory, under a limit, without their names."""

import io
import tempfile
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

from deid.engine.errors import RejectReason
from deid.ingest.memory import MemoryFile, MemoryUploadHandler
from ultrasound_portal.clinics.models import User


def sent(*contents: bytes, user: object = None) -> list[MemoryFile]:
    """Return the files of a request as a view gets them."""
    request: HttpRequest = RequestFactory().post(
        "/", {"file": [SimpleUploadedFile("Testwoman Anna.dcm", content) for content in contents]}
    )
    request.user = User() if user is None else user
    return request.FILES.getlist("file")


def test_it_is_the_only_handler(settings: object) -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["deid.ingest.memory.MemoryUploadHandler"]


def test_bytes_arrive_whole_and_the_name_is_forgotten() -> None:
    content = bytes(range(256)) * 1000
    (file,) = sent(content)
    assert isinstance(file, MemoryFile)
    assert (file.name, file.content_type, file.size) == ("file", "application/octet-stream", len(content))
    assert file.stream.read() == content
    assert file.refusal is None


@pytest.mark.requirement("R40")
def test_nothing_touches_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sent(b"x" * 8_000_000)
    assert list(tmp_path.iterdir()) == []


@override_settings(UPLOAD_LIMIT=1000)
def test_a_file_over_the_limit_is_dropped_and_keeps_its_place() -> None:
    small, large, last = sent(b"a" * 1000, b"b" * 1001, b"c")
    assert [file.refusal for file in (small, large, last)] == [None, RejectReason.TOO_LARGE, None]
    assert (large.size, large.stream.read()) == (0, b"")
    assert last.stream.read() == b"c"


@override_settings(UPLOAD_LIMIT=1000)
def test_a_request_has_a_limit_too() -> None:
    files = sent(b"a" * 900, b"b" * 900, b"c" * 900, b"d" * 200)
    assert [file.refusal is None for file in files] == [True, True, False, True]


@pytest.mark.requirement("R48")
def test_a_strangers_bytes_are_dropped() -> None:
    (file,) = sent(b"x" * 10, user=AnonymousUser())
    assert (file.refusal, file.size) == (RejectReason.TOO_LARGE, 0)


def test_an_empty_file_is_an_empty_file() -> None:
    handler = MemoryUploadHandler(RequestFactory().post("/"))
    handler.new_file("file", "a", "text/plain", 0)
    file = handler.file_complete(0)
    assert (file.size, file.refusal) == (0, None)
    assert isinstance(file.stream, io.BytesIO)
