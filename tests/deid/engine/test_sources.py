"""Files, folders and ZIPs are walked in order; what is unsafe is named and never read."""

import os
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


def test_what_cannot_be_opened_is_an_input_that_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder or file that the system does not give must not be left out in silence."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "locked").write_bytes(b"x")
    (tmp_path / "open").write_bytes(b"y")
    scandir, open_file = os.scandir, Path.open

    def no_folder(path: object) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    def no_file(path: Path, mode: str) -> object:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return open_file(path, mode)

    monkeypatch.setattr(os, "scandir", no_folder)
    monkeypatch.setattr(Path, "open", no_file)
    sources = found(tmp_path)

    assert [source.name for source in sources] == ["locked", "open", "closed"]
    assert [source.refused for source in sources] == [RejectReason.DAMAGED, None, RejectReason.DAMAGED]
    with pytest.raises(PermissionError):
        found(tmp_path / "closed")


def test_only_files_and_folders_are_sources(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "self").symlink_to(tmp_path / "self")

    assert found(tmp_path) == []
    for name in ("pipe", "self", "missing"):
        with pytest.raises(OSError, match=r"neither|symbolic links|No such"):
            found(tmp_path / name)


def test_a_loop_of_folders_is_walked_once(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "back").symlink_to(tmp_path)
    (tmp_path / "deep" / "x").write_bytes(b"x")

    assert [source.name for source in found(tmp_path)] == ["deep/x"]


def test_of_what_is_no_dicom_only_the_first_bytes_are_read(tmp_path: Path) -> None:
    (tmp_path / "film").write_bytes(bytes(5000))
    (tmp_path / "picture").write_bytes(bytes(128) + b"DICM" + bytes(5000))
    packed(tmp_path / "s.zip", {"bomb": bytes(50_000_000), "picture": bytes(128) + b"DICM" + bytes(5000)})

    assert [len(source.read()) for source in found(tmp_path)] == [132, 5132, 132, 5132]


def test_a_file_over_the_budget_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deid.engine.sources.MAX_BYTES", 1000)
    (tmp_path / "picture").write_bytes(bytes(128) + b"DICM" + bytes(5000))

    assert reason(found(tmp_path)[0]) is RejectReason.TOO_LARGE


def test_a_zip_is_read_anew_after_a_change(tmp_path: Path) -> None:
    packed(tmp_path / "s.zip", {"x": b"one"})
    assert found(tmp_path)[0].read() == b"one"
    packed(tmp_path / "s.zip", {"x": b"another"})
    assert found(tmp_path)[0].read() == b"another"
