"""Counting what a visitor tries, by the address and by the network that the address is of.

One address is one visitor. But whoever is given an IPv6 /48 has 65,536 of them: together they may try as often as a
few visitors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from throttle import limits
from throttle.client_address import client_address, client_network

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from django.http import HttpRequest

VISITORS_PER_NETWORK = 4


def hit(request: HttpRequest, action: str, *, limit: int, per: timedelta, now: datetime) -> datetime | None:
    """Count one try of an action by whoever sends a request; None, or the moment from which on they may try again."""
    address, network = client_address(request), client_network(request)
    refused_until = limits.hit(action, address, limit=limit, per=per, now=now)
    if refused_until is None and network != address:
        wide = limit * VISITORS_PER_NETWORK
        return limits.hit(f"{action}.network", network, limit=wide, per=per, now=now)
    return refused_until
