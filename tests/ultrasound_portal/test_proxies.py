"""A visitor's address is believed from known proxies only."""

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from ultrasound_portal.proxies import VisitorAddress, visitor

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("2001:db8::1", "2001:dead::2", "2001:dead::2"),
        ("10.0.0.1", "198.51.100.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("", "198.51.100.7", ""),
    ],
)
def test_the_nearest_unknown_address_counts(peer: str, forwarded: str, expected: str) -> None:
    assert visitor(peer, forwarded, proxies=PROXIES) == expected


@given(peer=st.ip_addresses(v=4).map(str), forwarded=st.text())
def test_without_known_proxies_the_header_is_never_believed(peer: str, forwarded: str) -> None:
    assert visitor(peer, forwarded, proxies=()) == peer


def test_the_middleware_sets_the_address(settings: Settings) -> None:
    settings.PORTAL_PROXIES = PROXIES
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    request = RequestFactory().get("/", REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR="198.51.100.7")
    VisitorAddress(view)(request)
    assert seen == ["198.51.100.7"]
