"""A logo that the child refuses, or that breaks it, is refused with the fault that the form knows."""

import pytest

from deid.engine import cage
from deid.engine.errors import CageBroken, HoldReason, Rejected, RejectReason
from deid.services.logos import repainted
from ultrasound_portal.clinics.errors import BrandFault, BrandRefused


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Rejected(RejectReason.TOO_LARGE), BrandFault.LOGO_SIZE),
        (Rejected(RejectReason.DAMAGED), BrandFault.LOGO_KIND),
        (CageBroken(HoldReason.CRASHED), BrandFault.LOGO_KIND),
    ],
    ids=["large", "damaged", "crash"],
)
def test_every_fault_is_a_refusal(fault: Exception, told: BrandFault, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> bytes:
        raise fault

    monkeypatch.setattr(cage.Cage, "repaint", failing)
    with pytest.raises(BrandRefused) as refused:
        repainted(b"anything")
    assert refused.value.fault is told
