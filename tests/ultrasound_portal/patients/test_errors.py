"""The refusal says what to do."""

from ultrasound_portal.patients.errors import ErasureRefused


def test_it_is_a_sentence() -> None:
    assert str(ErasureRefused("Lift it first.")) == "Lift it first."
