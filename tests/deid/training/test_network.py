"""The shape of the text network; needs PyTorch, which the training group of dependencies brings."""

import pytest

torch = pytest.importorskip("torch")

from deid.training.network import CELL, TextNetwork  # noqa: E402 - only where PyTorch is


def test_one_logit_for_each_cell_and_few_weights() -> None:
    network = TextNetwork().eval()
    with torch.no_grad():
        logits = network(torch.zeros((2, 64, 96, 3), dtype=torch.uint8))
    assert tuple(logits.shape) == (2, 64 // CELL, 96 // CELL)
    assert sum(weight.numel() for weight in network.parameters()) < 200_000
