"""The network finds print and leaves speckle alone."""

import json
from hashlib import sha256
from importlib.resources import files

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.engine import detector, networks
from deid.engine.errors import Held, HoldReason

Pixels = npt.NDArray[np.uint8]


def speckle(rows: int, columns: int) -> Pixels:
    grain = np.random.default_rng(7).rayleigh(30.0, (rows, columns)).clip(0, 255).astype(np.uint8)
    return np.repeat(np.asarray(cv2.GaussianBlur(grain, (0, 0), 1.2))[..., np.newaxis], 3, axis=2)


def printed(picture: Pixels, text: str) -> tuple[Pixels, tuple[int, int, int, int]]:
    image = Image.fromarray(picture)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(16)
    pen.text((60, 90), text, fill=(250, 240, 200), font=font)
    left, top, right, bottom = (int(value) for value in pen.textbbox((60, 90), text, font=font))
    return np.asarray(image), (left, top, right, bottom)


@pytest.mark.parametrize("scale", [1.0, 1.25, 0.8])
@pytest.mark.parametrize("shape", [(200, 320), (243, 317)], ids=["even", "odd"])
def test_print_on_speckle_is_hot_and_the_rest_is_cold(shape: tuple[int, int], scale: float) -> None:
    picture, (left, top, right, bottom) = printed(speckle(*shape), "MORAVEC, Odile 12.03.1988")
    heat = detector.heat(picture, scale=scale)
    assert heat.shape == (-(-shape[0] // detector.CELL), -(-shape[1] // detector.CELL))
    assert heat.dtype == np.float32
    hot = heat > 0.5
    rows, columns = slice(top // 4, -(-bottom // 4)), slice(left // 4, -(-right // 4))
    assert hot[rows, columns].any(axis=0).mean() > 0.85
    hot[max(0, rows.start - 3) : rows.stop + 3, max(0, columns.start - 3) : columns.stop + 3] = False
    assert hot.mean() < 0.002


def test_a_picture_smaller_than_a_step_is_looked_at() -> None:
    assert detector.heat(np.zeros((3, 5, 3), np.uint8)).shape == (1, 2)


def test_the_scores_beside_the_weights_are_of_these_weights() -> None:
    scores = json.loads(files("deid.engine").joinpath("text_network.json").read_text())
    assert scores["weights_sha256"] == detector.weights_digest()
    plausible = scores["engine_on_plausible_screens"]
    assert plausible["screens"] >= 300
    left = plausible["outside_left_in_part"] + plausible["inside_left_in_part"]
    assert left <= 0.0015 * (plausible["outside_identifiers"] + plausible["inside_identifiers"])
    at_work = next(row for row in scores["detector_on_strange_screens"] if row["threshold"] == 0.1)
    assert at_work["inside_found"] > 0.98 * at_work["inside"]
    assert at_work["false_share"] < 0.01


def test_the_weights_were_made_of_the_trained_ones_and_say_the_same() -> None:
    trained = networks.opened(learnt := files("deid.training").joinpath("learnt.onnx").read_bytes())
    made = networks.opened(networks.weights_of("text_network.onnx"))
    assert made.get_modelmeta().custom_metadata_map == {"learnt_sha256": sha256(learnt).hexdigest()}
    picture, _ = printed(speckle(160, 320), "MORAVEC, Odile 12.03.1988")
    (meant,) = trained.run(None, {"picture": picture[np.newaxis]})
    said = detector.heat(picture)
    assert np.abs(said - meant[0]).max() < 0.25
    assert np.abs(said - meant[0]).mean() < 0.005


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("name", ["missing.onnx", "errors.py"], ids=["missing", "broken"])
def test_without_usable_weights_everything_is_held(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "_WEIGHTS", name)
    detector._session.cache_clear()
    with pytest.raises(Held) as held:
        detector.heat(np.zeros((16, 16, 3), np.uint8))
    assert held.value.reason is HoldReason.DETECTOR_FAILED
    detector._session.cache_clear()
