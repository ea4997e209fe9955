"""Open boards and phones at the real web server: they hold none of its threads, and hear of a change at once."""

import re
import signal
import socket
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import psutil
import pytest
from django.db import connection

from config import embedded
from frontdesk.announce import announce
from tests.factories import OfficeFactory
from tests.web import APPLICATION, Web

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = 200
EVENT = re.compile(rb"event: changed\ndata: (\d+)\n\n")


@pytest.fixture
def office():
    return OfficeFactory(slug="mataram")


@pytest.fixture
def web(office):
    web = Web()
    try:
        web.wait_until_open()
        yield web
    finally:
        web.stop()


def open_stream(web):
    line = socket.create_connection(("127.0.0.1", web.port), timeout=30)
    line.sendall(b"GET /mataram/papan/siaran/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    return line


def received(line, pattern):
    """Read a stream until it has what is looked for; what was read."""
    text = b""
    while not pattern.search(text):
        more = line.recv(4096)
        assert more, f"The stream ended after {text!r}"
        text += more
    return text


def ends(line):
    while line.recv(4096):
        pass
    return True


@pytest.fixture
def streams(web):
    """Two hundred pages that follow the queue: twenty-five times the server's threads."""
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(open_stream(web))) for _ in range(PAGES)]
        for line in lines:
            received(line, EVENT)
        yield lines


def test_two_hundred_open_pages_leave_the_server_free_and_all_hear_of_a_change(web, streams, office):
    assert web.status("/mataram/papan/") == 200
    changed_at = time.time()
    announce(office.pk)
    moments = [int(EVENT.search(received(line, EVENT))[1]) / 1000 for line in streams]
    assert changed_at <= min(moments)


def test_streams_end_when_their_process_stops_and_the_next_one_takes_them(web, streams):
    workers = psutil.Process(web.server.pid).children()
    web.server.send_signal(signal.SIGHUP)  # gunicorn replaces its workers
    assert all(ends(line) for line in streams)
    assert embedded.within(30, lambda: not any(worker.is_running() for worker in workers))
    with closing(open_stream(web)) as line:
        received(line, EVENT)


def test_a_connection_that_was_answered_before_can_become_a_stream(web):
    with closing(HTTPConnection("127.0.0.1", web.port, timeout=30)) as line:
        line.request("GET", "/mataram/papan/")
        line.getresponse().read()
        line.request("GET", "/mataram/papan/siaran/")
        response = line.getresponse()
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/event-stream"
        assert response.headers["X-Request-ID"]
        response.close()


def test_an_open_page_holds_no_database_connection(web, streams):
    in_use = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = %s AND query != 'LISTEN queue'
    """

    def connections():
        with connection.cursor() as cursor:
            cursor.execute(in_use, [APPLICATION])
            return cursor.fetchone()[0]

    assert embedded.within(10, lambda: connections() == 0)


def test_a_stream_of_an_unknown_office_is_a_404(web):
    assert web.status("/tidak-ada/papan/siaran/") == 404
