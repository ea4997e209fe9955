"""What a client sends and what it is answered, kept apart from the threads that answer: a slow one holds no thread.

`Incoming` gathers a request until it is whole, `Outgoing` keeps an answer until its client has taken it. Neither ever
waits; both keep what is large in a file without a name.
"""

from __future__ import annotations

import os
import re
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from gunicorn import http
from gunicorn.workers.gthread import TConn

if TYPE_CHECKING:
    import socket

IN_MEMORY_BYTES = 256 * 1024
LARGEST_HEAD_BYTES = 64 * 1024
CHUNK_BYTES = 64 * 1024

LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
IN_CHUNKS = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
FORWARDED = re.compile(rb"\r\nx-forwarded-for:([^\r]*)", re.IGNORECASE)
EXPECTS_WORD = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)

SENTENCES = {
    HTTPStatus.REQUEST_TIMEOUT: "Kiriman tidak selesai diterima pada waktunya. Silakan periksa sambungan internet, lalu kirim kembali.",
    HTTPStatus.TOO_MANY_REQUESTS: "Terlalu banyak sambungan terbuka dari alamat internet Bapak/Ibu. Silakan coba kembali sesaat lagi.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "Permintaan terlalu panjang. Silakan hapus kuki situs ini, lalu coba kembali.",
}


class Incoming:
    """One request as its bytes come in.

    The head is looked at only to know where the request ends; gunicorn's parser then reads, and judges, the same bytes.
    A body above the limit or of unknown length is not waited for: the request is whole without it, and `is_cut`.
    """

    def __init__(self, largest_body: int) -> None:
        self.is_cut = False
        self.expects_word = False  # to go on, before it sends the body
        self.forwarded = ""
        self.missing: int | None = None  # bytes of the body; None before the head is whole
        self._largest_body = largest_body
        self._head = bytearray()
        self._bytes = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - closed with the last reference

    @property
    def has_begun(self) -> bool:
        return bool(self._head)

    @property
    def is_whole(self) -> bool:
        return self.missing == 0

    @property
    def is_head_too_large(self) -> bool:
        return len(self._head) > LARGEST_HEAD_BYTES

    def feed(self, data: bytes) -> bytes:
        """Take what belongs to this request; what is left belongs to the next."""
        if self.missing is None:
            searched = max(0, len(self._head) - 3)
            self._head += data
            end = self._head.find(b"\r\n\r\n", searched)
            if end < 0:
                return b""
            data = bytes(self._head[end + 4 :])
            del self._head[end + 4 :]
            self.missing = self._body_length()
            self._bytes.write(self._head)
        taken = data[: self.missing]
        self._bytes.write(taken)
        self.missing -= len(taken)
        if not self.missing:
            self._bytes.seek(0)
        return data[len(taken) :]

    def _body_length(self) -> int:
        head = bytes(self._head)
        self.forwarded = b",".join(FORWARDED.findall(head)).decode("latin-1")
        announced = LENGTH.search(head)
        length = int(announced[1][:20]) if announced else 0
        self.is_cut = length > self._largest_body or IN_CHUNKS.search(head) is not None
        self.expects_word = EXPECTS_WORD.search(head) is not None
        return 0 if self.is_cut else length

    def recv(self, size: int) -> bytes:
        """Read on in a whole request; nothing at its end."""
        return self._bytes.read(size)


class Outgoing:
    """The socket as a thread sees it, which takes an answer of any length at once."""

    def __init__(self, line: socket.socket) -> None:
        self.waiting = 0
        self._line = line
        self._sent = 0
        self._bytes = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - closed with the last reference

    def sendall(self, data: bytes) -> None:
        """Raises OSError once the client is gone."""
        if not self.waiting:
            data = data[self._send(data) :]
        if data:
            self._bytes.seek(0, os.SEEK_END)
            self._bytes.write(data)
            self.waiting += len(data)

    def flush(self) -> bool:
        """Send what the client takes now; whether nothing waits any more. Raises OSError once it is gone."""
        while self.waiting:
            self._bytes.seek(self._sent)
            data = self._bytes.read(CHUNK_BYTES)
            sent = self._send(data)
            self._sent += sent
            self.waiting -= sent
            if sent < len(data):
                return False
        return True

    def _send(self, data: bytes) -> int:
        try:
            return self._line.send(data)
        except BlockingIOError:
            return 0

    # What gunicorn asks of a socket besides.

    def setblocking(self, _flag: bool) -> None:  # noqa: FBT001 - as sockets have it
        """It never blocks."""

    def gettimeout(self) -> float:
        return 0.0

    def send(self, _data: bytes) -> None:
        """Gunicorn's word to go on with the body, which is here already."""

    def shutdown(self, _how: int) -> None:
        raise ConnectionAbortedError

    def close(self) -> None:
        """The worker closes the line when the client has the answer."""


class Line(TConn):  # type: ignore[misc]
    """One client's connection. `line` is its socket; `deadline` is monotonic."""

    def __init__(self, cfg: Any, line: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, line, client, server)
        self.line = line
        self.is_handed_over = False
        self.data_ready = True
        self.deadline = 0.0
        self.is_watched = False
        self.is_answered = False
        self.is_kept = False
        self.surplus = b""
        self.drained = 0
        self.counted_as = ""
        self.initialized: bool
        self.incoming: Incoming
        self.sock: Outgoing

    def init(self) -> None:
        if not self.initialized:
            self.initialized = True
            self.parser = http.get_parser(self.cfg, self, self.client)

    def recv(self, size: int) -> bytes:
        """As the parser reads: from the request that is whole, never from the line."""
        return self.incoming.recv(size)


def short_answer(status: HTTPStatus) -> bytes:
    """An answer that needs no thread."""
    body = (
        f'<!doctype html><html lang="id"><meta charset="utf-8"><title>{status.value}</title><p>{SENTENCES[status]}</p>'
    ).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
