"""The record of where the portal's processes go sees what it is for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.portal import EGRESS

GOING = {
    "out": "import socket; s = socket.socket(); s.settimeout(0.01); s.connect_ex(('192.0.2.1', 443))",
    "asking": "import socket\ntry: socket.getaddrinfo('portal.example', 443)\nexcept OSError: pass",
    "here": "import socket; socket.socket().connect_ex(('127.0.0.1', 9)); socket.getaddrinfo('localhost', 80)",
}


@pytest.mark.parametrize(
    ("way", "noted"),
    [("out", "socket.connect 192.0.2.1\n"), ("asking", "socket.getaddrinfo portal.example\n"), ("here", "")],
)
def test_what_leaves_this_machine_is_noted(way: str, noted: str, tmp_path: Path) -> None:
    log = tmp_path / "egress"
    environment = {**os.environ, "PYTHONPATH": str(EGRESS), "EGRESS_LOG": str(log)}
    subprocess.run([sys.executable, "-c", GOING[way]], env=environment, check=True)
    assert (log.read_text() if log.exists() else "") == noted
