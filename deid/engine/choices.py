"""Reads the files that say how a run is to clean: brand, policy and the secret of the pseudonyms."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from deid.engine import branding
from deid.engine.brand import Brand
from deid.engine.disclosure import STRICTEST, Disclosure, Purpose
from deid.engine.policy import Policy

_LEAST_SECRET = 16
_BRAND = {"name", "line", "background", "ink", "logo"}


def brand(path: Path) -> Brand:
    """Read a brand from a small JSON or TOML file; `logo` is a path beside it. Raises ValueError or OSError."""
    values = _values(path)
    if set(values) - _BRAND or not values.get("name"):
        raise ValueError("a brand has a name, and may have line, background, ink and logo")
    if not all(isinstance(value, str) for value in values.values()):
        raise ValueError("the values of a brand are texts")
    read = Brand(
        name=values["name"],
        line=values.get("line", ""),
        background=values.get("background", "#123047"),
        ink=values.get("ink", "#ffffff"),
        logo=(path.parent / values["logo"]).read_bytes() if values.get("logo") else None,
    )
    branding.draw(read, 640, 48)
    return read


def policy(path: Path) -> Policy:
    """Read a policy from a small JSON or TOML file; a missing key has its default. Raises ValueError or OSError."""
    return Policy.from_dict(_values(path))


def for_purpose(policy: Policy, purpose: str) -> Policy:
    """Return the policy with what is usual for a purpose. Raises ValueError where the policy says otherwise already."""
    usual = Disclosure.usual(Purpose(purpose))
    if policy.disclosure not in (STRICTEST, usual):
        raise ValueError("the policy says what is disclosed; give one of the two")
    return replace(policy, disclosure=usual)


def secret(path: Path) -> bytes:
    """Read the key of the pseudonyms, without the white space round it. Raises ValueError or OSError."""
    key = path.read_bytes().strip()
    if len(key) < _LEAST_SECRET:
        raise ValueError("the secret is shorter than 16 bytes")
    return key


def _values(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    try:
        values = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except RecursionError:
        raise ValueError("the file is nested too deeply") from None
    if isinstance(values, dict):
        return values
    raise ValueError("the file does not hold names and values")
