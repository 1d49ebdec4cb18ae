"""A folder of results holds whole results only, keeps their numbers, and belongs to one run at a time."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from deid.engine import durable
from deid.engine.ledger import Finished, ForeignResults, Ledger, LedgerBusy, content_of

FINDINGS = {"status": "clean", "reason": None}
SETTING = "setting"


def keep(
    ledger: Ledger, place: int, content: str, files: dict[str, bytes] | None = None, setting: str = SETTING
) -> int:
    number, _ = ledger.claim(place, content=content, setting=setting)
    made = {f"{number:04d}.png": b"still", f"{number:04d}.dcm": b"master"} if files is None else files
    ledger.keep(number, content=content, setting=setting, findings=FINDINGS, files=made)
    return number


def known(folder: Path, place: int, content: str, setting: str = SETTING) -> Finished | None:
    with Ledger(folder, places=9) as ledger:
        return ledger.claim(place, content=content, setting=setting)[1]


def shown(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".engine")


def parts(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".engine").glob("*.part"))


def test_a_kept_result_is_known_to_the_next_run(tmp_path: Path) -> None:
    with Ledger(tmp_path, places=3) as ledger:
        assert ledger.claim(1, content="a", setting=SETTING) == (1, None)
        ledger.keep(1, content="a", setting=SETTING, findings=FINDINGS, files={"0001.png": b"still"})

    found = known(tmp_path, 1, "a")
    assert found is not None
    assert (found.findings, found.sizes) == (FINDINGS, {"0001.png": 5})
    assert shown(tmp_path) == ["0001.png"]
    assert parts(tmp_path) == []


def test_another_setting_is_done_again_under_the_same_number(tmp_path: Path) -> None:
    with Ledger(tmp_path, places=3) as ledger:
        keep(ledger, 2, "a")
    with Ledger(tmp_path, places=3) as ledger:
        assert ledger.claim(1, content="a", setting="another") == (2, None)
        ledger.keep(2, content="a", setting="another", findings=FINDINGS, files={"0002.png": b"other"})
    assert shown(tmp_path) == ["0002.png"]
    assert known(tmp_path, 1, "a") is None
    assert known(tmp_path, 1, "a", "another") is not None


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"cut")])
def test_a_result_that_lost_a_file_is_done_again(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    with Ledger(tmp_path, places=1) as ledger:
        keep(ledger, 1, "a")
    harm(tmp_path / "0001.png")
    assert known(tmp_path, 1, "a") is None


def test_numbers_follow_the_content_and_new_inputs_get_fresh_ones(tmp_path: Path) -> None:
    with Ledger(tmp_path, places=3) as ledger:
        assert [keep(ledger, place, content) for place, content in enumerate("abc", start=1)] == [1, 2, 3]
    with Ledger(tmp_path, places=5) as ledger:
        numbers = [ledger.claim(place, content=name, setting=SETTING)[0] for place, name in enumerate("xacby", start=1)]
    assert numbers == [6, 1, 3, 2, 5]


def test_copies_of_one_input_are_results_of_their_own(tmp_path: Path) -> None:
    with Ledger(tmp_path, places=2) as ledger:
        assert [keep(ledger, place, "a") for place in (1, 2)] == [1, 2]
    with Ledger(tmp_path, places=3) as ledger:
        claims = [ledger.claim(place, content="a", setting=SETTING) for place in (1, 2, 3)]
    assert [(number, record is None) for number, record in claims] == [(1, False), (2, False), (3, True)]


def test_results_of_inputs_that_were_not_asked_for_are_counted_and_stay(tmp_path: Path) -> None:
    with Ledger(tmp_path, places=2) as ledger:
        keep(ledger, 1, "a")
        keep(ledger, 2, "b", files={})
        assert ledger.strangers() == 0
    with Ledger(tmp_path, places=1) as ledger:
        assert keep(ledger, 1, "c") == 3
        assert ledger.strangers() == 1
    assert shown(tmp_path) == ["0001.dcm", "0001.png", "0003.dcm", "0003.png"]


def test_a_result_with_fewer_files_takes_the_older_ones_away(tmp_path: Path) -> None:
    with Ledger(tmp_path, places=1) as ledger:
        keep(ledger, 1, "a", files={"0001.dcm": b"1", "0001.png": b"2", "0001.mp4": b"3"})
    with Ledger(tmp_path, places=1) as ledger:
        keep(ledger, 1, "a", files={}, setting="another")
    assert shown(tmp_path) == []


def test_parts_of_a_whole_result_get_their_names_at_the_next_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger(tmp_path, places=1) as ledger, monkeypatch.context() as patch:
        patch.setattr(Ledger, "_publish", lambda *_: None)
        keep(ledger, 1, "a")
    assert shown(tmp_path) == []
    assert len(parts(tmp_path)) == 2

    assert known(tmp_path, 1, "a") is not None
    assert shown(tmp_path) == ["0001.dcm", "0001.png"]
    assert parts(tmp_path) == []


def test_parts_without_a_line_of_the_journal_never_count(tmp_path: Path) -> None:
    with Ledger(tmp_path, places=1) as ledger:
        keep(ledger, 1, "a")
    (tmp_path / ".engine" / "0123456789abcdef-0001.png.part").write_bytes(b"half of a still")

    assert known(tmp_path, 1, "a") is not None
    assert (tmp_path / "0001.png").read_bytes() == b"still"
    assert parts(tmp_path) == []


@pytest.mark.parametrize(
    "tail",
    [
        b'{"number": 2, "content": "b"',
        b"\0\0\0\0",
        b"[]\n",
        b'{"number": 2}\n',
        b'{"number": 2, "content": "b", "setting": "", "attempt": "", "findings": {}, "sizes": {"../x": 1}}\n',
        b'{"number": 2, "content": "b", "setting": "setting", "attempt": "", "findings": {}, "sizes": {}}',
    ],
    ids=["torn", "zeros", "list", "short", "outside", "without-end"],
)
def test_a_torn_journal_counts_up_to_the_tear(tmp_path: Path, tail: bytes) -> None:
    with Ledger(tmp_path, places=2) as ledger:
        keep(ledger, 1, "a")
    journal = tmp_path / ".engine" / "journal.jsonl"
    sound = journal.read_bytes()
    journal.write_bytes(sound + tail)

    with Ledger(tmp_path, places=2) as ledger:
        assert ledger.claim(1, content="a", setting=SETTING)[1] is not None
        assert ledger.claim(2, content="b", setting=SETTING)[1] is None
    assert journal.read_bytes() == sound


def test_a_full_disk_leaves_neither_parts_nor_a_torn_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(tmp_path, places=2) as ledger:
        keep(ledger, 1, "a")
        journal = (tmp_path / ".engine" / "journal.jsonl").read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(durable, "write_at", half_written)
            for files in ({"0002.png": b"still"}, {}):
                with pytest.raises(OSError, match="No space left"):
                    ledger.keep(2, content="b", setting=SETTING, findings=FINDINGS, files=files)
        assert (tmp_path / ".engine" / "journal.jsonl").read_bytes() == journal
        assert parts(tmp_path) == []
        assert keep(ledger, 2, "b") == 2
    assert shown(tmp_path) == ["0001.dcm", "0001.png", "0002.dcm", "0002.png"]


def half_written(handle: int, data: bytes, position: int) -> None:
    os.pwrite(handle, data[: len(data) // 2], position)
    raise OSError(28, "No space left on device")


def test_one_run_at_a_time(tmp_path: Path) -> None:
    with Ledger(tmp_path, places=1), pytest.raises(LedgerBusy):
        Ledger(tmp_path, places=1)
    with Ledger(tmp_path, places=1):
        pass


def test_results_that_no_journal_knows_are_not_touched(tmp_path: Path) -> None:
    (tmp_path / "0001.png").touch()
    with pytest.raises(ForeignResults):
        Ledger(tmp_path, places=1)
    assert [path.name for path in tmp_path.iterdir()] == ["0001.png"]


def test_the_secret_lasts_until_it_is_forgotten(tmp_path: Path) -> None:
    secrets = []
    for _ in range(2):
        with Ledger(tmp_path, places=1) as ledger:
            secrets.append(ledger.secret())
    assert secrets[0] == secrets[1]
    assert len(secrets[0]) == 32
    assert (tmp_path / ".engine" / "secret").stat().st_mode & 0o777 == 0o600
    with Ledger(tmp_path, places=1) as ledger:
        ledger.forget_secret()
        assert ledger.secret() != secrets[0]


def test_a_half_written_secret_is_made_anew(tmp_path: Path) -> None:
    with Ledger(tmp_path, places=1) as ledger:
        (tmp_path / ".engine" / "secret").write_bytes(b"half")
        assert len(ledger.secret()) == 32


def test_the_journal_is_for_its_owner_and_names_no_source(tmp_path: Path) -> None:
    with Ledger(tmp_path, places=1) as ledger:
        keep(ledger, 1, content_of(b"bytes of a file"))
    assert (tmp_path / ".engine").stat().st_mode & 0o777 == 0o700
    (line,) = (tmp_path / ".engine" / "journal.jsonl").read_text().splitlines()
    assert set(json.loads(line)) == {"number", "content", "setting", "attempt", "findings", "sizes"}
