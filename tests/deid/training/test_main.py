"""The steps of training as commands; needs PyTorch, which the training group of dependencies brings."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

from deid.training import __main__ as training

# the exporter of PyTorch warns of itself and of what it uses
LEGACY = "ignore::DeprecationWarning"
pytestmark = [pytest.mark.usefixtures("typefaces"), pytest.mark.timeout(900), pytest.mark.filterwarnings(LEGACY)]


def test_each_step_leaves_weights_or_their_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "LEARNT", tmp_path / "learnt.onnx")
    monkeypatch.setattr(training, "WEIGHTS", tmp_path / "network.onnx")
    monkeypatch.setattr(training, "SHOWN", 1)
    monkeypatch.setattr(training, "SCORES", tmp_path / "network.json")
    few = ["--shelf", str(tmp_path / "shelf"), "--screens", "2", "--steps", "2", "--examined", "1"]
    for step in ("paint", "learn", "eight-bits", "validate"):
        assert training.main([step, *few]) == 0
    assert (tmp_path / "learnt.onnx").stat().st_size > 500_000
    assert 100_000 < (tmp_path / "network.onnx").stat().st_size < 300_000
    scores = json.loads((tmp_path / "network.json").read_text())
    parts = {f"detector_on_{part}_screens" for part in ("seen", "plausible", "strange", "hard")}
    assert set(scores) == {"weights_sha256", *parts}


def test_a_step_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SystemExit) as refused:
        training.main(["dance"])
    assert refused.value.code == 2
