"""The engine on the command line: neutral names, a report for each input, and an honest exit status."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from deid.engine import rendering
from deid.engine.__main__ import main
from deid.phantoms.dicom import Wrapping, to_dicom
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


FIELDS = {"source", "status", "reason", "outputs", "boxes", "seconds"}
STAGES = {"decode", "area", "text", "plan", "tags", "redact", "render", "encode", "verify"}


@pytest.fixture(scope="module")
def page() -> bytes:
    return to_dicom(paint(Spec(FIRST, subject=Subject.REPORT, width=480, height=360)), FIRST, Wrapping(regions=False))


@pytest.fixture(scope="module")
def cine() -> bytes:
    return to_dicom(paint(Spec(FIRST, subject=Subject.ABDOMEN, width=320, height=240, frames=3)), FIRST)


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def report_of(out: Path) -> list[dict[str, Any]]:
    return json.loads((out / "report.json").read_text())


def test_report_says_of_each_input_what_became_of_it(
    tmp_path: Path, still: bytes, page: bytes, cine: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """The fields of section 7 of the architecture, for a still, a film and a page that has to be held."""
    source, out = tmp_path / "in", tmp_path / "out"
    (source / "deep").mkdir(parents=True)
    for name, data in (("a", still), ("b", page), ("deep/c", cine)):
        (source / name).write_bytes(data)

    status = main([str(source), "--out", str(out), "--jobs", "2"])

    report = report_of(out)
    assert status == 1
    assert [entry["source"] for entry in report] == ["a", "b", "deep/c"]
    assert [entry["status"] for entry in report] == ["clean", "held", "clean"]
    assert [entry["reason"] is None for entry in report] == [True, False, True]
    assert [entry["outputs"] for entry in report] == [
        {"dicom": "0001.dcm", "still": "0001.png", "film": None},
        {"dicom": "0002.dcm", "still": "0002.png", "film": None},
        {"dicom": "0003.dcm", "still": "0003.png", "film": "0003.mp4"},
    ]
    for entry in report:
        assert set(entry) == FIELDS
        assert set(entry["seconds"]) >= STAGES
        assert all(spent >= 0 for spent in entry["seconds"].values())
        for name in entry["outputs"].values():
            assert name is None or (out / name).stat().st_size > 0
    assert {box["last_frame"] for box in report[2]["boxes"]} == {2}
    assert sorted(capsys.readouterr().err.split()) == ["1/3", "2/3", "3/3", "clean", "clean", "held"]


def test_zip_is_read_member_by_member(tmp_path: Path, still: bytes) -> None:
    inner = packed(tmp_path / "inner.zip", {"x": still}).read_bytes()
    members = {"good": still, "bad": b"no picture", "inner.zip": inner, "../outside": still}
    archive, out = packed(tmp_path / "study.zip", members), tmp_path / "out"

    status = main([str(archive), "--out", str(out)])

    report = report_of(out)
    assert status == 1
    assert [entry["source"] for entry in report] == ["good", "bad", "inner.zip", "../outside"]
    assert [entry["reason"] for entry in report] == [None, "not_dicom", "zip_nested", "zip_unsafe_name"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inner.zip", "out", "study.zip"]
    assert sorted(path.name for path in out.iterdir()) == ["0001.dcm", "0001.png", "report.json"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("brand.json", '{"name": "Harbour", "background": "#0f4c5c", "ink": "#ffffff"}'),
        ("brand.toml", 'name = "Harbour"\nbackground = "#0f4c5c"\n'),
    ],
)
def test_brand_stands_on_the_still(tmp_path: Path, still: bytes, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "one").write_bytes(still)

    status = main([str(tmp_path / "one"), "--out", str(tmp_path / "out"), "--brand", str(tmp_path / name)])

    assert status == 0
    shown = rendering.picture_of((tmp_path / "out" / "0001.png").read_bytes())
    assert (shown[0] == (15, 76, 92)).all()


def test_same_secret_gives_the_same_pseudonyms(tmp_path: Path, still: bytes) -> None:
    (tmp_path / "secret").write_bytes(b"0123456789abcdef")
    (tmp_path / "one").write_bytes(still)

    for out in ("first", "second"):
        secret = ["--secret-file", str(tmp_path / "secret")]
        assert main([str(tmp_path / "one"), "--out", str(tmp_path / out), *secret]) == 0

    assert (tmp_path / "first" / "0001.dcm").read_bytes() == (tmp_path / "second" / "0001.dcm").read_bytes()


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
        ["SRC", "--out", "OUT", "--jobs", "many"],
        ["SRC", "--out", "OUT", "--brand", "SRC/missing.json"],
        ["SRC", "--out", "OUT", "--brand", "SRC/bad.json"],
        ["SRC", "--out", "OUT", "--brand", "SRC/odd.json"],
        ["SRC", "--out", "OUT", "--brand", "SRC/list.json"],
        ["SRC", "--out", "OUT", "--brand", "SRC/colour.json"],
        ["SRC", "--out", "OUT", "--brand", "SRC/logo.json"],
        ["SRC", "--out", "OUT", "--secret-file", "SRC/short"],
    ],
)
def test_bad_usage_exits_with_two(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "bad.json").write_text('{"line": "no name"}')
    (tmp_path / "odd.json").write_text('{"name": "Harbour", "motto": "no such value"}')
    (tmp_path / "list.json").write_text('["Harbour"]')
    (tmp_path / "colour.json").write_text('{"name": "Harbour", "ink": "no colour"}')
    (tmp_path / "logo.json").write_text('{"name": "Harbour", "logo": "odd.json"}')
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
