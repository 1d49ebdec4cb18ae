"""A large file survives a line that breaks, a network that drops every third piece, and a web server that dies."""

import os
import re
import signal
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from deid.engine.errors import EXPLANATIONS, RejectReason
from tests.journeys import desk
from tests.journeys.conftest import launched
from tests.journeys.portal import Portal
from tests.journeys.test_bad_input import never_seen

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

PIECE = 8 * 1024 * 1024
FILLING = 3 * PIECE


class Line:
    """The line between browser and portal: notes where each piece begins, and lets through what `rule` allows."""

    def __init__(self, page: Page) -> None:
        self.starts: list[int] = []
        self.lost = 0
        self.cut_after: int | None = None
        self.lose_each: int | None = None
        page.route("**/desk/delivery/**", self._pass)

    def _pass(self, route: Route) -> None:
        if route.request.method == "PATCH":
            self.starts.append(int(route.request.headers["upload-offset"]))
        cut = self.cut_after is not None and len(self.starts) > self.cut_after
        each = self.lose_each is not None and route.request.method == "PATCH" and len(self.starts) % self.lose_each == 0
        if cut or each:
            self.lost += 1
            route.abort("connectionfailed")
        else:
            route.continue_()


def study(folder: Path) -> Path:
    """Return a ZIP with one good picture behind something large that is none."""
    path = folder / "study.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("filling", os.urandom(FILLING))
        archive.writestr("picture", never_seen())
    return path


def choose(page: Page, portal: Portal, path: Path) -> None:
    desk.sign_in(page, portal, "sonographer")
    page.goto(f"{portal.address}/desk/upload/")
    page.set_input_files("#files", path)


def expect_both_rows(page: Page) -> None:
    expect(page.locator("#overall-words")).to_contain_text("Everything is done", timeout=desk.CLEANING_MS)
    rows = page.locator(".upload-row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text(EXPLANATIONS[RejectReason.NOT_DICOM])
    expect(rows.nth(1).locator(".badge")).to_have_text(re.compile("Cleaned|Held"))
    assert page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]") == []


def kill_web_server(portal: Portal) -> int:
    """Kill every process of the portal's web server outright and return how many there were."""
    port = portal.environment["PORTAL_PORT"]
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if b"gunicorn" in command and any(part.endswith(f":{port}".encode()) for part in command):
            found.append(int(process.name))
    for number in found:
        os.kill(number, signal.SIGKILL)
    return len(found)


def kill_browser(browser: Browser) -> None:
    """Kill the browser outright, as the task manager of a desk does."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    for process in processes:
        if process["type"] == "browser":
            os.kill(process["id"], signal.SIGKILL)


@pytest.mark.requirement("R36")
def test_a_line_that_breaks_and_a_web_server_that_is_killed(embedded: Portal, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    line = Line(page)
    line.cut_after = 2
    choose(page, embedded, study(tmp_path))
    expect(page.locator(".upload-row .badge")).to_have_text("Waiting for the portal", timeout=20_000)
    expect(page.get_by_role("button", name="Stop: study.zip")).to_be_visible()
    assert kill_web_server(embedded) >= 1
    line.cut_after = None
    expect_both_rows(page)
    arrived = [start for number, start in enumerate(line.starts) if start not in line.starts[:number]]
    assert arrived == [0, PIECE, 2 * PIECE, 3 * PIECE], "no piece that had arrived was begun anew before the break"
    page.context.close()


def test_a_network_that_drops_every_third_piece(embedded: Portal, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    line = Line(page)
    line.lose_each = 3
    choose(page, embedded, study(tmp_path))
    expect_both_rows(page)
    assert line.lost >= 1
    page.context.close()


def test_a_browser_that_is_killed_leaves_nothing_doubled(embedded: Portal, browser: Browser, tmp_path: Path) -> None:
    doomed, path = launched(browser.browser_type), study(tmp_path)
    page = doomed.new_page()
    line = Line(page)
    line.cut_after = 2
    choose(page, embedded, path)
    expect(page.locator(".upload-row .badge")).to_have_text("Waiting for the portal", timeout=20_000)
    kill_browser(doomed)
    page = browser.new_page()
    choose(page, embedded, path)
    expect_both_rows(page)
    page.goto(embedded.address + desk.studies_of_this_upload(page)[0])
    expect(page.locator(".tile")).to_have_count(1)
    page.context.close()


def test_sending_can_be_stopped_and_begun_again(embedded: Portal, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    line = Line(page)
    line.cut_after = 1
    choose(page, embedded, study(tmp_path))
    expect(page.locator(".upload-row .badge")).to_have_text("Waiting for the portal", timeout=20_000)
    page.get_by_role("button", name="Stop: study.zip").click()
    expect(page.locator(".upload-row .badge")).to_have_text("Not sent")
    expect(page.locator(".upload-row")).to_contain_text("You stopped it.")
    line.cut_after = None
    page.get_by_role("button", name="Send again: study.zip").click()
    expect_both_rows(page)
    assert line.starts.count(0) == 2
    page.context.close()
