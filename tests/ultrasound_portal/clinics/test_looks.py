"""What a brand may say beside its name, and whether it tells where somebody was."""

from dataclasses import replace

import pytest

from ultrasound_portal.clinics.errors import BrandFault, BrandRefused
from ultrasound_portal.clinics.looks import HEIGHTS, Look, check_look, tells_place

GOOD = Look(web="hillside.example/scans", handle="@hillside.scans", qr=True, top=False, height=10)


@pytest.mark.parametrize("look", [Look(), GOOD, replace(GOOD, web="https://hillside.example")], ids=str)
def test_a_look_in_order_passes(look: Look) -> None:
    check_look(look)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"web": "javascript:alert(1)"}, BrandFault.WEB),
        ({"web": "hillside"}, BrandFault.WEB),
        ({"web": "hill side.example"}, BrandFault.WEB),
        ({"web": "a." + "b" * 80}, BrandFault.WEB),
        ({"handle": "hillside"}, BrandFault.HANDLE),
        ({"handle": "@hill side"}, BrandFault.HANDLE),
        ({"handle": "@" + "h" * 40}, BrandFault.HANDLE),
        ({"web": "", "qr": True}, BrandFault.NO_ADDRESS),
        ({"height": 7}, BrandFault.HEIGHT),
    ],
    ids=str,
)
def test_a_fault_is_named(changes: dict[str, str], fault: BrandFault) -> None:
    with pytest.raises(BrandRefused) as refused:
        check_look(replace(GOOD, **changes))  # type: ignore[arg-type]
    assert refused.value.fault is fault


def test_the_usual_height_is_among_the_heights() -> None:
    assert Look().height in HEIGHTS


@pytest.mark.requirement("R33")
@pytest.mark.parametrize(
    ("written", "tells"),
    [
        (("Hillside", "", "", ""), True),
        (("Your scan", "with love from HILLSIDE", "", ""), True),
        (("Your scan", "", "scans.example", ""), True),
        (("Your scan", "", "", "@someone"), True),
        (("Your scan", "www.example.org", "", ""), True),
        (("Your scan", "with love", "", ""), False),
    ],
    ids=str,
)
def test_a_brand_that_names_the_clinic_or_leads_to_it_tells_the_place(written: tuple[str, ...], tells: bool) -> None:
    assert tells_place("Hillside Scans of Elm", *written) is tells
