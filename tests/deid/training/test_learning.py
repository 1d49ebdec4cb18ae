"""Learning, with PyTorch, from a very small shelf."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

torch = pytest.importorskip("torch")

from deid.training import learning  # noqa: E402 - only where PyTorch is
from deid.training.shelf import SIDE, Shelf  # noqa: E402
from deid.training.targets import CELL, NO_MATTER, NO_TEXT, TEXT, UNIT  # noqa: E402

# the exporter of PyTorch warns of itself and of what it uses
LEGACY = "ignore::DeprecationWarning"
pytestmark = [pytest.mark.timeout(600), pytest.mark.filterwarnings(LEGACY)]


def small_shelf() -> Shelf:
    """Dark crops with bright stripes where text is to be found."""
    rng = np.random.default_rng(1)
    cells = np.where(rng.random((32, 8, 1)) < 0.2, TEXT, NO_TEXT).repeat(SIDE // CELL // 8, axis=1)
    cells = cells.repeat(SIDE // CELL, axis=2).astype(np.uint8)
    light = cells.repeat(CELL, axis=1).repeat(CELL, axis=2)[..., np.newaxis] * rng.integers(0, 2, (1, 1, SIDE, 1)) * 200
    return Shelf(np.repeat(light, 3, axis=3).astype(np.uint8), cells, np.full_like(cells, UNIT))


def taught() -> tuple[learning.TextNetwork, list[float]]:
    lesson = learning.Lesson(steps=12)
    network = learning.fresh(lesson)
    return network, [loss for _, loss in learning.learn(small_shelf(), lesson, network)]


def test_the_loss_falls_and_the_same_lesson_teaches_the_same(tmp_path: Path) -> None:
    first, losses = taught()
    second, again = taught()
    assert losses == again
    assert losses[-1] < losses[0]
    for one, two in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, two)


def test_the_exported_network_says_what_the_trained_one_does(tmp_path: Path) -> None:
    network, _ = taught()
    learning.export(network, tmp_path / "network.onnx")
    picture = np.random.default_rng(2).integers(0, 256, (1, 48, 80, 3), dtype=np.uint8)
    (said,) = onnxruntime.InferenceSession(tmp_path / "network.onnx").run(None, {"picture": picture})
    with torch.no_grad():
        meant = torch.sigmoid(network(torch.from_numpy(picture))).numpy()
    assert np.allclose(said, meant, atol=1e-4)


def test_cells_of_no_matter_cost_nothing() -> None:
    cells = torch.tensor([[[NO_TEXT, TEXT, NO_MATTER]]], dtype=torch.uint8)
    weights = torch.full((1, 1, 3), UNIT, dtype=torch.uint8)
    costs = [float(learning.loss(torch.tensor([[[0.0, 0.0, value]]]), cells, weights)) for value in (-9.0, 9.0)]
    assert costs[0] == costs[1]


def test_a_varied_crop_keeps_its_shape_and_shows_something() -> None:
    rng = np.random.default_rng(3)
    crop = rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    for _ in range(20):
        changed = learning.varied(crop, rng)
        assert (changed.shape, changed.dtype) == (crop.shape, np.uint8)
        assert changed.std() > 10
