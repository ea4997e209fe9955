"""Telling open pages that an office's queue changed, without a thread or a process for each of them.

A page that wants to follow opens a stream of server-sent events. Once its request has been answered, the web process
takes the connection out of its worker threads (`config.streams`) and leaves it to the process's one `Hub`: a thread
that listens to PostgreSQL's channel `queue` and writes a line to every connection of the office that changed. What
changed is not in the line: the page asks for its part anew.
"""

from __future__ import annotations

import logging
import random
import selectors
import socket
import threading
import time
from collections import defaultdict
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpResponse

from frontdesk.announce import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Iterable

HUB = "desk.hub"  # where a request's environment has the hub of its process
ALIVE_SECONDS = 15.0  # between two signs of life, so that a page notices a dead line
GATHER_SECONDS = 0.2  # changes of one office this near to each other are told once
RETRY_SECONDS = (1.0, 3.0)  # until the database is tried again, at random between the two
ADDRESSES_PER_NETWORK = 4  # as many as one IPv6 /48 may hold the shares of
OFFICE_SHARE = 0.5  # of all streams, at most, for the strangers at one office
STRANGERS_SHARE = 0.75  # and at all offices: what is left waits for boards and counters
UNACKNOWLEDGED_MS = 30_000  # how long a vanished client may leave what was sent unanswered

CHANGED = b"event: changed\ndata: %d\n\n"
ALIVE = b"event: alive\ndata:\n\n"

log = logging.getLogger("desk.live")


class Stream(HttpResponse):
    """The answer that opens a stream of an office's changes; a hub sends what follows.

    `address` and `network` say where its reader is; a reader `is_known` where somebody of the office has signed in.
    """

    def __init__(
        self, office_id: int, address: str = "", network: str = "", *, is_known: bool = False
    ) -> None:
        super().__init__(
            content_type="text/event-stream",
            headers={"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"},
        )
        self.office_id = office_id
        self.address, self.network = address, network
        self.is_known = is_known

    def head(self) -> bytes:
        """Status and headers as they go over the line; the end of the connection is the end of the stream."""
        lines = [f"{name}: {value}" for name, value in self.items() if name != "Content-Length"]
        return "\r\n".join(["HTTP/1.1 200 OK", *lines, "Connection: close", "", ""]).encode()


