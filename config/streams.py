"""Gunicorn's threaded worker, whose threads wait for nobody.

Its main loop gathers each request until it is whole, a thread answers it, and the main loop sends the answer as fast as
the client takes it (`config.connections`): one that sends or reads slowly holds no thread, and is let go at its
deadline. No address holds more connections than its share.

When the application answers with a `Stream`, the worker hands the connection to the process's hub.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from gunicorn.workers.gthread import ThreadWorker

from config.connections import CHUNK_BYTES, Incoming, Line, Outgoing, short_answer
from frontdesk.live import HUB, Hub, Stream
from throttle.client_address import visitor_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEAD_SECONDS = 10.0  # from the first byte of a request to the end of its head
BODY_SECONDS = 20.0  # for a body or an answer, and besides as long as its size takes at the slowest:
SLOWEST_BYTES_A_SECOND = 16 * 1024
LINGER_SECONDS = 2.0  # after an answer, for a client that is still sending, so that it gets to read it
LINGER_BYTES = 1024 * 1024
LOOK_SECONDS = 0.5
# Nothing to end a worker for: nobody there after all, or no descriptor left for now.
PASSING = {errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED, errno.EMFILE, errno.ENFILE}


class HandedOver(Exception):  # noqa: N818 - no error: the way out of a request whose connection stays open
    """The answer to a request is a stream."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream


class Worker(ThreadWorker):  # type: ignore[misc]
    def init_process(self) -> None:
        self.lines: set[Line] = set()
        self.held: Counter[str] = Counter()
        self.looked_at = 0.0
        self.hub = Hub(settings.WEB_STREAMS, settings.WEB_STREAMS_PER_ADDRESS)
        self.hub.start()
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi: WSGIApplication = with_hub(self.wsgi, self.hub)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Asked to stop: the streams end at once, the pages under way as they always did."""
        self.hub.close()
        super().handle_exit(sig, frame)

    # In a thread.

    def handle_request(self, req: Any, conn: Line) -> bool:
        if conn.incoming.is_cut:
            req.force_close()  # where the next request would begin is not known
        try:
            return bool(super().handle_request(req, conn))
        except HandedOver as handed:
            conn.is_handed_over = True
            self.hub.take(conn.line, handed.stream)
            return False

    # In the main loop, as all that follows.

    def accept(self, listener: socket.socket) -> None:
        try:
            connection, client = listener.accept()
        except OSError as error:
            if error.errno not in PASSING:
                raise
            return
        conn = Line(self.cfg, connection, client, listener.getsockname())
        self.nr_conns += 1
        self.lines.add(conn)
        self._receive(conn, HEAD_SECONDS)
        # Behind a proxy every connection is the proxy's: there each request is counted by what it says of its client.
        if not settings.TRUSTED_PROXIES and not self._has_share(conn, visitor_address(client[0], "")):
            self._refuse(conn, HTTPStatus.TOO_MANY_REQUESTS)

    def _receive(self, conn: Line, seconds: float) -> None:
        conn.incoming, conn.sock = Incoming(settings.LARGEST_BODY_BYTES), Outgoing(conn.line)
        conn.is_answered = False
        conn.deadline = time.monotonic() + seconds
        self._watch(conn, selectors.EVENT_READ, self._read)

    def _read(self, conn: Line) -> None:
        if data := self._received(conn):
            self._take(conn, data)

    def _received(self, conn: Line) -> bytes:
        """What the client sent; nothing if there was nothing, or it is gone and its connection closed."""
        try:
            data = conn.line.recv(CHUNK_BYTES)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._drop(conn)
        return data

    def _take(self, conn: Line, data: bytes) -> None:
        incoming, now = conn.incoming, time.monotonic()
        if not incoming.has_begun:
            conn.deadline = now + HEAD_SECONDS
        is_in_head = incoming.missing is None
        conn.surplus = incoming.feed(data)
        if is_in_head and incoming.missing is not None:
            conn.deadline = now + BODY_SECONDS + incoming.missing / SLOWEST_BYTES_A_SECOND
            if settings.TRUSTED_PROXIES and not self._has_share(
                conn, visitor_address(conn.client[0], incoming.forwarded)
            ):
                self._refuse(conn, HTTPStatus.TOO_MANY_REQUESTS)
                return
            if incoming.expects_word and incoming.missing:
                conn.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if incoming.is_whole:
            self._unwatch(conn)
            self.enqueue_req(conn)
        elif incoming.is_head_too_large:
            self._refuse(conn, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def finish_request(self, conn: Line, fs: Future[bool]) -> None:
        """A thread is done with it: the answer, or what is left of it, goes out from here."""
        if conn.is_handed_over:
            self._forget(conn)
            return
        self._answer(conn, is_kept=not fs.cancelled() and fs.exception() is None and bool(fs.result()))

    def _refuse(self, conn: Line, status: HTTPStatus) -> None:
        conn.sock.sendall(short_answer(status))
        self._answer(conn, is_kept=False)

    def _answer(self, conn: Line, *, is_kept: bool) -> None:
        conn.is_answered, conn.is_kept = True, is_kept
        conn.deadline = time.monotonic() + BODY_SECONDS + conn.sock.waiting / SLOWEST_BYTES_A_SECOND
        self._send(conn)

    def _send(self, conn: Line) -> None:
        try:
            is_sent = conn.sock.flush()
        except OSError:
            self._drop(conn)
            return
        if not is_sent:
            self._watch(conn, selectors.EVENT_WRITE, self._send)
        elif conn.is_kept:
            self._next(conn)
        else:
            self._linger(conn)

    def _next(self, conn: Line) -> None:
        """Wait for a further request on the same connection, of which a part may be here already."""
        if settings.TRUSTED_PROXIES:
            self._give_back(conn)
        surplus = conn.surplus
        self._receive(conn, self.cfg.keepalive)
        if surplus:
            self._take(conn, surplus)

    def _linger(self, conn: Line) -> None:
        """Closed with bytes unread, the line would take the answer away from a client that has not read it yet."""
        try:
            conn.line.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)
            return
        conn.deadline = time.monotonic() + LINGER_SECONDS
        self._watch(conn, selectors.EVENT_READ, self._drain)

    def _drain(self, conn: Line) -> None:
        conn.drained += len(self._received(conn))
        if conn.drained > LINGER_BYTES:
            self._drop(conn)

    def murder_pending(self) -> None:
        """Let go whoever is past the deadline. Gunicorn calls it at every turn of the main loop."""
        now = time.monotonic()
        if now < self.looked_at + LOOK_SECONDS:
            return
        self.looked_at = now
        for conn in [conn for conn in self.lines if conn.is_watched and conn.deadline < now]:
            if conn.is_answered or not conn.incoming.has_begun:
                self._drop(conn)
            else:
                self._refuse(conn, HTTPStatus.REQUEST_TIMEOUT)

    def _cap_keepalive(self, deadline: float) -> None:
        """Gunicorn's word that the worker stops: nobody who has not begun a request needs more time."""
        for conn in self.lines:
            if conn.is_watched and not conn.incoming.has_begun:
                conn.deadline = min(conn.deadline, deadline)

    def _watch(self, conn: Line, events: int, step: Callable[[Line], None]) -> None:
        change = self.poller.modify if conn.is_watched else self.poller.register
        change(conn.line, events, lambda _socket: step(conn))
        conn.is_watched = True

    def _unwatch(self, conn: Line) -> None:
        if conn.is_watched:
            self.poller.unregister(conn.line)
            conn.is_watched = False

    def _drop(self, conn: Line) -> None:
        self._unwatch(conn)
        conn.line.close()
        self._forget(conn)

    def _forget(self, conn: Line) -> None:
        if conn in self.lines:
            self.lines.remove(conn)
            self.nr_conns -= 1
            self._give_back(conn)

    def _has_share(self, conn: Line, address: str) -> bool:
        """Count the connection as its client's; whether the client had less than the share of one."""
        conn.counted_as = address
        self.held[address] += 1
        return bool(self.held[address] <= settings.WEB_CONNECTIONS_PER_ADDRESS)

    def _give_back(self, conn: Line) -> None:
        if conn.counted_as:
            self.held[conn.counted_as] -= 1
            if not self.held[conn.counted_as]:
                del self.held[conn.counted_as]
            conn.counted_as = ""


def with_hub(application: WSGIApplication, hub: Hub) -> WSGIApplication:
    """The application, which finds the hub in a request's environment; raises HandedOver when it answers a stream."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[HUB] = hub
        response = application(environ, start_response)
        if isinstance(response, Stream):
            response.close()  # ends the request: its database connection is free
            raise HandedOver(response)
        return response

    return answer
