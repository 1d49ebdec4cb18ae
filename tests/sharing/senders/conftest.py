"""A mail server and a gateway that really listen, and remember what they were told."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest


@dataclass
class Peer:
    """What a test server heard, and how it answers."""

    port: int = 0
    heard: list[str] = field(default_factory=list)
    answer: int = 250


@contextmanager
def listening(handler: type[socketserver.BaseRequestHandler], peer: Peer) -> Iterator[Peer]:
    kind = HTTPServer if issubclass(handler, BaseHTTPRequestHandler) else socketserver.TCPServer
    with kind(("127.0.0.1", 0), handler) as server:
        peer.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield peer
        server.shutdown()
        thread.join()


@pytest.fixture
def mail_server() -> Iterator[Peer]:
    """Speak as much of RFC 5321 as one message needs; `answer` is what RCPT is told."""
    peer = Peer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 test\r\n")
            for line in iter(self.rfile.readline, b""):
                word = line[:4].upper()
                if word == b"RCPT":
                    self.wfile.write(b"%d answer\r\n" % peer.answer)
                elif word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    peer.heard.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                    self.wfile.write(b"250 taken\r\n")
                elif word == b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 fine\r\n")

    with listening(Handler, peer):
        yield peer


@pytest.fixture
def gateway() -> Iterator[Peer]:
    """Take JSON and answer with the status of `answer`."""
    peer = Peer(answer=202)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said = {"path": self.path, "body": body, "headers": dict(self.headers)}
            peer.heard.append(json.dumps(said))
            self.send_response(peer.answer)
            self.send_header("Location", "https://elsewhere.example/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing on the test's output."""

    with listening(Handler, peer):
        yield peer
