"""Many inputs become results and entries; a batch that is stopped or short of room is taken up where it was."""

import io
import json
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deid.engine import batch
from deid.engine.batch import Batch, Ending, Order, setting_of
from deid.engine.brand import Brand
from deid.engine.cage import Cage
from deid.engine.errors import CageBroken, HoldReason, RejectReason
from deid.engine.findings import Flag, Outcome, Outputs, Status
from deid.engine.geometry import Box, Why
from deid.engine.ledger import Ledger
from deid.engine.policy import KeptText, Policy
from deid.engine.progress import Progress
from deid.engine.sources import Source

ORDER = Order(policy=Policy(), jobs=2)
BRAND = Brand(name="Harbour", line="", background="#123456", ink="#ffffff")
Answer = Callable[[bytes], Outcome]


def outcome(data: bytes, *, status: Status = Status.CLEAN, reason: HoldReason | None = None) -> Outcome:
    return Outcome(
        status=status,
        reason=reason,
        boxes=(Box(x=1, y=2, w=3, h=4, first_frame=0, last_frame=0, why=Why.OUTSIDE),),
        outputs=Outputs(dicom=b"master of " + data, still=b"still of " + data),
        seconds={"decode": 0.12345678},
        rows=4,
        columns=4,
        frames=1,
        flags=frozenset({Flag.FETAL_SEX}),
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, bytes]]:
    """Answer in the children's place, and note each input with the secret."""
    return answering(monkeypatch, outcome)


