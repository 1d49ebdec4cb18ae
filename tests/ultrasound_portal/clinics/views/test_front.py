"""The front door sends everybody where they belong."""

import pytest
from django.test import Client

from tests.factories.clinics import make_staff

pytestmark = pytest.mark.django_db


def test_staff_go_to_their_worklist(client: Client) -> None:
    client.force_login(make_staff())
    assert client.get("/").headers["Location"] == "/desk/"


def test_strangers_go_to_sign_in(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/sign-in/"
    assert client.post("/").status_code == 405
