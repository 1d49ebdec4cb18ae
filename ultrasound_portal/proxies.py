"""Who a visitor is behind known proxies: the address by which attempts are counted."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Network = IPv4Network | IPv6Network


class VisitorAddress:
    """Middleware that puts the visitor's own address into REMOTE_ADDR where a known proxy tells it.

    Only what the proxies of PORTAL_PROXIES add to X-Forwarded-For is believed; a browser can write that header too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with REMOTE_ADDR set to the nearest address that is no known proxy."""
        request.META["REMOTE_ADDR"] = visitor(
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            proxies=settings.PORTAL_PROXIES,
        )
        return self._get_response(request)


def visitor(peer: str, forwarded: str, *, proxies: Iterable[Network]) -> str:
    """Walk back from the connection over known proxies; return the first address that is none of them."""
    known = tuple(proxies)
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    address = peer
    while hops and _is_among(address, known) and _is_address(hops[-1]):
        address = hops.pop()
    return address


def _is_among(address: str, networks: tuple[Network, ...]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
