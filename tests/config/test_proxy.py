"""The proxy of production as it is shipped: the real Caddy with deploy/Caddyfile before the real web server."""

import os
import socket
import subprocess
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection

import pytest
from django.conf import settings

from config import embedded
from tests.conftest import CADDY
from tests.live import free_port
from tests.web import Web

pytestmark = [pytest.mark.proxy, pytest.mark.django_db]
SLOW = 60
HEAD = b"POST /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def web(django_db_setup):
    web = Web(TRUSTED_PROXIES="1", WEB_CONNECTIONS_PER_ADDRESS="20")
    try:
        web.wait_until_open()
        yield web
    finally:
        web.stop()


@pytest.fixture(scope="module")
def proxy(web, tmp_path_factory):
    """The port of the proxy, without certificates."""
    port, home = free_port(), tmp_path_factory.mktemp("caddy")
    own = {
        "DOMAIN": f"http://127.0.0.1:{port}",
        "UPSTREAM": f"127.0.0.1:{web.port}",
        "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
    }
    version = subprocess.check_output([CADDY, "version"], text=True).lstrip("v")
    if tuple(map(int, version.split(" ")[0].split("-")[0].strip().split("."))) < (2, 6, 3):
        own["BUFFERING"] = "buffer_requests\nmax_buffer_size 256KB"
    shipped = settings.BASE_DIR / "deploy" / "Caddyfile"
    with (home / "log").open("wb") as log:
        caddy = subprocess.Popen(
            [CADDY, "run", "--adapter", "caddyfile", "--config", shipped],
            env={**os.environ, **own},
            stdout=log,
            stderr=log,
        )
    try:
        assert embedded.within(30, lambda: status(port) == 200), (home / "log").read_text()
        yield port
    finally:
        caddy.terminate()
        caddy.wait(30)


def status(port, address="127.0.0.1"):
    """Of a page that needs a thread and the database."""
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=30, source_address=(address, 0))) as line:
            line.request("GET", "/masuk/")
            return line.getresponse().status
    except OSError:
        return None


def line_to(port):
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def answer(line):
    received = b""
    while more := line.recv(65536):
        received += more
    return received


@pytest.mark.parametrize("body", [b"q=", b"q=" + b"a" * 500_000], ids=["a form", "more than is buffered"])
def test_sixty_slow_bodies_leave_every_page_open(proxy, body):
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(line_to(proxy))) for _ in range(SLOW)]
        for line in lines:
            line.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n" + body)
        for _ in range(10):
            assert status(proxy, "127.0.0.2") == 200


def test_a_body_beyond_the_limit_is_answered_with_the_desks_own_page(proxy):
    with closing(line_to(proxy)) as line:
        line.sendall(HEAD + b"Connection: close\r\nContent-Length: 31000000\r\n\r\n")
        with suppress(OSError):  # it stops reading
            line.sendall(bytes(31_000_000))
        received = answer(line)
    assert received.startswith(b"HTTP/1.1 413 ")
    assert "Kiriman terlalu besar" in received.decode()


def test_a_form_and_a_file_within_the_limit_pass(proxy):
    for body in (b"username=a", b"username=" + b"a" * 1_000_000):
        with closing(line_to(proxy)) as line:
            line.sendall(HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            assert answer(line).startswith(b"HTTP/1.1 403 ")  # no token of the form


def test_a_client_cannot_say_that_it_is_somebody_else(proxy, web):
    """Requests under way are counted by the address that the proxy saw, whatever the client wrote."""
    with ExitStack() as stack:

        def is_refused_after_another(number):
            line = stack.enter_context(closing(line_to(proxy)))
            said = b"X-Forwarded-For: 10.0.0.%d\r\nContent-Length: 1000000\r\n\r\n" % number
            line.sendall(HEAD + said + b"a" * 500_000)
            return status(proxy) == 429

        # However the web processes share them, both are full one day.
        assert any(is_refused_after_another(number) for number in range(3 * SLOW))
        assert status(proxy, "127.0.0.2") == 200