def answering(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> list[tuple[bytes, bytes]]:
    seen: list[tuple[bytes, bytes]] = []

    def deidentify(_: Cage, data: bytes, *, secret: bytes, **__: object) -> Outcome:
        seen.append((data, secret))
        return answer(data)

    monkeypatch.setattr(Cage, "deidentify", deidentify)
    return seen


def sources(folder: Path, *names: str) -> list[Source]:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(name.encode())
    return [Source(name=name, path=folder / name) for name in names]


def run(out: Path, inputs: list[Source], order: Order = ORDER) -> Ending:
    out.mkdir(exist_ok=True)
    with Ledger(out, places=len(inputs)) as ledger, Progress(len(inputs), io.StringIO()) as progress:
        return Batch(order, ledger, progress).run(inputs)


def results(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir() if path.name != ".engine")


def test_an_entry_says_all_that_the_engine_found(tmp_path: Path, asked: list[tuple[bytes, bytes]]) -> None:
    ending = run(tmp_path / "out", sources(tmp_path / "in", "a"))
    assert ending == Ending(
        [
            {
                "source": "a",
                "status": "clean",
                "reason": None,
                "outputs": {"dicom": "0001.dcm", "still": "0001.png", "film": None},
                "boxes": [{"x": 1, "y": 2, "w": 3, "h": 4, "first_frame": 0, "last_frame": 0, "why": "outside"}],
                "flags": ["fetal_sex"],
                "seconds": {"decode": 0.1235},
            }
        ]
    )
    assert (tmp_path / "out" / "0001.png").read_bytes() == b"still of a"


def test_real_children_refuse_what_is_no_picture(tmp_path: Path) -> None:
    inputs = [*sources(tmp_path / "in", "a", "b"), Source("c", tmp_path / "gone")]
    inputs.append(Source("d", tmp_path / "d", refused=RejectReason.ZIP_DAMAGED))
    ending = run(tmp_path / "out", inputs)
    assert [entry["reason"] for entry in ending.entries] == ["not_dicom", "not_dicom", "damaged", "zip_damaged"]
    assert {entry["status"] for entry in ending.entries} == {"rejected"}
    assert results(tmp_path / "out") == []


def test_finished_inputs_are_not_done_again(tmp_path: Path, asked: list[tuple[bytes, bytes]]) -> None:
    inputs = sources(tmp_path / "in", "a", "b")
    first = run(tmp_path / "out", inputs)
    second = run(tmp_path / "out", inputs)
    assert second == first
    assert sorted(data for data, _ in asked) == [b"a", b"b"]


def test_a_changed_input_alone_is_done_again(tmp_path: Path, asked: list[tuple[bytes, bytes]]) -> None:
    inputs = sources(tmp_path / "in", "a", "b")
    run(tmp_path / "out", inputs)
    (tmp_path / "in" / "b").write_bytes(b"changed")
    ending = run(tmp_path / "out", inputs)
    assert [data for data, _ in asked[2:]] == [b"changed"]
    assert ending.entries[1]["outputs"]["still"] == "0003.png"


@pytest.mark.parametrize(
    "changes",
    [{"brand": BRAND}, {"policy": Policy(text=KeptText.NOTHING)}, {"secret": b"0123456789abcdef"}],
    ids=["brand", "policy", "secret"],
)
def test_a_changed_order_does_all_again(
    tmp_path: Path, asked: list[tuple[bytes, bytes]], changes: dict[str, Any]
) -> None:
    inputs = sources(tmp_path / "in", "a")
    run(tmp_path / "out", inputs)
    run(tmp_path / "out", inputs, replace(ORDER, **changes))
    assert len(asked) == 2
    assert results(tmp_path / "out") == ["0001.dcm", "0001.png"]


def test_another_engine_does_all_again(
    tmp_path: Path, asked: list[tuple[bytes, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = sources(tmp_path / "in", "a")
    run(tmp_path / "out", inputs)
    monkeypatch.setattr(batch, "_engine", lambda: "another")
    run(tmp_path / "out", inputs)
    assert len(asked) == 2


def test_settings_are_told_apart_and_hide_the_secret() -> None:
    logos = [replace(BRAND, logo=logo) for logo in (None, b"one", b"two")]
    orders = [ORDER, *(replace(ORDER, brand=brand) for brand in logos), replace(ORDER, secret=b"0123456789abcdef")]
    assert len({setting_of(order) for order in orders}) == len(orders)
    assert setting_of(replace(ORDER, jobs=7)) == setting_of(ORDER)
    assert "0123456789abcdef" not in repr(orders[-1])


@pytest.mark.parametrize("reason", [HoldReason.CRASHED, HoldReason.TIMED_OUT, HoldReason.OCR_MISSING])
def test_what_may_have_been_the_moment_is_tried_again_with_the_same_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: HoldReason
) -> None:
    def fault(data: bytes) -> Outcome:
        if data == b"b":
            raise CageBroken(reason)
        return outcome(data)

    inputs = sources(tmp_path / "in", "a", "b")
    first = answering(monkeypatch, fault)
    assert [entry["reason"] for entry in run(tmp_path / "out", inputs).entries] == [None, reason.value]
    again = answering(monkeypatch, outcome)
    assert [entry["reason"] for entry in run(tmp_path / "out", inputs).entries] == [None, None]
    assert [data for data, _ in again] == [b"b"]
    assert {secret for _, secret in first} == {secret for _, secret in again}
    assert not (tmp_path / "out" / ".engine" / "secret").exists()


def test_a_held_picture_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = answering(monkeypatch, lambda data: outcome(data, status=Status.HELD, reason=HoldReason.TEXT_LEFT))
    inputs = sources(tmp_path / "in", "a")
    for _ in range(2):
        assert run(tmp_path / "out", inputs).entries[0]["reason"] == "text_left"
    assert len(seen) == 1
    assert results(tmp_path / "out") == ["0001.dcm", "0001.png"]


def test_an_interrupted_batch_goes_on_with_its_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(data: bytes) -> Outcome:
        if data == b"b":
            raise KeyboardInterrupt
        return outcome(data)

    inputs = sources(tmp_path / "in", "a", "b", "c")
    first = answering(monkeypatch, interrupted)
    ending = run(tmp_path / "out", inputs, replace(ORDER, jobs=1))
    assert ending.stopped
    assert ending.entries[0]["source"] == "a"
    second = answering(monkeypatch, outcome)
    ending = run(tmp_path / "out", inputs)
    assert not ending.stopped
    assert [entry["outputs"]["still"] for entry in ending.entries] == ["0001.png", "0002.png", "0003.png"]
    assert b"a" not in [data for data, _ in second]
    assert len({secret for _, secret in first + second}) == 1


def test_a_child_ended_by_the_stop_is_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = threading.Event()

    def answer(data: bytes) -> Outcome:
        if data == b"b":
            raise KeyboardInterrupt
        assert closed.wait(20)
        raise CageBroken(HoldReason.CRASHED)

    answering(monkeypatch, answer)
    monkeypatch.setattr(Cage, "close", lambda _: closed.set())
    ending = run(tmp_path / "out", sources(tmp_path / "in", "a", "b"))
    assert ending == Ending([], stopped=True)


def test_a_full_disk_ends_the_batch_with_what_is_finished(
    tmp_path: Path, asked: list[tuple[bytes, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = Ledger.keep

    def full(ledger: Ledger, number: int, **values: Any) -> None:
        if number == 2:
            raise OSError(28, "No space left on device")
        keep(ledger, number, **values)

    inputs = sources(tmp_path / "in", "a", "b", "c")
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "keep", full)
        ending = run(tmp_path / "out", inputs, replace(ORDER, jobs=1))
    assert ending.fault is not None
    assert [entry["source"] for entry in ending.entries][:1] == ["a"]
    assert len(run(tmp_path / "out", inputs).entries) == 3


def test_names_that_are_no_text_are_shown_escaped(tmp_path: Path, asked: list[tuple[bytes, bytes]]) -> None:
    name = os.fsdecode(b"n\xff.dcm")
    ending = run(tmp_path / "out", [Source(name, sources(tmp_path / "in", "n")[0].path)])
    assert ending.entries[0]["source"] == "n\\xff.dcm"
    assert json.dumps(ending.entries, ensure_ascii=False).encode()
