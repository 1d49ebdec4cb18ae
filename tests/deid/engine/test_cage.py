"""Whatever a file does to the child, the parent gets an answer or a reason, and the next file is served."""

import errno
import io
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from deid.engine import cage
from deid.engine.archives import Limits as ArchiveLimits
from deid.engine.brand import Brand
from deid.engine.cage import Cage
from deid.engine.disclosure import STRICTEST, Disclosure, Purpose
from deid.engine.errors import CageBroken, Held, HoldReason, Rejected, RejectReason
from deid.engine.findings import Status
from deid.engine.formats import Format
from deid.engine.limits import Limits
from deid.engine.policy import Policy
from tests import samples
from tests.deid.engine.headers import ultrasound, written
from tests.deid.engine.stand_ins import answering, gone
from tests.factories.renders import BRAND, master_bytes

SECRET = b"the test's own secret"
STILL = written(ultrasound())

Make = Callable[..., Cage]


@pytest.fixture
def make() -> Iterator[Make]:
    """Return a maker of cages that are closed at the end."""
    cages: list[Cage] = []

    def one(**options: object) -> Cage:
        cages.append(Cage(**options))
        return cages[-1]

    yield one
    for made in cages:
        made.close()


def broken(cage: Cage, *, timeout: float = 20.0) -> HoldReason:
    with pytest.raises(CageBroken) as fault:
        cage.peek(STILL, timeout=timeout)
    assert str(fault.value) == fault.value.reason.value
    return fault.value.reason


def children(cage: Cage) -> list[int]:
    return [child._process.pid for child in cage._all]


