"""Kills of whole processes, children and servers, at moments that nobody chose, while the portal takes pictures."""

import http.client
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from importlib import import_module
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connections
from django.db.utils import DatabaseError
from django.http import HttpRequest
from pydicom.uid import generate_uid

from tests.chaos.processes import below
from tests.factories.clinics import make_clinic, make_staff
from tests.factories.pictures import sample_bytes
from tests.servers import Postgres, Redis, free_port
from ultrasound_portal.clinics import sign_ins
from ultrasound_portal.clinics.models import Proof, User
from ultrasound_portal.clinics.views.signing import BACKEND
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.vault.keyring import match_value

ROOT = Path(__file__).parents[2]
WITHIN = 60.0
PATIENCE = 180.0
PARTS = {"worker": " worker ", "clock": " beat ", "web": "gunicorn", "child": "deid.engine.child"}


class Gale:
    """Serves the portal, sends a picture for each kill, and waits until all of them are done."""

    def __init__(self, kills: int, *, seed: int, servers: tuple[Postgres | None, Redis | None]) -> None:
        self._wanted = kills
        self._chance = random.Random(seed)
        self._postgres, self._redis = servers
        self._clinic = make_clinic("Windy Hill")
        self._session = _session(make_staff(self._clinic))
        self._port = free_port()
        self.kills: Counter[str] = Counter()
        self.sent: list[str] = []
        self.seconds = 0.0

    def rage(self) -> None:
        """Strike until enough have died; `seconds` says how long after the last death all was done."""
        log = Path(settings.PORTAL_DATA).parent / "portal.log"
        with log.open("wb") as output:
            portal = subprocess.Popen(
                [sys.executable, "-m", "ultrasound_portal.serving", "--empty"],
                cwd=ROOT,
                env={**os.environ, "PORTAL_PORT": str(self._port)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            self._send()
            while self.kills.total() < self._wanted:
                self._strike(portal.pid)
                self._send()
            last = time.monotonic()
            while not self._done():
                if time.monotonic() - last > PATIENCE or portal.poll() is not None:
                    break
                time.sleep(0.2)
            self.seconds = time.monotonic() - last
        finally:
            portal.send_signal(signal.SIGTERM)
            portal.wait(timeout=60)
            connections.close_all()

    def _strike(self, portal: int) -> None:
        time.sleep(self._chance.uniform(0, 1.2))
        ways = [*PARTS] + ["database"] * (self._postgres is not None) + ["broker"] * (self._redis is not None)
        name = self._chance.choice(ways)
        keeps = self._chance.random() < 0.5
        if name == "database" and self._postgres is not None:
            connections.close_all()
            self._postgres.kill()
            self._postgres.start()
        elif name == "broker" and self._redis is not None:
            self._redis.kill(data=keeps)
            time.sleep(0.3)
            self._redis.start()
        else:
            found = [pid for pid, command in below(portal) if PARTS[name] in command]
            if not found:
                return  # it is being started again
            os.kill(self._chance.choice(found), signal.SIGKILL)
        self.kills[name] += 1

    def _send(self) -> None:
        """Send one picture as a browser would, again and again until the portal says that it has it."""
        uid = generate_uid()
        data = sample_bytes("color-pl.dcm", sop_uid=uid)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._took(data):
                self.sent.append(match_value(uid, scope=f"sop:{self._clinic.id}"))
                return
            time.sleep(0.2)
        raise AssertionError(f"the portal took no picture in {PATIENCE:.0f} s")

    def _took(self, data: bytes) -> bool:
        token, edge = secrets.token_hex(16), uuid4().hex
        body = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'.encode() + data
        headers = {
            "Host": f"127.0.0.1:{self._port}",
            "Cookie": f"session={self._session}; csrf={token}",
            "X-CSRFToken": token,
            "Content-Type": f"multipart/form-data; boundary={edge}",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request("POST", "/desk/upload/", body + f"\r\n--{edge}--\r\n".encode(), headers)
            answer = connection.getresponse()
            assert b"Traceback" not in answer.read(), "the portal showed a trace"
            goes_to = answer.headers.get("Location", "")
            assert "/sign-in/" not in goes_to, "the sender is not signed in"
            return answer.status == 302 and "/desk/upload/" in goes_to
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _done(self) -> bool:
        try:
            return not Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).exists()
        except DatabaseError:
            connections.close_all()
            return False


def _session(user: User) -> str:
    """Return the key of a session in which `user` is signed in with both factors."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    request = HttpRequest()
    request.session = store
    sign_ins.begin(request, user, proof=Proof.CODE)
    store.save()
    return str(store.session_key)
