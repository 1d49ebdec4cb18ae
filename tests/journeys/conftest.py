"""The journeys' portal, in both ways to run it, and a real browser."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserType, sync_playwright

from tests.journeys.portal import Portal, running

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session", autouse=True)
def _database_beside_a_browser() -> Iterator[None]:
    """Let tests use the database in the thread in which the browser's driver runs a loop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running("embedded", tmp_path_factory.mktemp("embedded")) as served:
        yield served


@pytest.fixture(scope="session")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running("production", tmp_path_factory.mktemp("production")) as served:
        yield served


@pytest.fixture(params=["embedded", "production"])
def portal(request: pytest.FixtureRequest) -> Portal:
    served: Portal = request.getfixturevalue(request.param)
    return served


def launched(kind: BrowserType) -> Browser:
    """Start the browser of this machine."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    return kind.launch(executable_path=program, args=FLAGS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = launched(playwright.chromium)
        yield started
        started.close()
