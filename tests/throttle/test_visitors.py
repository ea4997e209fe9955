"""Limits by where a request comes from: an address is one visitor, an IPv6 /48 a few."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from throttle import visitors
from throttle.client_address import client_network

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def request(address):
    return RequestFactory().get("/", REMOTE_ADDR=address)


@pytest.fixture
def tries():
    """How many of these addresses' tries are let through, two to a visitor."""
    now = timezone.now()

    def tries(*addresses):
        return sum(
            visitors.hit(request(each), "try", limit=2, per=HOUR, now=now) is None for each in addresses
        )

    return tries


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("2001:db8:1:2::7", "2001:db8:1::/48"),
        ("2001:db8:1:ffff::7", "2001:db8:1::/48"),
        ("2001:db8:2::7", "2001:db8:2::/48"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7", "203.0.113.7"),
        ("nowhere", "unknown"),
    ],
)
def test_the_network_of_an_address(address, network):
    assert client_network(request(address)) == network


def test_one_address_is_one_visitor(tries):
    assert tries(*["203.0.113.7"] * 5) == 2
    assert tries("203.0.113.8") == 1


def test_the_addresses_of_one_prefix_are_a_few_visitors_together(tries):
    addresses = [f"2001:db8:1:{number:x}::7" for number in range(20)]
    assert tries(*addresses) == 2 * visitors.VISITORS_PER_NETWORK
    assert tries("2001:db8:2::7") == 1


def test_a_visitor_who_is_refused_uses_up_nothing_of_the_others(tries):
    assert tries(*["2001:db8:1:1::7"] * 50) == 2
    assert tries("2001:db8:1:2::7", "2001:db8:1:2::8") == 2
