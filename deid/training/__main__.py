"""Trains and examines the text network: paint screens, learn from them, reckon in eight bits, validate, examine.

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
from deid.training import eight_bits, exam, learning, screens, shelf, validation

# as they were learnt, in floats; the engine's are made of them
LEARNT = Path(str(files("deid.training"))) / "learnt.onnx"
WEIGHTS = Path(str(files("deid.engine"))) / "text_network.onnx"
SCORES = Path(str(files("deid.engine"))) / "text_network.json"

SCREENS, STEPS = 6000, 16000
VALIDATED, EXAMINED, SHOWN = 300, 400, 64
# seeds of one purpose are never used for another
_TRAINING_SEED, _VALIDATION_SEED, _EXAM_SEED, _SHOWN_SEED = 0, 1_000_000, 2_000_000, 3_000_000
# what is painted for each part of the validation: the last one is hard to see
_PARTS: dict[str, screens.Way] = {
    "seen": {"held_out": False},
    "plausible": {"held_out": True, "plausible": True},
    "strange": {"held_out": True},
    "hard": {"held_out": True, "density": "hard"},
}
_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the steps that were asked for and return the exit status."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        place = asked.shelf or Path(folder)
        for step in (asked.step,) if asked.step else _STEPS:
            _STEPS[step](asked, place)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/train", description=__doc__)
    parser.add_argument("step", nargs="?", choices=tuple(_STEPS), help="only this step")
    parser.add_argument("--shelf", type=Path, help="the folder of the painted crops, if they are to be kept")
    parser.add_argument("--screens", type=int, default=SCREENS, help="how many screens to paint")
    parser.add_argument("--steps", type=int, default=STEPS, help="how many batches to learn from")
    parser.add_argument("--examined", type=int, default=EXAMINED, help="how many screens to validate and to examine")
    parser.add_argument("--processes", type=int, default=2, help="how many processes paint")
    return parser


def _paint(asked: argparse.Namespace, place: Path) -> None:
    for done in shelf.fill(place, first_seed=_TRAINING_SEED, count=asked.screens, processes=asked.processes):
        _say(f"painted {done} of {asked.screens} screens")


def _learn(asked: argparse.Namespace, place: Path) -> None:
    lesson = learning.Lesson(asked.steps)
    network = learning.fresh(lesson)
    begun = time.monotonic()
    for step, loss in learning.learn(shelf.load(place), lesson, network):
        if step % 100 == 0:
            _say(f"step {step} of {asked.steps}, loss {loss:.3f}, {time.monotonic() - begun:.0f} s")
    learning.export(network, LEARNT)


def _in_eight_bits(_asked: argparse.Namespace, _place: Path) -> None:
    eight_bits.write(LEARNT, WEIGHTS, map(_shown, range(_SHOWN_SEED, _SHOWN_SEED + SHOWN)))


def _shown(seed: int) -> detector.Pixels:
    """Return a screen of which the network's own values are seen, with sides that it takes."""
    pixels = screens.paint(seed, held_out=False).pixels
    rows, columns = (side // detector.STEP * detector.STEP for side in pixels.shape[:2])
    return pixels[:rows, :columns]


def _validate(asked: argparse.Namespace, _place: Path) -> None:
    scores = _scores()
    seeds = range(_VALIDATION_SEED, _VALIDATION_SEED + min(VALIDATED, asked.examined))
    for part, way in _PARTS.items():
        found = validation.validate((screens.paint(seed, **way) for seed in seeds), detector.heat, _THRESHOLDS)
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


_STEPS = {
    "paint": _paint,
    "learn": _learn,
    "eight-bits": _in_eight_bits,
    "validate": _validate,
    "examine": _examine,
}


if __name__ == "__main__":
    sys.exit(main())
