"""What the portal leans on goes away while people use it: they get a page, nothing is lost, and it heals by itself."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chaos.processes import below
from tests.factories.pictures import sample_bytes
from tests.journeys import desk
from tests.journeys.portal import Portal
from tests.servers import Postgres, Redis

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600), pytest.mark.requirement("R36")]
RETURN = 60.0


@pytest.fixture
def portal(production: Portal) -> Portal:
    return production


@pytest.fixture
def postgres(portal: Portal) -> Postgres:
    assert portal.postgres is not None
    return portal.postgres


@pytest.fixture
def redis(portal: Portal) -> Redis:
    assert portal.redis is not None
    return portal.redis


@pytest.fixture
def page(browser: Browser, portal: Portal) -> Iterator[Page]:
    page = browser.new_page()
    desk.sign_in(page, portal, "clinician")
    yield page
    page.close()


def jobs(postgres: Postgres) -> list[tuple[str, int, str]]:
    """Return state, attempts and last fault of every job, the newest first."""
    with psycopg2.connect(postgres.address) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT state, attempt, error_class FROM jobs_job ORDER BY created_at DESC")
        return cursor.fetchall()


def until(condition: Callable[[], object], seconds: float = RETURN) -> float:
    """Wait for something and return how long it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not come in time"
        time.sleep(0.3)
    return time.monotonic() - began


def send(page: Page, portal: Portal, folder: Path) -> None:
    """Send one picture and see that the portal says it has it."""
    (folder / "one.dcm").write_bytes(sample_bytes("color-pl.dcm"))
    page.goto(f"{portal.address}/desk/upload/")
    page.set_input_files("#files", [folder / "one.dcm"])
    expect(page.locator(".upload-row .badge")).to_have_text("Received", timeout=30_000)


def done(postgres: Postgres) -> bool:
    return {state for state, *_ in jobs(postgres)} == {"done"}


def test_without_a_database_there_is_a_page_and_with_it_all_goes_on(
    page: Page, portal: Portal, postgres: Postgres
) -> None:
    until(lambda: done(postgres), 240)
    postgres.kill()
    for address in ("/desk/", "/sign-in/", "/v/"):
        answer = page.goto(portal.address + address)
        assert answer is not None
        assert answer.status in ({200, 503} if address == "/v/" else {503})
        assert "Traceback" not in page.content()
        assert page.locator("h1").count() == 1
    answer = page.goto(f"{portal.address}/health/ready")
    assert answer is not None
    assert answer.status == 503
    postgres.start()

    def fine() -> bool:
        answer = page.goto(f"{portal.address}/desk/")
        return answer is not None and answer.status == 200

    until(fine, 20)


def test_without_a_queue_pictures_are_taken_and_cleaned_when_it_is_back_empty(
    page: Page, portal: Portal, postgres: Postgres, redis: Redis, tmp_path: Path
) -> None:
    redis.kill(data=False)
    send(page, portal, tmp_path)
    page.goto(f"{portal.address}/desk/")
    expect(page.locator("h1")).to_be_visible()
    assert jobs(postgres)[0][0] == "queued"
    redis.start()
    until(lambda: done(postgres))


def test_without_room_for_results_a_job_waits_and_no_attempt_counts(
    page: Page, portal: Portal, postgres: Postgres, tmp_path: Path
) -> None:
    workers = [pid for pid, command in below(portal.pid) if " worker " in command]
    for pid in workers:
        subprocess.run(["prlimit", f"--pid={pid}", "--fsize=1000:unlimited"], check=True)
    send(page, portal, tmp_path)
    until(lambda: jobs(postgres)[0][2] == "OSError")
    assert jobs(postgres)[0][:2] == ("queued", 0)
    for pid in workers:
        subprocess.run(["prlimit", f"--pid={pid}", "--fsize=unlimited:unlimited"], check=True)
    until(lambda: done(postgres))
