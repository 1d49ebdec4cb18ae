"""Loaded by every Python process of a portal under test: notes each address it goes to outside this machine.

Python raises these audit events itself (PEP 578), so no library goes round them; drivers written in C do, and connect
to the servers that the settings name and to nothing else.
"""

import ipaddress
import os
import sys

LOG = os.environ.get("EGRESS_LOG", "")
ASKED = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyname_ex"})


def stays_here(host: object) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in {"", "localhost", os.uname().nodename}:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ASKED:
        host = arguments[0]
    else:
        return
    if not stays_here(host):
        descriptor = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, f"{event} {host}\n".encode())
        os.close(descriptor)


if LOG:
    sys.addaudithook(note)
