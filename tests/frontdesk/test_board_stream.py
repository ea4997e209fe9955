"""Who gets a stream of an office's changes, and as whom."""

import socket

import pytest

from frontdesk.live import HUB, Hub, Stream
from tests.factories import OfficeFactory


@pytest.fixture
def hub():
    hub = Hub(limit=4, per_address=1)
    thread = hub.start()
    yield hub
    hub.close()
    thread.join(10)


@pytest.fixture
def follow(client, hub):
    def follow(office):
        return client.get(f"/{office.slug}/papan/siaran/", **{HUB: hub})

    return follow


def test_a_visitor_is_a_stranger(follow, office):
    assert not follow(office).is_known


def test_staff_are_known_at_their_own_office(client, follow, office, cso):
    client.force_login(cso)
    assert follow(office).is_known
    assert not follow(OfficeFactory()).is_known


def test_a_board_that_was_opened_signed_in_stays_known_afterwards(client, follow, office, cso):
    client.force_login(cso)
    client.get(f"/{office.slug}/papan/")
    del client.cookies["sessionid"]
    assert follow(office).is_known
    client.cookies["papan"] = f"{office.pk}:forged"
    assert not follow(office).is_known


def test_a_board_that_a_stranger_opened_is_not_remembered(client, follow, office, cso):
    assert not client.get(f"/{office.slug}/papan/").cookies
    client.force_login(cso)
    assert not client.get(f"/{OfficeFactory().slug}/papan/").cookies


def test_whoever_has_enough_is_told_to_ask_now_and_then(follow, hub, office):
    line, server = socket.socketpair()
    with line:
        hub.take(server, Stream(office.pk, "127.0.0.1", "127.0.0.1"))
        response = follow(office)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
