"""The hub of a web process: who hears of a change, how soon, and what it survives. Real sockets, real NOTIFY."""

import re
import socket
import time

import psycopg
import pytest
from django.db import connection, transaction

from config.embedded import within
from frontdesk import live
from frontdesk.announce import announce
from frontdesk.live import Hub, Stream

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = 1, 2


class Reader:
    """The browser's end of a stream."""

    def __init__(self, hub, office_id, **options):
        self.line, server = socket.socketpair()
        for name, value in options.items():
            server.setsockopt(socket.SOL_SOCKET, getattr(socket, name), value)
        self.line.settimeout(10)
        self.received = b""
        self.read = 0
        hub.take(server, Stream(office_id))

    def next(self, kind="changed"):
        """Wait for the next event of a kind; raises TimeoutError when none comes, EOFError at the stream's end."""
        pattern = re.compile(rb"event: %s\ndata:(.*)\n\n" % kind.encode())
        while not (found := pattern.search(self.received, self.read)):
            more = self.line.recv(4096)
            if not more:
                raise EOFError
            self.received += more
        self.read = found.end()
        return found[1]


def wait_for(condition):
    assert within(10, condition)


@pytest.fixture
def database():
    """A connection whose statements take effect at once, unlike the test's own."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        yield other


@pytest.fixture
def change(database):
    """What `announce` does, once it is committed."""
    return lambda office_id=HERE: database.execute("SELECT pg_notify('queue', %s)", [str(office_id)])


@pytest.fixture
def listeners(database):
    """The server processes that serve a hub of this test's database."""

    def find():
        found = database.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN queue'"
        )
        return [pid for (pid,) in found]

    return find


@pytest.fixture
def start(monkeypatch, listeners):
    monkeypatch.setattr(live, "RETRY_SECONDS", (0.05, 0.1))
    started = []

    def start(limit=10):
        hub = Hub(limit)
        started.append((hub, hub.start()))
        wait_for(listeners)
        return hub

    yield start
    for hub, thread in started:
        hub.close()
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def hub(start):
    return start()


@pytest.fixture
def follow():
    """A page that follows an office's queue."""
    readers = []

    def follow(hub, **options):
        readers.append(Reader(hub, HERE, **options))
        return readers[-1]

    yield follow
    for reader in readers:
        reader.line.close()


@pytest.fixture
def reader(hub, follow):
    """A page that has had its first event, with which every stream begins."""
    reader = follow(hub)
    reader.next()
    return reader


def test_a_stream_begins_with_its_headers_and_a_look_at_the_queue(hub, follow):
    reader = follow(hub)
    reader.next()
    head = reader.received.partition(b"\r\n\r\n")[0]
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Type: text/event-stream" in head
    assert b"Content-Length" not in head


def milliseconds():
    return int(time.time() * 1000)


@pytest.fixture
def is_the_next_told(reader, change):
    """Whether nothing was told between what the test has read and a change made now."""

    def is_the_next_told():
        before = milliseconds()
        change()
        return before <= int(reader.next()) <= milliseconds()

    return is_the_next_told


def test_a_change_is_told_with_its_moment(is_the_next_told):
    assert is_the_next_told()


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_once_it_is_committed_and_never_when_undone(reader):
    with transaction.atomic():
        announce(HERE)
        transaction.set_rollback(True)
    with transaction.atomic():
        announce(HERE)
        before = milliseconds()
    assert before <= int(reader.next()) <= milliseconds()


def test_another_offices_change_is_not_told(change, is_the_next_told):
    change(ELSEWHERE)
    assert is_the_next_told()


def test_a_burst_is_told_at_once_and_then_together(reader, change, is_the_next_told):
    for _ in range(50):
        change()
    reader.next()
    reader.next()
    assert is_the_next_told()


def test_a_quiet_line_gives_signs_of_life(start, follow, monkeypatch):
    monkeypatch.setattr(live, "ALIVE_SECONDS", 0.1)
    reader = follow(start())
    reader.next("alive")
    reader.next("alive")


def test_a_hub_takes_no_more_than_its_limit_and_has_room_when_one_leaves(start, follow):
    hub = start(limit=2)
    readers = [follow(hub) for _ in range(2)]
    for reader in readers:
        reader.next()
    assert hub.is_full
    readers[0].line.close()
    wait_for(lambda: not hub.is_full)


@pytest.fixture
def fill():
    """Opens streams until there is room for no more of their kind; how many there were."""
    lines = []

    def fill(hub, count, address="{}", *, office_id=HERE, network="", is_known=False):
        for number in range(count):
            place = address.format(number)
            stream = Stream(office_id, place, network or place, is_known=is_known)
            if not hub.has_room_for(stream):
                return number
            line, server = socket.socketpair()
            lines.append(line)
            hub.take(server, stream)
        return count

    yield fill
    for line in lines:
        line.close()


def test_one_address_holds_no_more_than_its_share(start, fill):
    hub = start(limit=400)
    assert fill(hub, 100, "192.0.2.1") == 40
    assert fill(hub, 1, "192.0.2.2") == 1


def test_one_network_of_many_addresses_holds_no_more_than_a_few_visitors(start, fill):
    hub = start(limit=400)
    assert fill(hub, 300, "2001:db8:0:{}::/64", network="2001:db8::/48") == 40 * live.ADDRESSES_PER_NETWORK


def test_the_visitors_of_one_office_leave_room_for_those_of_another(start, fill):
    hub = start(limit=40)
    assert fill(hub, 40) == 20
    assert fill(hub, 40, "192.0.2.{}", office_id=ELSEWHERE) == 10


def test_a_share_waits_for_boards_whatever_visitors_hold(start, fill):
    hub = start(limit=40)
    fill(hub, 40)
    fill(hub, 40, "192.0.2.{}", office_id=ELSEWHERE)
    assert fill(hub, 40, "198.51.100.{}", is_known=True) == 10
    assert hub.is_full


def test_a_page_that_stopped_reading_is_dropped_and_the_others_go_on(
    hub, reader, follow, monkeypatch, change
):
    monkeypatch.setattr(live, "GATHER_SECONDS", 0.01)
    stuck = follow(hub, SO_SNDBUF=1)
    for _ in range(100):
        change()
        reader.next()
    while stuck.line.recv(65536):  # what fitted, and then the end
        pass


def test_when_the_database_hangs_up_the_hub_listens_again_and_every_page_looks_once(
    reader, database, listeners, change
):
    (before,) = listeners()
    database.execute("SELECT pg_terminate_backend(%s)", [before])
    reader.next()  # what changed meanwhile nobody heard
    (after,) = listeners()
    assert after != before
    change()
    reader.next()


def test_a_payload_that_is_no_office_is_passed_over(reader, change):
    change("bukan angka")
    change()
    reader.next()


def test_a_failure_inside_ends_the_streams_so_that_their_pages_come_back(
    hub, reader, follow, monkeypatch, caplog, change
):
    def fail(*_):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(hub, "_tell_what_is_due", fail)
        change()
        with pytest.raises(EOFError):
            reader.next()
    assert "The hub failed" in caplog.text
    follow(hub).next()


def test_closed_it_ends_every_stream_and_takes_no_more(hub, reader):
    hub.close()
    with pytest.raises(EOFError):
        reader.next()
    assert hub.is_full
