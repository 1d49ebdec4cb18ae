"""Starts the whole portal on one machine: `python -m ultrasound_portal.serving [--empty]`.

It prepares the data folder, then runs web server, worker and clock as child processes until Ctrl-C.
"""

import argparse
import fcntl
import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ultrasound_portal import catalogues, env
from ultrasound_portal.supervision import Part, Supervisor, say
from ultrasound_portal.vault import keyring
from ultrasound_portal.vault.errors import KeyUnavailable

ROOT = Path(__file__).resolve().parent.parent
APP = "ultrasound_portal.celery"
SOCIAL_MEDIA = ("offer_purpose", "--all-clinics", "social_media")
TICK = 0.2
PATIENCE = 60.0


class CannotStart(Exception):
    """The portal cannot start; the text is a sentence for the person at the terminal."""


class Stop:
    """Notes that somebody asked the portal to end."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: object) -> None:
        self.asked = True


def main(arguments: Sequence[str]) -> int:
    """Serve until asked to stop; return 0, or 1 with a sentence when the portal cannot start."""
    parser = argparse.ArgumentParser(prog="python -m ultrasound_portal.serving")
    parser.add_argument("--empty", action="store_true", help="leave the demo clinic out")
    empty = parser.parse_args(arguments).empty
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ultrasound_portal.settings")
    os.environ["PORTAL_DATA"] = str(env.data_folder())
    os.environ["DEMO"] = "0" if empty else "1"
    stop = Stop()
    try:
        lock = prepare_folder(env.data_folder())
        refuse_what_cannot_work()
        prepare_data(demo=settings.DEMO)
    except (CannotStart, ImproperlyConfigured, KeyUnavailable) as problem:
        say(str(problem))
        return 1
    with lock:
        return serve(stop)


def prepare_folder(data: Path) -> IO[bytes]:
    """Make the data folder and its keys, and return the lock that keeps a second portal out of it."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        data.chmod(0o700)
        lock = (data / "serving.lock").open("wb")
    except OSError:
        raise CannotStart(f"The data folder {data} cannot be written. Set PORTAL_DATA to a folder that can.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CannotStart(f"A portal already runs with the data folder {data}. Stop it first.") from None
    if not env.secret("SECRET_KEY", ""):
        env.keep_secret(data / "keys" / "secret.key", secrets.token_urlsafe(64).encode())
    return lock


def refuse_what_cannot_work() -> None:
    """Raise CannotStart for what would only fail later, or be open to people it must not be open to."""
    if settings.DEMO and not env.is_loopback(settings.PORTAL_BIND):
        raise CannotStart(
            "The demo clinic has well-known passwords. Set PORTAL_BIND to 127.0.0.1, or start with --empty."
        )
    if not shutil.which("tesseract"):
        raise CannotStart("Tesseract, which reads burned-in text, is not installed. Run script/server, which does it.")
    if catalogues.stale() and not shutil.which("msgfmt"):
        raise CannotStart(
            "gettext, which compiles translated texts, is not installed. Run script/server, which does it."
        )
    family = socket.AF_INET6 if ":" in settings.PORTAL_BIND else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.PORTAL_BIND, settings.PORTAL_PORT))
        except OSError:
            raise CannotStart(
                f"Port {settings.PORTAL_PORT} of {settings.PORTAL_BIND} is taken or not allowed. "
                "Set PORTAL_PORT to another one."
            ) from None


def prepare_data(*, demo: bool) -> None:
    """Make keys, catalogues, tables and static files, and the demo clinic if it is wanted."""
    keyring.prepare()
    catalogues.compile_stale()
    for command in (("migrate", "--verbosity", "0"), ("collectstatic", "--no-input", "--verbosity", "0")):
        _manage(*command)
    if demo:
        _manage("demo")
        _manage(*SOCIAL_MEDIA)


def serve(stop: Stop) -> int:
    """Run the children until somebody asks to stop."""
    supervisor = Supervisor(parts(), environment={**os.environ, "PYTHONUNBUFFERED": "1"}, folder=ROOT)
    say("Starting the portal ...")
    announced, deadline = False, time.monotonic() + PATIENCE
    try:
        while not stop.asked:
            supervisor.tend()
            if not announced and (answers() or time.monotonic() > deadline):
                announced = _announce(late=time.monotonic() > deadline)
            time.sleep(TICK)
    finally:
        say("Stopping the portal ...")
        supervisor.stop()
    return 0


def parts() -> list[Part]:
    """Return the web server, the workers and the clock."""
    python, data = sys.executable, settings.PORTAL_DATA
    bind = f"[{settings.PORTAL_BIND}]" if ":" in settings.PORTAL_BIND else settings.PORTAL_BIND
    web = "gunicorn ultrasound_portal.wsgi:application --worker-class gthread --workers 1"
    web += " --threads 8 --timeout 120 --graceful-timeout 5 --no-control-socket --log-level warning --bind"
    clock = f"celery --quiet -A {APP} beat --loglevel WARNING --pidfile= --schedule"
    return [
        Part("the web server", [python, "-m", *web.split(), f"{bind}:{settings.PORTAL_PORT}"]),
        *(_worker(number) for number in range(1, env.number("PORTAL_WORKERS", 2, 1, 64) + 1)),
        Part("the clock", [python, "-m", *clock.split(), str(data / "clock")]),
    ]


def _worker(number: int) -> Part:
    """Return a worker of one process: in a pool, a process killed outright can keep the lock that the rest wait for."""
    # a fresh machine may have no user but root; the worker reads JSON only, so Celery's warning does not apply
    quiet = "ignore:You're running the worker with superuser privileges"
    worker = f"celery --quiet -A {APP} worker --pool solo --hostname worker{number}@%h --queues portal,upkeep"
    worker += " --loglevel WARNING --without-gossip --without-mingle --without-heartbeat"
    return Part(f"worker {number}", [sys.executable, "-W", quiet, "-m", *worker.split()])


def answers() -> bool:
    """Say whether the web server answers."""
    connection = http.client.HTTPConnection(settings.PORTAL_BIND, settings.PORTAL_PORT, timeout=1)
    try:
        connection.request("GET", "/health/live", headers={"Host": "localhost"})
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def address() -> str:
    """Return where a browser finds the portal."""
    host = f"[{settings.PORTAL_BIND}]" if ":" in settings.PORTAL_BIND else settings.PORTAL_BIND
    return f"http://{host}:{settings.PORTAL_PORT}"


def _announce(*, late: bool) -> bool:
    if late:
        say("The web server does not answer yet; the lines above say why.")
    else:
        sys.stdout.write(f"The portal is open at {address()}/ (staff) and {address()}/v/ (patients). Ctrl-C ends it.\n")
        sys.stdout.flush()
    return True


def _manage(*arguments: str) -> None:
    """Run a management command as a child, so that the supervisor itself stays small."""
    done = subprocess.run([sys.executable, "-m", "django", *arguments], cwd=ROOT, check=False)
    if done.returncode:
        raise CannotStart(f"Preparing the portal failed at the step {arguments[0]}; the lines above say why.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
