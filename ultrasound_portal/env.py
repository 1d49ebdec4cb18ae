"""Typed readers of environment variables; a refusal names the variable, never its value."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or the default; a variable without a default must be set."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set.")
    return default


def secret(name: str, default: str | None = None) -> str:
    """Return the variable, or the content of the file that NAME_FILE points to, or the default."""
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return text(name, default)
    if os.environ.get(name, "").strip():
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one.")
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ImproperlyConfigured(f"The file that {name}_FILE names cannot be read.") from None
    if not value:
        raise ImproperlyConfigured(f"The file that {name}_FILE names is empty.")
    return value


def flag(name: str, default: bool) -> bool:
    """Return a yes-or-no variable: 1, true, yes, on or 0, false, no, off."""
    value = text(name, "").lower()
    if not value:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0.")


def number(name: str, default: int, low: int, high: int) -> int:
    """Return a whole number from low to high, both included."""
    value = text(name, "")
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} must be a whole number from {low} to {high}.")
    return int(value)


def choice(name: str, default: str, allowed: frozenset[str]) -> str:
    """Return one of the allowed words."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of: {', '.join(sorted(allowed))}.")
    return value


def networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return addresses and networks that stand in the variable, separated by commas."""
    try:
        return tuple(ip_network(part.strip()) for part in text(name, "").split(",") if part.strip())
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be addresses or networks, separated by commas.") from None


def data_folder() -> Path:
    """Return the folder that holds everything the portal keeps: PORTAL_DATA, or `data` beside the code."""
    default = Path(__file__).resolve().parent.parent / "data"
    return Path(text("PORTAL_DATA", str(default))).expanduser().absolute()


def is_loopback(host: str) -> bool:
    """Say whether a host to listen on can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def keep_secret(path: Path, content: bytes) -> None:
    """Write a secret file so that it appears whole and 0600, and never over one that is there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return  # another process was first: its secret is the secret
    finally:
        draft.unlink()


def replace_secret(path: Path, content: bytes) -> None:
    """Write a secret file in the place of the one that is there; a reader sees the old or the new one, whole."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def destroy_secret(path: Path) -> None:
    """Write noise over a secret file, as far as the disk does what it is told, and remove it."""
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
