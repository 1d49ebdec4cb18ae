"""Values planted in every field that can identify somebody are found nowhere afterwards, whatever went wrong."""

import io
import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pydicom
import pytest
import redis
from playwright.sync_api import Browser, Page, expect
from pydicom.filebase import DicomBytesIO

from deid.phantoms.dicom import Packing, Wrapping, to_dicom
from deid.phantoms.painting import paint
from deid.phantoms.person import Person
from deid.phantoms.spec import Spec, Subject
from tests.journeys import desk
from tests.journeys.leaks import traces
from tests.journeys.portal import Portal

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

PERSON = Person("Qvyxlendorf^Zubrilka", "CNR-7731904", "19570911", "ACQ90417731")
SIGNER, NICKNAME, REASON = "Brunhyxa Vellamork", "Grandmother Oxtrelling", "My brother Fjuldemar asked"
HEADER = {
    "ReferringPhysicianName": "Wrexhobolt^Ildiko",
    "OperatorsName": "Yttergrumm^Pia",
    "PatientAddress": "12 Zwyrbelgasse",
    "PatientTelephoneNumbers": "+44 7700 907731",
    "OtherPatientIDs": "OLD-5589021",
    "StudyDescription": "for Mrs Kholvexter",
    "PatientComments": "sister of Drivnakova",
    "InstitutionName": "Hospital Mawxbury",
}
ENDED = (FileNotFoundError, ProcessLookupError, PermissionError)
"""A process may end while it is looked at."""
STRANGER = "nobody.thraxwell@example.org"
MAILED = "vrandelius@example.net"
TO = f"To: {MAILED}\n".encode()
PLANTED = {
    *("Qvyxlendorf", "Zubrilka", "CNR-7731904", "19570911", "11.09.1957", "1957-09-11", "ACQ90417731"),
    *("Brunhyxa", "Vellamork", "Oxtrelling", "Fjuldemar", "Wrexhobolt", "Yttergrumm", "Zwyrbelgasse", "7700 907731"),
    *("OLD-5589021", "Kholvexter", "Drivnakova", "Mawxbury", "thraxwell", "vrandelius"),
}


@dataclass(slots=True)
class Watch:
    """What was seen while the road was walked: command lines and environments, addresses, pages of faults."""

    processes: set[bytes] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    faults: list[bytes] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)


def planted_files(folder: Path) -> list[Path]:
    """Write pictures and one broken file; their names tell the patient's, as names of files do."""
    screen = Spec(PERSON, hospital="Hospital Mawxbury", note="Baby Qvyxlendorf")
    files = []
    for number, (subject, packing) in enumerate(((Subject.HEAD, Packing.RGB), (Subject.FEMUR, Packing.JPEG)), start=1):
        spec = replace(screen, subject=subject, width=800, height=600, seed=70 + number)
        data = to_dicom(paint(spec), PERSON, Wrapping(packing, number=number))
        files.append(folder / f"Qvyxlendorf_{number}.dcm")
        files[-1].write_bytes(with_header(data))
    files.append(folder / "Qvyxlendorf_broken.dcm")
    files[-1].write_bytes(files[0].read_bytes()[:5000])
    return files


def with_header(data: bytes) -> bytes:
    dataset = pydicom.dcmread(DicomBytesIO(data))
    for keyword, value in HEADER.items():
        setattr(dataset, keyword, value)
    block = dataset.private_block(0x0077, "QVYXLENDORF WORKS", create=True)
    block.add_new(1, "LO", "kept for Qvyxlendorf")
    stream = io.BytesIO()
    dataset.save_as(stream)
    return stream.getvalue()


@contextmanager
def watching(page: Page, portal: Portal) -> Iterator[Watch]:
    """Look at the portal's processes four times a second, and at every address and every page of a fault."""
    seen, done = Watch(), threading.Event()

    def look() -> None:
        while not done.wait(0.25):
            for process in of(portal):
                for part in ("cmdline", "environ"):
                    with suppress(*ENDED):
                        seen.processes.add((process / part).read_bytes())

    page.on("request", lambda request: seen.addresses.add(request.url))
    page.on("response", lambda answer: seen.statuses.add(answer.status))
    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield seen
    finally:
        done.set()
        looker.join()


def of(portal: Portal, *words: bytes) -> list[Path]:
    """Return the running processes of this portal whose command line has all the words."""
    mark, found = f"PORTAL_DATA={portal.data}".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(*ENDED):
            line = (process / "cmdline").read_bytes()
            if all(word in line for word in words) and mark in (process / "environ").read_bytes().split(b"\0"):
                found.append(process)
    return found


