"""Where a request comes from, as far as that can be believed."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

UNKNOWN = "unknown"
NETWORK_BITS = 48  # of an IPv6 address: what one customer of a provider is given at most


def client_address(request: HttpRequest) -> str:
    """The address to count a visitor's tries by."""
    return visitor_address(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))


def visitor_address(peer: str, forwarded_for: str) -> str:
    """The visitor's address by that of the connection and by X-Forwarded-For.

    X-Forwarded-For can be written by anybody, so only the entries that our own proxies added are read: with
    TRUSTED_PROXIES = n, the n-th from the right. An IPv6 address stands for its /64, which one subscriber holds.
    Whatever is no address counts as one visitor, 'unknown'.
    """
    address = peer
    if settings.TRUSTED_PROXIES:
        forwarded = forwarded_for.split(",")
        address = forwarded[-settings.TRUSTED_PROXIES] if len(forwarded) >= settings.TRUSTED_PROXIES else peer
    try:
        parsed = ip_address(address.strip())
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)


def client_network(request: HttpRequest) -> str:
    """The /48 that a visitor's IPv6 address belongs to; any other visitor's `client_address`."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(ip_network(address).supernet(new_prefix=NETWORK_BITS))
