"""The comparison is of equal bytes, in turns, and says which way the ratio goes."""

from pathlib import Path

from benchmarks import vault
from benchmarks.vault import PlainReader, compare


def test_the_plain_reader_gives_what_the_vaults_would(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abcdefgh")
    reader = PlainReader(tmp_path / "x")
    assert (reader.size, b"".join(reader.read_range(2, 5))) == (8, b"cde")


def test_a_slower_sealed_side_is_a_ratio_below_one(monkeypatch) -> None:
    clock = iter([0.0, 3.0, 3.0, 5.0] * 3)
    monkeypatch.setattr(vault.time, "process_time", lambda: next(clock))
    size = 6 * vault.MIB
    found = compare(lambda: size, lambda: size, rounds=3)
    assert found == {"sealed_mib_s": 2.0, "plain_mib_s": 3.0, "ratio": 2 / 3}