def stood_by(cage: Cage) -> bool:
    """Wait for the one child that is ready after a fault."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if len(cage._idle) == len(cage._all) == 1:
            return True
        time.sleep(0.02)
    return False


def test_a_child_peeks(make: Make) -> None:
    assert make().peek(STILL).patient_name == "Mustermann^Erika^Marie"


def test_a_child_deidentifies(make: Make) -> None:
    data = samples.named("examples_palette.dcm").read_bytes()
    brand = Brand(name="Lindenhof", line="", background="#123456", ink="#ffffff")
    outcome = make().deidentify(data, policy=Policy(), brand=brand, secret=SECRET)
    assert outcome.status in Status
    assert (outcome.rows, outcome.columns, outcome.frames) == (350, 800, 1)
    assert outcome.outputs.dicom is not None


def test_a_child_makes_renders(make: Make) -> None:
    made = make().render(
        master_bytes(), [Format.SQUARE, Format.PRINT], cut=(20, 20, 200, 140), brand=BRAND, max_pixels=10**9
    )
    assert [(one.format, one.width, one.height) for one in made] == [
        (Format.SQUARE, 1080, 1080),
        (Format.PRINT, 1748, 1240),
    ]


def test_a_render_that_is_held_back_comes_through_and_the_child_stays(make: Make) -> None:
    cage = make(command=answering("wire.write(sink, {'held': 'text_left'})"))
    pids = []
    for _ in range(2):
        with pytest.raises(Held) as held:
            cage.render(b"", [Format.SQUARE], cut=None, brand=BRAND, max_pixels=1)
        assert held.value.reason is HoldReason.TEXT_LEFT
        pids += children(cage)
    assert pids[0] == pids[1]


def test_a_child_puts_a_master_under_another_header(make: Make) -> None:
    research = Disclosure.usual(Purpose.RESEARCH)
    source = make().deidentify(STILL, policy=Policy(), brand=None, secret=SECRET).outputs.dicom or b""
    for original in (STILL, None):
        again = make().rehead(original, source, disclosure=research, secret=SECRET)
        assert again[128:132] == b"DICM"
        assert again != source


def test_a_header_that_is_held_back_comes_through(make: Make) -> None:
    with pytest.raises(Held) as held:
        make(command=answering("wire.write(sink, {'held': 'identifier_left'})")).rehead(
            None, b"", disclosure=STRICTEST, secret=SECRET
        )
    assert held.value.reason is HoldReason.IDENTIFIER_LEFT


def test_a_held_render_of_no_known_reason_is_a_crash(make: Make) -> None:
    with pytest.raises(CageBroken):
        make(command=answering("wire.write(sink, {'held': 'moonlight'})")).render(
            b"", [Format.SQUARE], cut=None, brand=BRAND, max_pixels=1
        )


def test_a_refusal_comes_through_and_the_child_stays(make: Make) -> None:
    one = make()
    one.peek(STILL)
    before = children(one)
    for data, reason in ((b"", RejectReason.EMPTY), (b"text", RejectReason.NOT_DICOM)):
        with pytest.raises(Rejected) as refused:
            one.peek(data)
        assert refused.value.reason is reason
    with pytest.raises(Rejected):
        one.deidentify(b"text", policy=Policy(), brand=None, secret=SECRET)
    assert children(one) == before


def test_one_child_serves_many_requests(make: Make) -> None:
    one = make(size=1)
    one.peek(STILL)
    before = children(one)
    for _ in range(20):
        one.peek(STILL)
    assert children(one) == before


def test_a_child_is_replaced_after_its_share(make: Make) -> None:
    one = make(size=1, requests_per_child=2)
    seen = set()
    for _ in range(4):
        one.peek(STILL)
        seen.update(children(one))
    one.peek(STILL)
    assert len(seen | set(children(one))) >= 2


def test_a_killed_idle_child_is_replaced_unnoticed(make: Make) -> None:
    one = make(size=1)
    one.peek(STILL)
    (pid,) = children(one)
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    assert one.peek(STILL).rows == 4
    assert children(one) != [pid]


def test_a_child_killed_at_work_is_a_crash(make: Make) -> None:
    one = make(command=answering("time.sleep(60)"))
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(one.peek, STILL)
        while not children(one):
            time.sleep(0.02)
        time.sleep(0.3)
        (pid,) = children(one)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(CageBroken) as fault:
            answer.result(timeout=20)
    assert fault.value.reason is HoldReason.CRASHED
    assert gone(pid)


@pytest.mark.parametrize(
    "code",
    [
        "os._exit(0)",
        "os._exit(3)",
        "os.abort()",
        "os.kill(os.getpid(), 11)",
        "raise MemoryError",
        "bytearray(1 << 50)",
        "sink.write(b'Traceback: something about Mustermann'); os._exit(1)",
        "sink.write(b'\\xff' * 5000); time.sleep(60)",
        "wire.write(sink, {})",
        "wire.write(sink, {'peek': 3})",
        "wire.write(sink, {'peek': {'rows': 'many'}})",
        "wire.write(sink, {'rejected': 'because'})",
        "wire.write(sink, {'rejected': 3})",
    ],
)
def test_a_fault_is_a_crash_and_costs_one_child(make: Make, code: str) -> None:
    one = make(size=1, command=answering(code))
    assert broken(one) is HoldReason.CRASHED
    assert stood_by(one)
    (spare,) = children(one)
    assert broken(one) is HoldReason.CRASHED
    assert gone(spare)


def test_after_a_fault_another_child_is_ready_before_anybody_asks(make: Make) -> None:
    one = make(size=1)
    one.warm_up()
    (pid,) = children(one)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(CageBroken):
        one.peek(STILL, timeout=0.5)
    assert stood_by(one)
    (spare,) = children(one)
    assert spare != pid
    assert one.peek(STILL).rows == 4
    assert children(one) == [spare]


def zipped(*contents: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(str(number), content)
    return buffer.getvalue()


def test_an_archive_is_read_behind_the_walls_member_by_member(make: Make) -> None:
    one = make(size=1)
    noise = np.random.default_rng(1).bytes(5 << 20)
    data = zipped(b"first", noise)
    file, limits = io.BytesIO(data), ArchiveLimits()
    assert one.open_archive(file, len(data), limits, key="a") == 2
    assert one.unpack(file, len(data), limits, key="a", number=1, left=6 << 20) == noise
    # another child knows nothing of the archive, and another archive may come between
    other = io.BytesIO(zipped(b"other"))
    assert one.unpack(other, len(other.getvalue()), limits, key="b", number=0, left=100) == b"other"
    assert one.unpack(file, len(data), limits, key="a", number=0, left=100) == b"first"
    with pytest.raises(Rejected) as refused:
        one.unpack(file, len(data), limits, key="a", number=1, left=1 << 20)
    assert refused.value.reason is RejectReason.ZIP_TOO_LARGE


def test_a_large_archive_needs_little_memory_of_the_child(make: Make) -> None:
    one = make(size=1)
    noise = np.random.default_rng(1).bytes(40 << 20)
    data = zipped(noise)
    assert one.unpack(io.BytesIO(data), len(data), ArchiveLimits(), key="a", number=0, left=1 << 30) == noise
    (pid,) = children(one)
    (peak,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    assert int(peak.split()[1]) < 220_000


class Lost(io.BytesIO):
    """A file whose store is away."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(errno.EIO, "the store is away")


def test_a_fault_of_the_lent_file_is_not_the_childs(make: Make) -> None:
    with pytest.raises(OSError, match="the store is away"):
        make(size=1).open_archive(Lost(), 1000, ArchiveLimits(), key="a")


