"""The engine on the command line: neutral names, a report for each input, and an honest exit status."""

import json
import zipfile
from pathlib import Path

import pytest

from deid.engine.__main__ import main
from deid.phantoms.dicom import to_dicom
from deid.phantoms.painting import paint
from deid.phantoms.spec import Spec, Subject
from deid.phantoms.studies import FIRST


@pytest.fixture(scope="module")
def still() -> bytes:
    return to_dicom(paint(Spec(FIRST, subject=Subject.ABDOMEN, width=480, height=360)), FIRST)


def test_bad_file_does_not_stop_the_others(tmp_path: Path, still: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "Ellingsen.dcm").write_bytes(b"no picture")
    with zipfile.ZipFile(source / "study.zip", "w") as archive:
        archive.writestr("a/1", still)
    (source / "brand.json").write_text('{"name": "Harbour", "line": "With love", "ink": "#ffffff"}')

    status = main([str(source), "--out", str(out), "--brand", str(source / "brand.json"), "--jobs", "2"])

    report = json.loads((out / "report.json").read_text())
    assert status == 1
    assert [entry["source"] for entry in report] == ["Ellingsen.dcm", "brand.json", "study.zip/a/1"]
    assert [entry["status"] for entry in report] == ["rejected", "rejected", "clean"]
    assert report[0]["reason"] == "not_dicom"
    assert report[2]["outputs"] == {"dicom": "0003.dcm", "still": "0003.png", "film": None}
    assert {"x", "y", "w", "h", "first_frame", "last_frame", "why"} == set(report[2]["boxes"][0])
    assert sorted(path.name for path in out.iterdir()) == ["0003.dcm", "0003.png", "report.json"]
    assert "Ellingsen" not in capsys.readouterr().err


def test_all_clean_exits_with_nought(tmp_path: Path, still: bytes) -> None:
    (tmp_path / "one.dcm").write_bytes(still)
    report = tmp_path / "elsewhere.json"

    status = main([str(tmp_path / "one.dcm"), "--out", str(tmp_path / "out"), "--report", str(report)])

    assert status == 0
    assert json.loads(report.read_text())[0]["source"] == "one.dcm"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["missing.dcm", "--out", "OUT"],
        ["SRC"],
        ["SRC", "--out", "OUT", "--jobs", "0"],
        ["SRC", "--out", "OUT", "--brand", "SRC/bad.json"],
        ["SRC", "--out", "OUT", "--secret-file", "SRC/short"],
    ],
)
def test_bad_usage_exits_with_two(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "bad.json").write_text('{"line": "no name"}')
    (tmp_path / "short").write_text("short")
    filled = [part.replace("SRC", str(tmp_path)).replace("OUT", str(tmp_path / "o")) for part in arguments]

    with pytest.raises(SystemExit) as caught:
        main(filled)

    assert caught.value.code == 2


def test_empty_folder_is_bad_usage(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(SystemExit) as caught:
        main([str(tmp_path / "empty"), "--out", str(tmp_path / "out")])

    assert caught.value.code == 2
