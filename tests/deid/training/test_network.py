"""The shape of the text network; needs PyTorch, which the training group of dependencies brings."""

import pytest

torch = pytest.importorskip("torch")

from deid.training.network import CELL, TextNetwork, fused  # noqa: E402 - only where PyTorch is


def test_one_logit_for_each_cell_and_few_weights() -> None:
    network = TextNetwork().eval()
    with torch.no_grad():
        logits = network(torch.zeros((2, 64, 96, 3), dtype=torch.uint8))
    assert tuple(logits.shape) == (2, 64 // CELL, 96 // CELL)
    assert sum(weight.numel() for weight in network.parameters()) < 200_000


def test_a_fused_network_says_the_same_and_has_nothing_left_to_normalise() -> None:
    network = TextNetwork()
    pictures = torch.randint(0, 256, (2, 64, 96, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        network.train()(pictures)
        before = network.eval()(pictures)
        after = fused(network)(pictures)
    assert torch.allclose(before, after, atol=1e-4)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in network.modules())
