"""The folder broker hands each message to one reader, whole."""

import threading
from pathlib import Path

import pytest
from kombu import Connection

MESSAGES = 40


def connect(folder: Path) -> Connection:
    return Connection(
        "filesystem://localhost",
        transport="ultrasound_portal.broker:Transport",
        transport_options={"folder": str(folder), "polling_interval": 0.01},
    )


def drain(folder: Path, queue: str) -> list[object]:
    taken = []
    with connect(folder) as connection, connection.SimpleQueue(queue) as box:
        while True:
            try:
                message = box.get(block=True, timeout=0.2)
            except box.Empty:
                return taken
            taken.append(message.payload)
            message.ack()


def test_messages_arrive_in_order_and_leave_nothing(tmp_path: Path) -> None:
    with connect(tmp_path) as connection, connection.SimpleQueue("portal") as box:
        for number in range(5):
            box.put({"number": number})
        assert box.qsize() == 5
    assert drain(tmp_path, "portal") == [{"number": number} for number in range(5)]
    assert [path for path in tmp_path.rglob("*.msg")] == []


def test_queues_do_not_mix(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        connection.SimpleQueue("portal").put("one")
        connection.SimpleQueue("upkeep").put("two")
    assert drain(tmp_path, "portal") == ["one"]
    assert drain(tmp_path, "upkeep") == ["two"]


def test_of_many_readers_each_message_has_one_while_more_are_written(tmp_path: Path) -> None:
    taken: list[object] = []
    readers = [threading.Thread(target=lambda: taken.extend(drain(tmp_path, "portal"))) for _ in range(3)]
    for reader in readers:
        reader.start()
    with connect(tmp_path) as connection, connection.SimpleQueue("portal") as box:
        for number in range(MESSAGES):
            box.put(number)
    for reader in readers:
        reader.join()
    taken.extend(drain(tmp_path, "portal"))
    assert sorted(taken, key=str) == sorted(range(MESSAGES), key=str)


def test_what_is_not_acknowledged_comes_back_when_the_reader_closes(tmp_path: Path) -> None:
    with connect(tmp_path) as connection, connection.SimpleQueue("portal") as box:
        box.put("once")
        box.get(block=True, timeout=1)
    assert drain(tmp_path, "portal") == ["once"]


def test_a_message_that_a_power_cut_emptied_is_passed_over(tmp_path: Path) -> None:
    with connect(tmp_path) as connection, connection.SimpleQueue("portal") as box:
        box.put("whole")
        (tmp_path / "messages" / f"{0:020}_torn.portal.msg").touch()
    assert drain(tmp_path, "portal") == ["whole"]
    assert [path for path in tmp_path.rglob("*.msg")] == []


def test_a_message_that_cannot_be_written_leaves_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with connect(tmp_path) as connection, connection.SimpleQueue("portal") as box:
        monkeypatch.setattr(Path, "rename", fill)
        with pytest.raises(OSError, match="No space"):
            box.put("lost")
    assert [path for path in tmp_path.rglob("*.msg")] == []


def test_folders_are_private(tmp_path: Path) -> None:
    with connect(tmp_path / "broker") as connection, connection.SimpleQueue("portal") as box:
        box.put("x")
    folders = [tmp_path / "broker", *(tmp_path / "broker").iterdir()]
    assert {oct(folder.stat().st_mode & 0o777) for folder in folders} == {"0o700"}


def test_an_interrupted_write_is_not_read(tmp_path: Path) -> None:
    with connect(tmp_path) as connection, connection.SimpleQueue("portal") as box:
        box.put("whole")
        (tmp_path / "taken" / "0_half.portal.msg").write_text('{"bo')
    assert drain(tmp_path, "portal") == ["whole"]