def kill_workers(portal: Portal, seconds: float) -> None:
    """Kill workers and their caged children outright, again and again, for a while."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(1.5)
        for process in [*of(portal, b"celery", b"worker")[:1], *of(portal, b"deid.engine.child")[:1]]:
            with suppress(*ENDED):
                os.kill(int(process.name), signal.SIGKILL)


@contextmanager
def without_table(portal: Portal, table: str) -> Iterator[None]:
    """Take a table away while something is written into it, so that a fault tells what it tells."""
    execute(portal, f"ALTER TABLE {table} RENAME TO away")
    try:
        yield
    finally:
        execute(portal, f"ALTER TABLE away RENAME TO {table}")


def execute(portal: Portal, statement: str) -> None:
    if url := portal.environment.get("DATABASE_URL"):
        with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement)
        return
    with closing(sqlite3.connect(portal.data / "portal.sqlite3", timeout=30)) as connection:
        connection.execute("PRAGMA legacy_alter_table=ON")
        connection.execute(statement)
        connection.commit()


def places(portal: Portal) -> Iterator[tuple[str, bytes]]:
    """Yield everything that lies about: data folder, temporary folder, logs, database and queue with their files."""
    for root in (portal.data, portal.log.parent / "temporary"):
        for path in root.rglob("*"):
            if path.is_file() and "static" not in path.parts:
                data = path.read_bytes()
                # a message that went out says whom it went to, and nothing else that was planted
                yield str(path.relative_to(root.parent)), data.replace(TO, b"") if "outbox" in path.parts else data
    yield "log", portal.log.read_bytes()
    if url := portal.environment.get("DATABASE_URL"):
        yield "database", subprocess.run(["pg_dump", "--inserts", url], capture_output=True, check=True).stdout
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            folder = Path(cursor.fetchone()[0])
        yield "log of the database", (folder.parent / "log").read_bytes()
    if url := portal.environment.get("CELERY_BROKER_URL"):
        queue = redis.Redis.from_url(url)
        for path in Path(queue.config_get("dir")["dir"]).rglob("*"):
            if path.is_file():
                yield f"queue file {path.name}", path.read_bytes()
        for key in queue.scan_iter():
            yield "queue", key + (queue.dump(key) or b"")
        queue.close()


def spoil(page: Page, portal: Portal, study: str, seen: Watch) -> None:
    """Ask for what fails: a sign-in that is wrong, addresses that tell a name, forms whose table is away."""
    stranger = page.context.browser.new_context().new_page()
    stranger.on("response", lambda answer: seen.statuses.add(answer.status))
    stranger.goto(f"{portal.address}/sign-in/")
    stranger.get_by_label("E-mail").fill(STRANGER)
    stranger.get_by_label("Password").fill("Qvyxlendorf1957")
    stranger.get_by_role("button", name="Sign in").click()
    for address in (
        "/desk/study/Qvyxlendorf/",
        "/v/?name=Qvyxlendorf",
        "/desk/?q=Vellamork",
        "/Zubrilka%20Qvyxlendorf",
    ):
        answer = stranger.request.get(portal.address + address)
        seen.statuses.add(answer.status)
        if answer.status >= 400:  # the door's own page gives a visitor her address back, to go on with afterwards
            seen.faults.append(answer.body())
    stranger.context.close()
    desk.answer(page, portal, study, name=SIGNER, yes=["own_copy"])
    with without_table(portal, "consent_signature"):
        page.get_by_role("button", name="Record these answers").click()
        page.wait_for_load_state()
    seen.faults.append(page.content().encode())


@pytest.mark.requirement("R32", "R33", "R40", "R47")
def test_nothing_readable_is_left_about(portal: Portal, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    with watching(page, portal) as seen:
        desk.sign_in(page, portal, "clinician")
        killer = threading.Thread(target=kill_workers, args=(portal, 8.0))
        killer.start()
        rows = desk.upload(page, portal, planted_files(tmp_path))
        killer.join()
        assert {state for state, _ in rows.values()} <= {"Cleaned", "Held", "Refused", "Rejected"}
        study = desk.studies_of_this_upload(page)[0]
        assert desk.review_all(page, portal, study).get("Released", 0) >= 1
        spoil(page, portal, study, seen)
        desk.record_consent(page, portal, study, name=SIGNER, yes=["own_copy"])
        card = desk.make_link(page, portal, study, purpose="own_copy", nickname=NICKNAME)
        assert card.address
        have_a_code_sent(page, portal, study, seen)
        page.goto(f"{portal.address}{study}links/")
        expect(page.get_by_text(NICKNAME).first).to_be_visible()
        withdraw(page, portal)
    assert {404} <= seen.statuses
    assert seen.statuses & {500, 503}
    found = {place: kinds for place, content in places(portal) if (kinds := traces(content, PLANTED))}
    assert found == {}
    told = b"\n".join(urlsplit(address)._replace(netloc="").geturl().encode() for address in seen.addresses)
    assert traces(told, PLANTED) == set()
    assert traces(b"\n".join(seen.processes), PLANTED) == set()
    assert traces(b"\n".join(seen.faults), PLANTED) == set()
    assert len(seen.processes) > 3
    # and the search would have found it
    assert traces(tmp_path.joinpath("Qvyxlendorf_1.dcm").read_bytes(), PLANTED)


def have_a_code_sent(page: Page, portal: Portal, study: str, seen: Watch) -> None:
    """Open a link whose codes go by e-mail, and wait until one has left."""
    card = desk.make_link(page, portal, study, purpose="own_copy", nickname=NICKNAME, email=MAILED)
    visitor = page.context.browser.new_context().new_page()
    visitor.on("request", lambda request: seen.addresses.add(request.url))
    visitor.goto(card.address)
    visitor.get_by_role("button", name="Send me a code").click()
    until = time.monotonic() + 60
    while not [path for path in (portal.data / "outbox").glob("*.txt") if TO in path.read_bytes()]:
        assert time.monotonic() < until, "no message went out"
        time.sleep(0.5)
    visitor.context.close()


def withdraw(page: Page, portal: Portal) -> None:
    """Take the consent back at the desk, with a reason that names somebody."""
    administrator = page.context.browser.new_page()
    desk.sign_in(administrator, portal, "administrator")
    administrator.goto(f"{portal.address}/desk/consents/")
    administrator.locator("main tbody th a").first.click()
    administrator.get_by_role("link", name="Withdraw this consent").click()
    administrator.locator("input[name=channel][value=phone]").check()
    administrator.locator("[name=reason]").fill(REASON)
    administrator.get_by_role("button", name="Withdraw now").click()
    expect(administrator.get_by_text("Withdrawn").first).to_be_visible()
    administrator.context.close()