@pytest.mark.parametrize(
    "code",
    [
        "wire.write(sink, {'want': [0, 1 << 30]})",
        "wire.write(sink, {'want': [-1, 5]})",
        "wire.write(sink, {'want': 'all'})",
        "wire.write(sink, {'piece': True}, [bytes(101)])",
        "wire.write(sink, {'piece': True}, [])",
        "wire.write(sink, {'kept': 1})",
        "wire.write(sink, {'kept': True}, [bytes(3)]) if wire.write(sink, {'piece': True}, [bytes(99)] * 2) else None",
    ],
)
def test_a_child_that_asks_for_or_sends_too_much_is_a_crash(make: Make, code: str) -> None:
    with pytest.raises(CageBroken) as fault:
        make(size=1, command=answering(code)).unpack(
            io.BytesIO(bytes(10)), 10, ArchiveLimits(), key="a", number=0, left=100
        )
    assert fault.value.reason is HoldReason.CRASHED


def test_a_logo_is_painted_behind_the_walls(make: Make) -> None:
    one = make(size=1)
    with pytest.raises(Rejected):
        one.repaint(b"<svg/>")
    out = io.BytesIO()
    Image.new("RGB", (4000, 4000), (9, 9, 200)).save(out, "PNG")
    with Image.open(io.BytesIO(one.repaint(out.getvalue()))) as logo:
        assert (logo.format, logo.size, logo.mode) == ("PNG", (800, 800), "RGBA")


def test_a_child_that_does_not_start_is_a_crash_and_is_not_kept(make: Make) -> None:
    one = make(command=[sys.executable, "-c", "raise SystemExit(1)"])
    assert broken(one) is HoldReason.CRASHED
    assert not children(one)


def test_the_time_that_a_child_needs_to_start_is_not_taken_from_the_request(make: Make) -> None:
    command = answering("wire.write(sink, {'rejected': 'empty'})")
    command[2] = "import time; time.sleep(2)\n" + command[2]
    with pytest.raises(Rejected):
        make(command=command).peek(STILL, timeout=1.5)


def test_a_warm_child_is_ready_before_the_first_request_and_walled(make: Make) -> None:
    one = make(size=1)
    told = one.warm_up()
    (before,) = children(one)
    assert one.peek(STILL, timeout=5).rows == 4
    assert children(one) == [before]
    status = Path(f"/proc/{before}/status").read_text()
    assert ("Seccomp:\t2" in status) == told.network


def test_the_real_child_keeps_to_its_memory(make: Make) -> None:
    one = make(limits=Limits(memory=64 << 20))
    with pytest.raises(CageBroken) as fault:
        one.peek(STILL + bytes(32 << 20))
    assert fault.value.reason is HoldReason.CRASHED


def test_threads_share_two_children(make: Make) -> None:
    one = make(size=2)
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda _: one.peek(STILL).patient_id, range(60)))
    assert set(names) == {"MRN0048213"}
    assert 1 <= len(children(one)) <= 2


def test_a_child_outlives_the_thread_that_asked_first(make: Make) -> None:
    one = make(size=1)
    thread = threading.Thread(target=one.peek, args=(STILL,))
    thread.start()
    thread.join()
    before = children(one)
    time.sleep(0.3)
    one.peek(STILL)
    assert children(one) == before


def test_closing_leaves_nothing_behind(make: Make) -> None:
    one = make()
    one.peek(STILL)
    (pid,) = children(one)
    (folder,) = [child._scratch.path for child in one._all]
    assert folder.exists()
    one.close()
    assert gone(pid)
    assert not folder.exists()
    with pytest.raises(RuntimeError, match="closed"):
        one.peek(STILL)


def test_closing_ends_a_child_at_work_at_once(make: Make) -> None:
    one = make(command=answering("time.sleep(60)"))
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(one.peek, STILL)
        while not children(one):
            time.sleep(0.02)
        (pid,) = children(one)
        start = time.monotonic()
        one.close()
        with pytest.raises(CageBroken):
            answer.result(timeout=20)
    assert time.monotonic() - start < 10
    assert gone(pid)


def test_shared_is_one_per_process() -> None:
    assert cage.shared() is cage.shared()
    assert cage.shared().peek(STILL).rows == 4


FORKING = """
import os, sys
from pathlib import Path
from deid.engine import cage
data = Path(sys.argv[1]).read_bytes()
mine = cage.shared()
mine.peek(data)
pid = os.fork()
if pid == 0:
    other = cage.shared()
    fine = other is not mine and other.peek(data).rows == 4
    other.close()
    os._exit(0 if fine else 1)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
before = [child._process.pid for child in mine._all]
assert mine.peek(data).rows == 4
assert [child._process.pid for child in mine._all] == before
sys.exit(status)
"""


def test_a_forked_process_gets_its_own_cage(tmp_path: Path) -> None:
    (tmp_path / "still.dcm").write_bytes(STILL)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORKING, str(tmp_path / "still.dcm")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).resolve().parents[3],
    )
    assert (done.returncode, done.stderr) == (0, "")
