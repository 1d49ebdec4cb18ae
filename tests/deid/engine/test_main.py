"""The engine on the command line: neutral names, a report for each input, and an honest exit status."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread

from deid.engine import png
from deid.engine.__main__ import main
from deid.phantoms.dicom import Wrapping, to_dicom
from deid.phantoms.painting import paint
from deid.phantoms.spec import Spec, Subject
from deid.phantoms.studies import FIRST
from tests.journeys.leaks import identifiers, leaks


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
    assert sorted(path.name for path in out.iterdir()) == [".engine", "0003.dcm", "0003.png", "report.json"]
    assert "Ellingsen" not in capsys.readouterr().err


FIELDS = {"source", "status", "reason", "outputs", "boxes", "flags", "seconds"}
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
    assert capsys.readouterr().err.splitlines()[-1] == "3/3 done, 1 held, 0 rejected"


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
    assert sorted(path.name for path in out.iterdir()) == [".engine", "0001.dcm", "0001.png", "report.json"]


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
    shown = png.decoded((tmp_path / "out" / "0001.png").read_bytes())
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
        ["SRC", "--out", "OUT", "--policy", "SRC/odd.json"],
        ["SRC", "--out", "OUT", "--policy", "SRC/missing.json"],
        ["SRC", "--out", "OUT", "--purpose", "publication"],
        ["SRC", "--out", "SRC/bad.json"],
        ["SRC", "--out", "SRC"],
        ["SRC/bad.json", "--out", "SRC"],
        ["SRC", "--out", "OUT", "--report", "SRC/bad.json"],
        ["SRC", "--out", "OUT", "--report", "SRC"],
        ["SRC", "--out", "OUT", "--report", "SRC/missing/report.json"],
        ["SRC/pipe", "--out", "OUT"],
        ["SRC", "--out", "SRC/results"],
    ],
)
def test_bad_usage_exits_with_two(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "bad.json").write_text('{"line": "no name"}')
    (tmp_path / "odd.json").write_text('{"name": "Harbour", "motto": "no such value"}')
    (tmp_path / "list.json").write_text('["Harbour"]')
    (tmp_path / "colour.json").write_text('{"name": "Harbour", "ink": "no colour"}')
    (tmp_path / "logo.json").write_text('{"name": "Harbour", "logo": "odd.json"}')
    (tmp_path / "short").write_text("short")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "0001.png").touch()
    os.mkfifo(tmp_path / "pipe")
    filled = [part.replace("SRC", str(tmp_path)).replace("OUT", str(tmp_path / "o")) for part in arguments]

    with pytest.raises(SystemExit) as caught:
        main(filled)

    assert caught.value.code == 2


def test_empty_folder_is_bad_usage(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(SystemExit) as caught:
        main([str(tmp_path / "empty"), "--out", str(tmp_path / "out")])

    assert caught.value.code == 2


def test_policy_decides_what_is_covered(tmp_path: Path, still: bytes) -> None:
    (tmp_path / "one").write_bytes(still)
    (tmp_path / "policy.json").write_text(
        '{"extra_boxes": [{"x": 200, "y": 150, "w": 40, "h": 30, "why": "manual", "first_frame": 0, "last_frame": 0}]}'
    )

    main([str(tmp_path / "one"), "--out", str(tmp_path / "out"), "--policy", str(tmp_path / "policy.json")])

    assert "manual" in {box["why"] for box in report_of(tmp_path / "out")[0]["boxes"]}


def test_purpose_decides_what_the_header_tells(tmp_path: Path, still: bytes) -> None:
    (tmp_path / "one.dcm").write_bytes(still)
    for purpose, temporal in (("own_copy", "REMOVED"), ("research", "MODIFIED")):
        out = tmp_path / purpose
        main([str(tmp_path / "one.dcm"), "--out", str(out), "--purpose", purpose])
        assert dcmread(out / "0001.dcm").LongitudinalTemporalInformationModified == temporal


def test_source_reached_on_two_ways_is_one_input(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one").write_bytes(b"no picture")

    main([str(tmp_path / "in"), str(tmp_path / "in" / "one"), "--out", str(tmp_path / "out")])

    assert [entry["source"] for entry in report_of(tmp_path / "out")] == ["one"]


def test_messages_hold_no_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path / "Ellingsen.dcm"), "--out", str(tmp_path / "out")])

    said = capsys.readouterr().err
    assert "source 1: No such file or directory" in said
    assert "Ellingsen" not in said


def test_second_folder_into_the_same_results_leaves_the_first_ones(
    tmp_path: Path, still: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one").write_bytes(still + b"\0\0" * len(name))
        main([str(tmp_path / name), "--out", str(tmp_path / "out")])

    assert report_of(tmp_path / "out")[0]["outputs"]["dicom"] == "0002.dcm"
    assert (tmp_path / "out" / "0001.dcm").exists()
    assert "also holds 1 results of other inputs" in capsys.readouterr().err


Start = Callable[..., "subprocess.Popen[str]"]


# enough to be at work still when two are done, however fast the machine
COPIES = 60


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a starter of the command over copies of a small still."""
    small = to_dicom(paint(Spec(FIRST, subject=Subject.ABDOMEN, width=160, height=120, inked=False)), FIRST)
    (tmp_path / "in").mkdir()
    for number in range(COPIES):
        (tmp_path / "in" / str(number)).write_bytes(small)
    started: list[subprocess.Popen[str]] = []

    def one(**options: Any) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "deid.engine", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
        root = Path(__file__).resolve().parents[3]
        started.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=root, **options))
        return started[-1]

    yield one
    for process in started:
        process.kill()
        process.communicate()


