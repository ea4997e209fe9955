"""Open boards and phones at the real web server: they hold none of its threads, and hear of a change at once."""

import json
import os
import re
import signal
import socket
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import pytest

pytestmark = pytest.mark.xdist_group("browser")  # whose live desk they share
PAGES = 200
EVENT = re.compile(rb"event: changed\ndata: (\d+)\n\n")
ANNOUNCE = "from frontdesk.announce import announce; announce({})"
OFFICE = "from offices.models import Office; print(Office.objects.get(slug='mataram').pk)"


def open_stream(desk, path="/mataram/papan/siaran/"):
    line = socket.create_connection(("127.0.0.1", desk.port), timeout=15)
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
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


def seconds_for(desk, path):
    started = time.monotonic()
    assert desk.status(path) == 200
    return time.monotonic() - started


@pytest.fixture
def streams(live_desk):
    """Two hundred pages that follow the queue: twenty-five times the server's threads."""
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(open_stream(live_desk))) for _ in range(PAGES)]
        for line in lines:
            received(line, EVENT)
        yield lines


def test_two_hundred_open_pages_leave_the_server_free_and_hear_within_two_seconds(live_desk, streams):
    assert seconds_for(live_desk, "/mataram/papan/") < 2
    office_id = live_desk.manage("shell", "--no-imports", "-c", OFFICE).strip()
    live_desk.manage("shell", "--no-imports", "-c", ANNOUNCE.format(office_id))
    heard_by = time.time() + 2
    moments = [int(EVENT.search(received(line, EVENT))[1]) for line in streams]
    assert time.time() < heard_by
    assert max(moments) - min(moments) < 1_000  # the two processes heard it at the same time


def test_streams_end_when_their_process_stops_and_the_next_one_takes_them(live_desk, streams):
    web, *_ = json.loads((live_desk.data_dir / "run.json").read_text())["processes"]
    os.kill(web[0], signal.SIGHUP)  # gunicorn replaces its workers
    assert all(ends(line) for line in streams)
    with closing(open_stream(live_desk)) as line:
        received(line, EVENT)


def test_a_connection_that_was_answered_before_can_become_a_stream(live_desk):
    connection = HTTPConnection("127.0.0.1", live_desk.port, timeout=15)
    connection.request("GET", "/mataram/papan/")
    connection.getresponse().read()
    connection.request("GET", "/mataram/papan/siaran/")
    response = connection.getresponse()
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["X-Request-ID"]
    response.close()
    connection.close()


def test_a_stream_of_an_unknown_office_is_a_404(live_desk):
    assert live_desk.status("/tidak-ada/papan/siaran/") == 404
