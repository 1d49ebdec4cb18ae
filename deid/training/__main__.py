"""Trains and examines the text network: paint screens, learn from them, validate, examine the whole engine.

`python -m deid.training` goes through all steps as the weights in the engine were made; each step can be run alone.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from deid.engine import detector
from deid.training import exam, learning, screens, shelf, validation
from deid.training.network import TextNetwork, fused

WEIGHTS = Path(str(files("deid.engine"))) / "text_network.onnx"
SCORES = Path(str(files("deid.engine"))) / "text_network.json"

SCREENS, STEPS = 6000, 16000
# a second, shorter lesson from further screens, half of them hard
FURTHER_SCREENS, FURTHER_STEPS = 2500, 1500
VALIDATED, EXAMINED = 300, 600
# seeds of one purpose are never used for another
_TRAINING_SEED, _VALIDATION_SEED, _EXAM_SEED = 0, 1_000_000, 2_000_000
_DENSITIES = ("screen", "dense")
_FURTHER_DENSITIES = ("hard", "screen", "hard", "dense")
_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the steps that were asked for and return the exit status."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        place = asked.shelf or Path(folder)
        steps = (asked.step,) if asked.step else ("paint", "learn", "validate", "examine")
        for step in steps:
            {"paint": _paint, "learn": _learn, "validate": _validate, "examine": _examine}[step](asked, place)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/train", description=__doc__)
    parser.add_argument("step", nargs="?", choices=("paint", "learn", "validate", "examine"), help="only this step")
    parser.add_argument("--shelf", type=Path, help="the folder of the painted crops, if they are to be kept")
    parser.add_argument("--screens", type=int, default=SCREENS, help="how many screens to paint")
    parser.add_argument("--steps", type=int, default=STEPS, help="how many batches to learn from")
    parser.add_argument("--further-screens", type=int, default=FURTHER_SCREENS, help="how many for the second lesson")
    parser.add_argument("--further-steps", type=int, default=FURTHER_STEPS, help="how many batches of those")
    parser.add_argument("--examined", type=int, default=EXAMINED, help="how many screens to validate and to examine")
    parser.add_argument("--processes", type=int, default=2, help="how many processes paint")
    return parser


def _paint(asked: argparse.Namespace, place: Path) -> None:
    first = range(_TRAINING_SEED, _TRAINING_SEED + asked.screens)
    further = range(first.stop, first.stop + asked.further_screens)
    for folder, seeds, densities in (
        (place / "first", first, _DENSITIES),
        (place / "second", further, _FURTHER_DENSITIES),
    ):
        for done in shelf.fill(folder, seeds, densities=densities, processes=asked.processes):
            _say(f"painted {done} of {len(seeds)} screens for the {folder.name} lesson")


def _learn(asked: argparse.Namespace, place: Path) -> None:
    """Learn from all kinds of screens, then with fused normalisations from hard ones too, at a lower rate."""
    lesson = learning.Lesson(asked.steps)
    network = learning.fresh(lesson)
    _study(place / "first", lesson, network)
    network = fused(network)
    _study(place / "second", learning.Lesson(asked.further_steps, rate=1e-3, missed=0.3, seed=21), network)
    learning.export(network, WEIGHTS)


def _study(folder: Path, lesson: learning.Lesson, network: TextNetwork) -> None:
    begun = time.monotonic()
    for step, loss in learning.learn(shelf.load(folder), lesson, network):
        if step % 100 == 0:
            _say(f"{folder.name}: step {step} of {lesson.steps}, loss {loss:.3f}, {time.monotonic() - begun:.0f} s")


def _validate(asked: argparse.Namespace, _place: Path) -> None:
    scores = _scores()
    for part, held_out in (("seen", False), ("plausible", True), ("strange", True)):
        plausible = part == "plausible"
        seeds = range(_VALIDATION_SEED, _VALIDATION_SEED + min(VALIDATED, asked.examined))
        painted = (screens.paint(seed, held_out=held_out, plausible=plausible) for seed in seeds)
        found = validation.validate(painted, detector.heat, _THRESHOLDS)
        scores[f"detector_on_{part}_screens"] = [finding.summary() for finding in found]
        for finding in found:
            _say(f"{part}: {finding.summary()}")
    _write(scores)


def _examine(asked: argparse.Namespace, _place: Path) -> None:
    scores = _scores()
    for part in ("plausible", "strange"):
        marks = []
        seeds = range(_EXAM_SEED, _EXAM_SEED + asked.examined)
        for mark in exam.examine(seeds, plausible=part == "plausible", processes=asked.processes):
            marks.append(mark)
            _say(f"examined {len(marks)} of {asked.examined} {part} screens")
        scores[f"engine_on_{part}_screens"] = exam.summary(marks)
        _write(scores)
        _say(json.dumps(scores[f"engine_on_{part}_screens"], indent=2))


def _scores() -> dict[str, object]:
    """Return the scores that were written for these very weights, or none."""
    digest = detector.weights_digest()
    if SCORES.exists():
        scores: dict[str, object] = json.loads(SCORES.read_text())
        if scores.get("weights_sha256") == digest:
            return scores
    return {"weights_sha256": digest}


def _write(scores: dict[str, object]) -> None:
    SCORES.write_text(json.dumps(scores, indent=2) + "\n")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
