"""Writes files so that they are whole on the disk or not there at all, also when the power goes."""

import errno
import os
import secrets
from pathlib import Path


def write(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Make a file that does not exist yet and wait until the disk has it. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        write_at(handle, data, 0)
    finally:
        os.close(handle)


def write_at(handle: int, data: bytes, position: int) -> None:
    """Write at a place of an open file and wait until the disk has it. Raises OSError."""
    rest = memoryview(data)
    while rest:
        written = os.pwrite(handle, rest, position)
        rest, position = rest[written:], position + written
    os.fsync(handle)


def replace(path: Path, data: bytes) -> None:
    """Put a file in the place of another, or leave what stood there. Raises OSError."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        write(part, data)
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    flush(path.parent)


def flush(folder: Path) -> None:
    """Make the names in a folder as durable as its files, where its file system can. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError as error:
        # network shares and some sticks cannot, and say so in this way
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(handle)