def wait_for_results(out: Path, count: int) -> None:
    until = time.monotonic() + 120
    while len(list(out.glob("*.dcm"))) < count:
        assert time.monotonic() < until
        time.sleep(0.02)


def whole(out: Path) -> None:
    """The results of the copies are all the same, so no secret was made twice."""
    assert len(report_of(out)) == COPIES
    assert len({(out / f"{number:04d}.dcm").read_bytes() for number in range(1, COPIES + 1)}) == 1
    assert not list((out / ".engine").glob("*.part"))


def test_killed_run_goes_on_where_it_was(tmp_path: Path, start: Start) -> None:
    out = tmp_path / "out"
    process = start()
    wait_for_results(out, 2)
    process.kill()
    process.wait()
    made = (out / "0001.dcm").stat().st_mtime_ns

    assert not (out / "report.json").exists()
    main([str(tmp_path / "in"), "--out", str(out)])
    assert (out / "0001.dcm").stat().st_mtime_ns == made
    whole(out)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["interrupt", "terminate"])
def test_interrupted_run_stops_at_once_with_a_true_report(tmp_path: Path, start: Start, number: signal.Signals) -> None:
    out = tmp_path / "out"
    # a shell's background jobs ignore an interrupt, and so would what they start
    process = start(preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    wait_for_results(out, 2)
    process.send_signal(number)

    said = process.communicate(timeout=20)[1]
    assert process.returncode == 130
    assert said.splitlines()[-1] == "interrupted: what is finished stays, start again to go on"
    finished = [entry["outputs"]["dicom"] for entry in report_of(out)]
    assert finished == sorted(path.name for path in out.glob("*.dcm"))
    assert 2 <= len(finished) < COPIES
    main([str(tmp_path / "in"), "--out", str(out)])
    whole(out)


def test_second_run_on_the_same_folder_is_refused(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    start()
    wait_for_results(tmp_path / "out", 1)
    with pytest.raises(SystemExit) as caught:
        main([str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    assert caught.value.code == 2
    assert "another run is at work" in capsys.readouterr().err


def test_results_that_find_no_room_break_the_run_off(tmp_path: Path, start: Start) -> None:
    """A limit on the size of files stands for a full disk: the system refuses in the middle of a write."""
    out = tmp_path / "out"
    process = start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, resource.RLIM_INFINITY)))

    said = process.communicate(timeout=60)[1]
    assert process.returncode == 3
    assert "broke off, the system says: File too large" in said
    assert report_of(out) == []
    assert sorted(path.name for path in out.iterdir()) == [".engine", "report.json"]
    main([str(tmp_path / "in"), "--out", str(out)])
    whole(out)


def test_no_byte_of_the_out_folder_tells_who_it_was(tmp_path: Path, still: bytes, page: bytes, cine: bytes) -> None:
    """The report and the notes for going on are outputs too; clean, held or a film, nothing identifies."""
    wanted = identifiers(still) | identifiers(page) | identifiers(cine)
    source = packed(tmp_path / "study.zip", {"1": still, "2": page, "3": cine})
    main([str(source), "--out", str(tmp_path / "out")])
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {"report.json", "0001.dcm", "0001.png", "0003.mp4"} <= set(written)
    assert len(wanted) > 5
    # the still of a page that is held is for a reviewer's eyes
    assert {name: leaks(content, wanted) for name, content in written.items() if leaks(content, wanted)} == {}
