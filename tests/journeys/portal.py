"""Starts the whole portal as its users do, in one of its two ways, and talks to its pages."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import servers

ROOT = Path(__file__).parents[2]
EGRESS = Path(__file__).parent / "egress"
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Portal:
    """A running portal: address, data folder, environment, what it printed, its first process and its servers.

    `egress` is where its processes note each address outside this machine that they go to.
    """

    address: str
    data: Path
    environment: dict[str, str]
    log: Path
    egress: Path
    pid: int
    postgres: servers.Postgres | None
    redis: servers.Redis | None

    def went_out(self) -> list[str]:
        """Return every address outside this machine that the portal has gone to."""
        return self.egress.read_text().splitlines() if self.egress.exists() else []

    @property
    def password(self) -> str:
        """Return the demo password as the start printed it."""
        found = re.search(r"Password\s+(\S+)", self.log.read_text())
        assert found, "the start prints the demo password"
        return found[1]

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command beside the running portal."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def running(kind: str, folder: Path) -> Iterator[Portal]:
    """Serve the demo clinic, `embedded` or in the manner of `production` with PostgreSQL and Redis."""
    with ExitStack() as stack:
        port = servers.free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))},
            "PORTAL_DATA": str(folder / "data"),
            "PORTAL_PORT": str(port),
            "TMPDIR": str(folder / "temporary"),
            "PYTHONPATH": str(EGRESS),
            "EGRESS_LOG": str(folder / "egress"),
        }
        postgres = redis = None
        if kind == "production":
            postgres = stack.enter_context(servers.postgres_server())
            redis = stack.enter_context(servers.redis_server())
            environment["DATABASE_URL"], environment["CELERY_BROKER_URL"] = postgres.address, redis.address
        (folder / "temporary").mkdir()
        log = folder / "portal.log"
        output = stack.enter_context(log.open("wb"))
        process = subprocess.Popen(
            [sys.executable, "-m", "ultrasound_portal.serving"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        portal = Portal(
            f"http://127.0.0.1:{port}",
            folder / "data",
            environment,
            log,
            egress=folder / "egress",
            pid=process.pid,
            postgres=postgres,
            redis=redis,
        )
        try:
            _wait_until_ready(portal, process)
            yield portal
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _wait_until_ready(portal: Portal, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the portal ended with {process.returncode}:\n{portal.log.read_text()}")
        try:
            with urllib.request.urlopen(f"{portal.address}/health/ready", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.3)
    raise AssertionError(f"the portal was not ready in {START_SECONDS} s:\n{portal.log.read_text()}")
