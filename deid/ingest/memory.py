"""Uploaded bytes stay in memory: no identified picture is ever written to a plain temporary file."""

import io
from collections.abc import Mapping

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from deid.engine.errors import RejectReason

FILES_AT_ONCE = 2


class MemoryFile(UploadedFile):  # type: ignore[type-arg] # generic in its stubs only
    """An uploaded file in memory under a neutral name.

    `stream` has its bytes; `refusal` is set, and the file is empty, where it went over the limit.
    """

    def __init__(self, file: io.BytesIO, *, size: int, refusal: RejectReason | None) -> None:
        super().__init__(file=file, name="file", content_type="application/octet-stream", size=size)
        self.stream = file
        self.refusal = refusal


class MemoryUploadHandler(FileUploadHandler):
    """Keeps each file of a signed-in person's request in memory.

    One file may have UPLOAD_LIMIT bytes and a request FILES_AT_ONCE times that; what is over is read, dropped
    and marked TOO_LARGE, so that it gets its row. A stranger's files are dropped from the first byte. The
    browser's name and type of a file are forgotten.
    """

    _spent = 0

    def new_file(
        self,
        field_name: str,
        file_name: str,
        content_type: str,
        content_length: int | None,
        charset: str | None = None,
        content_type_extra: Mapping[str, bytes] | None = None,
    ) -> None:
        """Begin an empty file; what the browser says of it is not kept."""
        del file_name, content_type_extra
        super().new_file(field_name, "file", content_type, content_length, charset)
        self._limit = min(self._file_limit(), self._file_limit() * FILES_AT_ONCE - self._spent)
        self._bytes = io.BytesIO()
        self._over = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the chunk, or drop the whole file once it is over the limit."""
        if self._over:
            return
        if start + len(raw_data) > self._limit:
            self._over = True
            self._bytes = io.BytesIO()
            return
        self._bytes.write(raw_data)

    def file_complete(self, file_size: int) -> MemoryFile:
        """Return the file, rewound."""
        kept = 0 if self._over else file_size
        self._spent += kept
        self._bytes.seek(0)
        return MemoryFile(self._bytes, size=kept, refusal=RejectReason.TOO_LARGE if self._over else None)

    def _file_limit(self) -> int:
        user = getattr(self.request, "user", None)
        return settings.UPLOAD_LIMIT if user is not None and user.is_authenticated else 0
