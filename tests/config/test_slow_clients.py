"""Clients that send or read slowly, or too much, at the real web server: they wait by themselves, nobody waits for them."""

import select
import socket
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection

import pytest

from config import embedded
from consultations.attachments import MAX_BYTES, MAX_FILES
from tests.web import Web

pytestmark = pytest.mark.django_db
THREADS = 8
SLOW = 60
HEAD = b"POST /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.fixture(scope="module")
def web(django_db_setup):
    web = Web(WEB_CONNECTIONS_PER_ADDRESS="100")
    try:
        web.wait_until_open()
        yield web
    finally:
        web.stop()


@pytest.fixture
def crowd(web):
    """Opens connections that have sent something."""
    with ExitStack() as stack:

        def crowd(count, sent, address="127.0.0.1"):
            lines = [stack.enter_context(closing(line_to(web, address))) for _ in range(count)]
            for line in lines:
                line.sendall(sent)
            return lines

        yield crowd


def line_to(web, address="127.0.0.1"):
    return socket.create_connection(("127.0.0.1", web.port), timeout=30, source_address=(address, 0))


def answer(line):
    """All that comes until the server ends the connection, within 30 seconds."""
    received = b""
    while more := line.recv(65536):
        received += more
    return received


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /mas",
        HEAD + b"Content-Length: 5000\r\n\r\nquestion=",
        HEAD + b"Content-Length: 20000000\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n--x",
        HEAD + b"Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n",
    ],
    ids=["nothing", "half a line", "half a form", "a large file", "what was invited to come"],
)
def test_sixty_slow_requests_leave_every_page_open(web, crowd, sent):
    crowd(SLOW, sent)
    for _ in range(THREADS):
        assert web.status("/masuk/") == 200


def test_those_who_do_not_read_their_answer_leave_every_page_open(web):
    lines = [line_to(web) for _ in range(SLOW)]
    for line in lines:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.sendall(b"GET /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20)
    assert web.status("/masuk/") == 200
    for line in lines:
        line.close()


def test_a_client_that_never_ends_its_connection_delays_nobody(web, crowd):
    closing_lines = crowd(SLOW, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert web.status("/masuk/") == 200
    assert all(answer(line).startswith(b"HTTP/1.1 ") for line in closing_lines)


def test_a_request_that_does_not_come_to_its_end_is_let_go_with_a_sentence(web):
    with closing(line_to(web)) as line:
        line.sendall(b"GET /masuk/ HTTP/1.1\r\n")
        received = answer(line)
    assert received.startswith(b"HTTP/1.1 408 ")
    assert "Kiriman tidak selesai diterima" in received.decode()


def test_a_request_that_comes_byte_by_byte_is_answered(web):
    with closing(line_to(web)) as line:
        for sign in b"GET /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n":
            line.sendall(bytes([sign]))
        assert answer(line).startswith(b"HTTP/1.1 200 ")


def test_requests_sent_at_once_are_answered_one_after_the_other(web):
    with closing(line_to(web)) as line:
        form = (
            HEAD + b"Content-Length: 10\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nquestion=a"
        )
        page = b"GET /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        line.sendall(page + b"\r\n" + form + page + b"Connection: close\r\n\r\n")
        received = answer(line)
    assert [received.count(status) for status in (b"HTTP/1.1 200 OK", b"HTTP/1.1 403 ")] == [2, 1]


def test_a_client_that_asks_first_is_told_to_go_on(web):
    with closing(line_to(web)) as line:
        line.sendall(
            HEAD + b"Expect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: 10\r\nConnection: close\r\n\r\n"
        )
        assert line.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"question=a")
        received = answer(line)
    assert received.startswith(b"HTTP/1.1 403 ")
    assert b"100 Continue" not in received


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(web):
    sent = 0
    with closing(line_to(web)) as line:
        line.sendall(HEAD + b"Content-Length: 200000000\r\n\r\n")
        with suppress(OSError):  # it stops reading
            while sent < 200:
                line.sendall(bytes(1_000_000))
                sent += 1
        received = line.recv(65536)
    assert received.startswith(b"HTTP/1.1 413 ")
    assert "Kiriman terlalu besar" in received.decode()
    assert sent < 50


def test_a_body_of_unknown_length_is_refused(web):
    with closing(line_to(web)) as line:
        line.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        received = answer(line)
    assert received.startswith(b"HTTP/1.1 411 ")
    assert "Permintaan tidak dapat dibaca" in received.decode()


def test_a_head_without_end_is_refused(web):
    with closing(line_to(web)) as line:
        line.sendall(b"GET / HTTP/1.1\r\n" + b"X-A: " + b"a" * 70_000)
        assert answer(line).startswith(b"HTTP/1.1 431 ")


def test_one_address_holds_no_more_connections_than_its_share(web, crowd):
    lines = crowd(300, b"")
    assert embedded.within(5, lambda: len(answered(lines)) >= 300 - 2 * 100)
    assert all(line.recv(65536).startswith(b"HTTP/1.1 429 ") for line in answered(lines))
    with closing(HTTPConnection("127.0.0.1", web.port, timeout=30, source_address=("127.0.0.2", 0))) as other:
        other.request("GET", "/masuk/")
        assert other.getresponse().status == 200


def answered(lines):
    return select.select(lines, [], [], 0)[0]


def test_the_limit_has_room_for_what_the_form_promises_to_take(settings):
    assert MAX_FILES * MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE < settings.LARGEST_BODY_BYTES
