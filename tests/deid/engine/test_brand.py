"""A brand is plain data: two with the same values are the same."""

import dataclasses

import pytest

from deid.engine.brand import Brand

BRAND = Brand(name="Harbour Clinic", line="With love", background="#0f4c5c", ink="#ffffff")


def test_brand_has_no_logo_and_a_first_version_unless_told() -> None:
    assert (BRAND.logo, BRAND.version) == (None, 1)


def test_brand_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        BRAND.name = "Another"  # type: ignore[misc]
