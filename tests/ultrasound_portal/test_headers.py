"""Every answer forbids keeping, embedding and passing on."""

from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from ultrasound_portal.headers import PrivacyHeaders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/sign-in/", "/health/live", "/nowhere/", "/desk/audit/"])
@pytest.mark.requirement("R45")
def test_dynamic_answers_are_not_stored(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert "no-store" in headers["Cache-Control"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert headers["X-Frame-Options"] == "DENY"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "web-share=(self)" in headers["Permissions-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_policy_is_strict(client: Client) -> None:
    policy = client.get("/sign-in/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == rules["connect-src"] == "'self'"
    assert rules["img-src"] == rules["media-src"] == "'self' blob:"
    assert "unsafe" not in policy


def test_static_files_keep_their_own_caching() -> None:
    answer = PrivacyHeaders(lambda _: HttpResponse())(RequestFactory().get("/static/css/base.css"))
    assert "Cache-Control" not in answer.headers
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_views_own_header_stays() -> None:
    own = HttpResponse(headers={"Cache-Control": "private, no-store, max-age=0", "Permissions-Policy": "usb=()"})
    answer = PrivacyHeaders(lambda _: own)(RequestFactory().get("/v/picture/"))
    assert answer.headers["Cache-Control"] == "private, no-store, max-age=0"
    assert answer.headers["Permissions-Policy"] == "usb=()"


def test_static_files_are_offered_to_no_other_site(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "portal.css").write_text("p { margin: 0 }")
    settings.STATIC_ROOT = tmp_path
    answer = Client().get("/static/portal.css")
    answer.close()
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
