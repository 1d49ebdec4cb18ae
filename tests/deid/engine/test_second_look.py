"""What was written is searched again: text that nobody meant to keep is marked, in the frames that show it."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.engine import framing, planning, redaction, second_look
from deid.engine.brand import Brand
from deid.engine.geometry import Box, Why
from deid.engine.planning import Plan
from deid.engine.reading import Text

Pixels = npt.NDArray[np.uint8]
ROWS, COLUMNS = 240, 400
NAME = "MORAVEC, Odile 12.03.1988"
PLACE = (80, 120)


def speckle(seed: int = 7) -> Pixels:
    grain = np.random.default_rng(seed).rayleigh(30.0, (ROWS, COLUMNS)).clip(0, 255).astype(np.uint8)
    return np.repeat(np.asarray(cv2.GaussianBlur(grain, (0, 0), 1.2))[..., np.newaxis], 3, axis=2)


def printed(words: str, place: tuple[int, int] = PLACE, seed: int = 7) -> tuple[Pixels, Text]:
    """Return speckle with `words` on it and where they stand."""
    image = Image.fromarray(speckle(seed))
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(16)
    pen.text(place, words, fill=(250, 240, 200), font=font)
    left, top, right, bottom = (int(value) for value in pen.textbbox(place, words, font=font))
    return np.asarray(image), Text(left, top, right - left, bottom - top, 0, 0, words=words, confidence=95.0)


def plan_for(*, covers: tuple[Box, ...] = (), staying: tuple[Text, ...] = (), frames: int = 1) -> Plan:
    kept = np.zeros((ROWS, COLUMNS), dtype=np.bool_)
    kept[20:220, 30:380] = True
    return Plan(kept=kept, covers=covers, frames=frames, staying=staying)


def looked(plan: Plan, *pictures: Pixels, matches: str = "MORAVEC") -> list[Box]:
    look = second_look.SecondLook(plan, seconds=60.0, matches=lambda words: matches in words)
    for index, picture in enumerate(pictures):
        look.take(picture, first_frame=index, last_frame=index)
    return look.left()


def hides(boxes: list[Box], text: Text) -> float:
    """Return the share of a text's rectangle that lies under boxes."""
    mask = np.zeros((ROWS, COLUMNS), dtype=np.bool_)
    for box in boxes:
        mask[box.y : box.y + box.h, box.x : box.x + box.w] = True
    return float(mask[text.y : text.y + text.h, text.x : text.x + text.w].mean())


@pytest.mark.requirement("R36")
def test_a_name_left_is_marked() -> None:
    picture, name = printed(NAME)
    boxes = looked(plan_for(), picture)

    assert hides(boxes, name) > 0.95
    assert {box.why for box in boxes} == {Why.TEXT_LEFT}
    assert sum(box.w * box.h for box in boxes) < 4 * name.w * name.h


def test_a_picture_without_text_has_none_left() -> None:
    assert looked(plan_for(), speckle()) == []


def test_text_outside_the_area_is_not_asked_for() -> None:
    picture, _ = printed(NAME, (60, 1))

    assert looked(plan_for(), picture) == []


@pytest.mark.requirement("R36")
def test_a_filled_cover_hides_its_text_from_the_second_look() -> None:
    picture, name = printed(NAME)
    cover = planning.cover(name, (ROWS, COLUMNS), why=Why.IDENTIFIER)
    plan = plan_for(covers=(cover,))

    assert looked(plan, redaction.apply(picture, plan.kept, plan.covers, index=0)) == []


@pytest.mark.requirement("R36")
def test_half_a_name_beside_its_cover_is_left() -> None:
    picture, name = printed(NAME)
    half = Box(name.x - 4, name.y - 4, name.w // 2, name.h + 8, 0, 0, Why.IDENTIFIER)
    plan = plan_for(covers=(half,))
    boxes = looked(plan, redaction.apply(picture, plan.kept, plan.covers, index=0))

    rest = Text(name.x + name.w // 2, name.y, name.w - name.w // 2, name.h, 0, 0)
    assert hides(boxes, rest) > 0.9


def test_words_that_stay_are_not_left() -> None:
    picture, words = printed("BPD 52.8 mm")

    assert looked(plan_for(staying=(words,)), picture) == []
    assert hides(looked(plan_for(), picture), words) > 0.9


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("frames", [1, 2], ids=["still", "film"])
def test_words_that_stay_are_read_again_and_go_where_they_identify(frames: int) -> None:
    picture, words = printed("MORAVEC")
    plan = plan_for(staying=(words,), frames=frames)

    assert hides(looked(plan, *[picture] * frames), words) == 1.0


def test_text_is_marked_in_the_frames_that_show_it() -> None:
    pictures = [printed(NAME, seed=index)[0] if index in (2, 3) else speckle(index) for index in range(6)]
    name = printed(NAME)[1]
    boxes = [box for box in looked(plan_for(frames=6), *pictures) if hides([box], name)]

    assert boxes
    assert all((box.first_frame, box.last_frame) == (2, 3) for box in boxes)


def test_the_clinics_strip_is_not_text_left() -> None:
    """A clinic may be called as a patient is; only what stands in the picture is looked at."""
    plan = plan_for()
    brand = Brand(name="MORAVEC", line="Odile", background="#0f4c5c", ink="#ffffff")
    frame = framing.of(brand, plan.kept)

    assert looked(plan, frame.source_of(frame.picture_of(speckle()))) == []


def test_nothing_kept_nothing_left() -> None:
    picture, _ = printed(NAME)
    plan = Plan(kept=np.zeros((ROWS, COLUMNS), dtype=np.bool_), covers=(), frames=1)

    assert looked(plan, picture) == []
