import pytest
from django.test import RequestFactory

from throttle.client_address import client_address


def request(address, forwarded=None):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


def test_without_proxies_a_forwarded_header_is_not_believed(settings):
    settings.TRUSTED_PROXIES = 0
    assert client_address(request("203.0.113.7", "198.51.100.1")) == "203.0.113.7"


@pytest.mark.parametrize(("proxies", "expected"), [(1, "198.51.100.3"), (2, "198.51.100.2")])
def test_only_what_our_own_proxies_added_is_believed(settings, proxies, expected):
    settings.TRUSTED_PROXIES = proxies
    forwarded = "198.51.100.1, 198.51.100.2, 198.51.100.3"
    assert client_address(request("10.0.0.1", forwarded)) == expected


@pytest.mark.parametrize("forwarded", [None, "198.51.100.1"])
def test_a_request_that_came_past_the_proxies_counts_by_its_own_address(settings, forwarded):
    settings.TRUSTED_PROXIES = 2
    assert client_address(request("203.0.113.7", forwarded)) == "203.0.113.7"


def test_an_ipv6_subscriber_is_one_visitor():
    first, second = request("2001:db8:1:2::1"), request("2001:db8:1:2:ffff::9")
    assert client_address(first) == client_address(second) == "2001:db8:1:2::/64"


def test_an_ipv4_address_in_ipv6_clothes_is_the_same_visitor():
    assert client_address(request("::ffff:203.0.113.7")) == "203.0.113.7"


@pytest.mark.parametrize("address", ["", "bukan alamat", "1.2.3.4, 5.6.7.8", "\x00", "9" * 5000])
def test_what_is_no_address_counts_as_one_unknown_visitor(address):
    assert client_address(request(address)) == "unknown"
