"""Files, folders and ZIPs are walked in order; what is unsafe is named and never read."""

import zipfile
from pathlib import Path

import pytest

from deid.engine.errors import Rejected, RejectReason
from deid.engine.sources import Source, walk


def found(root: Path, out: Path | None = None) -> list[Source]:
    return list(walk(root, leave_out=out or root / "nowhere"))


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def reason(source: Source) -> RejectReason:
    with pytest.raises(Rejected) as caught:
        source.read()
    return caught.value.reason


def test_folder_is_walked_in_order_without_the_results(tmp_path: Path) -> None:
    for name in ("b/2", "b/1", "a", "out/0001.dcm"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())

    sources = found(tmp_path, tmp_path / "out")

    assert [source.name for source in sources] == ["a", "b/1", "b/2"]
    assert sources[1].read() == b"b/1"


def test_single_file_is_named_by_itself(tmp_path: Path) -> None:
    (tmp_path / "x.dcm").write_bytes(b"x")

    assert [source.name for source in found(tmp_path / "x.dcm")] == ["x.dcm"]


def test_links_in_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert [source.name for source in found(tmp_path)] == ["real"]


def test_zip_members_are_read_one_by_one(tmp_path: Path) -> None:
    packed(tmp_path / "s.zip", {"d/1": b"one", "2": b"two"})

    inside, alone = found(tmp_path), found(tmp_path / "s.zip")

    assert [source.name for source in inside] == ["s.zip/d/1", "s.zip/2"]
    assert [source.name for source in alone] == ["d/1", "2"]
    assert [source.read() for source in alone] == [b"one", b"two"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../x", RejectReason.ZIP_UNSAFE_NAME),
        ("/x", RejectReason.ZIP_UNSAFE_NAME),
        ("a\\..\\x", RejectReason.ZIP_UNSAFE_NAME),
    ],
)
def test_unsafe_names_are_not_read(tmp_path: Path, name: str, expected: RejectReason) -> None:
    source = found(packed(tmp_path / "s.zip", {name: b"x", "fine": b"y"}))

    assert reason(source[0]) is expected
    assert source[1].read() == b"y"


def test_zip_in_a_zip_is_not_opened(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner", {"x": b"x"}).read_bytes()

    assert reason(found(packed(tmp_path / "s.zip", {"deep": inner}))[0]) is RejectReason.ZIP_NESTED


def test_damaged_and_empty_zips_are_named(tmp_path: Path) -> None:
    (tmp_path / "damaged.zip").write_bytes(b"PK\x03\x04nothing")
    packed(tmp_path / "empty.zip", {})

    damaged, empty = found(tmp_path)

    assert reason(damaged) is RejectReason.ZIP_DAMAGED
    assert reason(empty) is RejectReason.ZIP_EMPTY
