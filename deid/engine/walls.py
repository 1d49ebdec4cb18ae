"""Walls that a process puts round itself for good: no network, and no file but those it is shown.

Both need no privilege and no helper: Landlock (landlock(7), Linux 5.13) for files and a seccomp filter (seccomp(2)) for
system calls. Where the kernel or a container's own filter forbids one, the other still stands and the process says so.
"""

import ctypes
import errno
import os
import platform
import socket
import struct
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

# access rights of linux/landlock.h
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READING = _EXECUTE | _READ_FILE | _READ_DIR
# which rights a version of the interface knows: all below this bit
_RIGHTS_BELOW = {1: 13, 2: 14, 3: 15, 4: 15}
_RIGHTS_SINCE_5 = 16
_NO_TCP, _NO_SIGNAL_OR_SOCKET = 0b11, 0b11
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1

_PR_SET_SECCOMP, _FILTER = 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_X32 = 0x40000000
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
# sockets, ptrace, mounts, keyring, kernel modules, bpf, other processes' memory, namespaces, handles, io_uring
_REFUSED = {
    "x86_64": (
        0xC000003E,
        (41, 42, 53, 101, 165, 166, 175, 248, 249, 250, 272, 298, 304, 308, 310, 311, 313, 321, 323, 425, 438),
    ),
    "aarch64": (
        0xC00000B7,
        (198, 199, 203, 117, 40, 39, 105, 217, 218, 219, 97, 241, 265, 268, 270, 271, 273, 280, 282, 425, 438),
    ),
}

_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/localtime")
_MACHINE = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/dev/urandom", "/dev/zero")


@dataclass(frozen=True, slots=True)
class Walls:
    """Which walls stand: `files` (Landlock) and `network` (seccomp)."""

    files: bool
    network: bool


def surround(*, scratch: str, readable: Iterable[str] = ()) -> None:
    """Confine this process, which must have one thread and `no_new_privs`, and all that it will start.

    Where the system refuses a wall it stays away, which `standing` tells. The process keeps the system's programs,
    Python, the paths in `readable`, and `scratch`, the one folder it may write to.
    """
    if len(os.listdir("/proc/self/task")) != 1:
        raise RuntimeError("walls are put up before the first thread starts")
    reading = [*_SYSTEM, *_MACHINE, sys.prefix, sys.base_prefix, *readable]
    _restrict_files(reading, [scratch, "/dev/null"])
    _refuse_calls()


def standing() -> Walls:
    """Say which walls hold, by leaning against them."""
    return Walls(files=_is_refused(lambda: os.listdir("/")), network=_is_refused(lambda: socket.socket().close()))


def _is_refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except PermissionError:
        return True
    return False


def _restrict_files(reading: Sequence[str], writing: Sequence[str]) -> None:
    version = _call(_CREATE_RULESET, None, 0, _VERSION)
    if version < 1:
        return
    rights = (1 << _RIGHTS_BELOW.get(version, _RIGHTS_SINCE_5)) - 1
    fields = [rights] + [_NO_TCP] * (version >= 4) + [_NO_SIGNAL_OR_SOCKET] * (version >= 6)
    asked = struct.pack(f"{len(fields)}Q", *fields)
    rules = _call(_CREATE_RULESET, asked, len(asked), 0)
    if rules < 0:
        return
    try:
        for path in reading:
            _open_up(rules, path, _READING & rights)
        for path in writing:
            _open_up(rules, path, rights)
        _call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _open_up(rules: int, path: str, rights: int) -> None:
    """Allow `rights` at and below a path; what is not there needs no rule."""
    if not Path(path).exists():
        return
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = rights if Path(path).is_dir() else rights & _OF_FILES
        if _call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", allowed, handle), 0):
            raise OSError(ctypes.get_errno(), "the system refused a rule")
    finally:
        os.close(handle)


def _refuse_calls() -> None:
    """Answer EPERM to calls that reach out of this process, and to every call of a foreign kind."""
    if platform.machine() not in _REFUSED:
        return
    architecture, numbers = _REFUSED[platform.machine()]
    last = len(numbers) + 1  # distance of the refusal from the first comparison of numbers
    lines = [(_LOAD, 0, 0, _ARCHITECTURE_AT), (_EQUAL, 0, last + 2, architecture), (_LOAD, 0, 0, _NUMBER_AT)]
    lines += [(_AT_LEAST, last, 0, _X32)]
    lines += [(_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    lines += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    program = struct.pack("HxxxxxxP", len(lines), ctypes.addressof(code))
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_SECCOMP, _FILTER, program, 0, 0)


def _call(number: int, *arguments: bytes | int | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    wide = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return int(libc.syscall(ctypes.c_long(number), *wide))
