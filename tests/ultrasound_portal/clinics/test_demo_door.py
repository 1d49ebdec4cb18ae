"""The demo's public password opens a demo on this machine, asked from this machine."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from ultrasound_portal.clinics import demo_door


@pytest.mark.parametrize(
    ("demo", "bind", "visitor", "open_"),
    [
        (True, "127.0.0.1", "127.0.0.1", True),
        (True, "localhost", "::1", True),
        (False, "127.0.0.1", "127.0.0.1", False),
        (True, "0.0.0.0", "127.0.0.1", False),
        (True, "127.0.0.1", "192.0.2.1", False),
        (True, "127.0.0.1", "", False),
    ],
)
def test_it_is_open_where_nobody_else_can_come(
    settings: Settings, demo: bool, bind: str, visitor: str, open_: bool
) -> None:
    settings.DEMO, settings.PORTAL_BIND = demo, bind
    assert demo_door.is_open(RequestFactory().get("/", REMOTE_ADDR=visitor)) is open_
