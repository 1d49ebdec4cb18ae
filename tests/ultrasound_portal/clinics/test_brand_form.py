"""The form of the brand asks for what the service takes."""

from ultrasound_portal.clinics.brand_form import BrandForm


def test_a_brand_needs_no_second_line_and_no_logo() -> None:
    assert BrandForm({"name": "Hillside", "background": "#000000", "ink": "#ffffff"}).is_valid()
    assert not BrandForm({"name": "x" * 61, "background": "#000000", "ink": "#ffffff"}).is_valid()