class Hub:
    """All streams of one web process, served by one thread.

    Other threads use `start`, `close`, `is_full`, `has_room_for` and `take`.
    """

    def __init__(self, limit: int, per_address: int = 40) -> None:
        self.limit = limit
        self.per_address = per_address
        self._seats: set[Stream] = set()
        self._seats_lock = threading.Lock()
        self._arrivals: SimpleQueue[tuple[socket.socket, Stream]] = SimpleQueue()
        self._selector = selectors.DefaultSelector()
        self._bell, self._door = socket.socketpair()
        self._bell.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ, self._welcome)
        self._listener: psycopg.Connection | None = None
        self._listener_file = -1
        self._listen_at = 0.0
        self._stream_of: dict[socket.socket, Stream] = {}
        self._streams_of: dict[int, set[socket.socket]] = defaultdict(set)
        self._told_at: dict[int, float] = {}
        self._due_at: dict[int, float] = {}
        self._alive_at = time.monotonic() + ALIVE_SECONDS
        self._is_over = False

    def start(self) -> threading.Thread:
        """Serve until `close`, or the end of the process."""
        thread = threading.Thread(target=self._serve, name="hub", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """End every stream and take no more; the pages come back to whoever serves next."""
        self._is_over = True
        self._ring()

    @property
    def is_full(self) -> bool:
        return self._is_over or len(self._seats) >= self.limit

    def has_room_for(self, stream: Stream) -> bool:
        """Whether a stream may be had: nobody holds more than a share, and strangers leave the boards theirs."""
        with self._seats_lock:
            alike = [held for held in self._seats if held.is_known == stream.is_known]
        if (
            self.is_full
            or sum(held.address == stream.address for held in alike) >= self.per_address
            or sum(held.network == stream.network for held in alike)
            >= self.per_address * ADDRESSES_PER_NETWORK
        ):
            return False
        of_office = sum(held.office_id == stream.office_id for held in alike)
        return stream.is_known or (
            of_office < self.limit * OFFICE_SHARE and len(alike) < self.limit * STRANGERS_SHARE
        )

    def take(self, connection: socket.socket, stream: Stream) -> None:
        """Own a connection from here on: answer it, and keep it until either side ends it."""
        with self._seats_lock:
            self._seats.add(stream)
        self._arrivals.put((connection, stream))
        self._ring()

    def _ring(self) -> None:
        """Wake the hub's thread; one that has ended needs no waking."""
        with suppress(OSError):
            self._door.send(b".")

    def _serve(self) -> None:
        while not self._is_over:
            try:
                self._turn()
            except Exception:
                # A hub that stopped would leave its pages waiting in silence; dropped, they come back by themselves.
                log.exception("The hub failed and drops its streams.")
                self._drop(list(self._stream_of))
                time.sleep(1)
        self._end()

    def _end(self) -> None:
        self._drop(list(self._stream_of))
        while not self._arrivals.empty():
            self._arrivals.get()[0].close()
        if self._listener is not None:
            self._listener.close()
        self._selector.close()
        self._bell.close()
        self._door.close()

    def _turn(self) -> None:
        """Wait for whatever comes first: an arrival, a change, a client's end, or the next line to write."""
        if self._listener is None and time.monotonic() >= self._listen_at:
            self._listen()
        upcoming = [self._alive_at, *self._due_at.values()]
        if self._listener is None:
            upcoming.append(self._listen_at)
        for key, _ in self._selector.select(max(0.0, min(upcoming) - time.monotonic())):
            if key.data is None:
                self._hear_client(key.fileobj)  # type: ignore[arg-type]
            else:
                key.data()
        self._tell_what_is_due(time.monotonic())

    def _welcome(self) -> None:
        self._bell.recv(4096)
        while not self._arrivals.empty():
            connection, stream = self._arrivals.get()
            connection.setblocking(False)
            with suppress(OSError, AttributeError):  # Linux only; elsewhere the system's own patience counts
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS)
            self._stream_of[connection] = stream
            self._streams_of[stream.office_id].add(connection)
            self._selector.register(connection, selectors.EVENT_READ, None)
            # The queue may have changed since the page was made, so a new stream begins with a change.
            self._send([connection], stream.head() + CHANGED % milliseconds())

    def _hear_client(self, connection: socket.socket) -> None:
        """A client has nothing to say on a stream but its end."""
        try:
            ended = not connection.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            ended = True
        if ended:
            self._drop([connection])

    def _listen(self) -> None:
        parameters = connections[DEFAULT_DB_ALIAS].get_connection_params()
        try:
            listener = psycopg.connect(
                **{**parameters, "connect_timeout": 3, "keepalives_idle": 15, "keepalives_interval": 5},
                autocommit=True,
            )
            listener.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            self._try_later(error)
            return
        self._listener, self._listener_file = listener, listener.fileno()
        self._selector.register(
            self._listener_file, selectors.EVENT_READ, partial(self._hear_database, listener)
        )
        # What changed while nobody listened is not known: every page looks once.
        self._mark(self._streams_of)

    def _hear_database(self, listener: psycopg.Connection) -> None:
        try:
            payloads = [notice.payload for notice in listener.notifies(timeout=0)]
        except psycopg.Error as error:
            self._selector.unregister(self._listener_file)
            self._listener = None
            listener.close()
            self._try_later(error)
        else:
            self._mark(int(payload) for payload in payloads if payload.isdecimal())

    def _try_later(self, error: psycopg.Error) -> None:
        """Without the database nothing changes that could be told."""
        log.warning("The database is out of hearing: %s", type(error).__name__)
        self._listen_at = time.monotonic() + random.uniform(*RETRY_SECONDS)  # noqa: S311 - spreads a load

    def _mark(self, offices: Iterable[int]) -> None:
        """Have the offices' streams told at once, or as soon as the last line to them is old enough."""
        now = time.monotonic()
        for office_id in offices:
            self._due_at.setdefault(office_id, max(now, self._told_at.get(office_id, 0.0) + GATHER_SECONDS))

    def _tell_what_is_due(self, now: float) -> None:
        for office_id in [office_id for office_id, due_at in self._due_at.items() if due_at <= now]:
            del self._due_at[office_id]
            self._told_at[office_id] = now
            self._send(list(self._streams_of.get(office_id, ())), CHANGED % milliseconds())
        if self._alive_at <= now:
            self._alive_at = now + ALIVE_SECONDS
            self._send(list(self._stream_of), ALIVE)

    def _send(self, receivers: list[socket.socket], line: bytes) -> None:
        """Write a line to each, and drop who cannot take it whole: they have stopped reading, or are gone."""
        lost = []
        for connection in receivers:
            try:
                sent = connection.send(line)
            except OSError:
                sent = 0
            if sent < len(line):
                lost.append(connection)
        self._drop(lost)

    def _drop(self, lost: list[socket.socket]) -> None:
        for connection in lost:
            stream = self._stream_of.pop(connection)
            with self._seats_lock:
                self._seats.discard(stream)
            self._streams_of[stream.office_id].discard(connection)
            if not self._streams_of[stream.office_id]:
                del self._streams_of[stream.office_id]
            self._selector.unregister(connection)
            connection.close()


def milliseconds() -> int:
    """The moment of a change, by which a page tells how new an answer it needs."""
    return time.time_ns() // 1_000_000
