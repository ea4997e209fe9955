"""What the desk says to ClamAV's daemon, at the address in CLAMD_URL (`man clamd`, "COMMANDS")."""

from __future__ import annotations

import re
import socket
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files import File

PING_SECONDS = 3
SCAN_SECONDS = 30  # without a byte taken or an answer; a scan of 5 MB takes less than one
LONGEST_ANSWER = 1_000


class ScanError(Exception):
    """clamd could not or would not judge a file; nothing is known of it."""


def answers() -> bool:
    """Whether clamd is there and well. Never raises; waits a few seconds at most."""
    try:
        with _clamd(PING_SECONDS) as line:
            line.sendall(b"nPING\n")
            return _read(line) == b"PONG\n"
    except OSError:
        return False


def find_malware(content: File[bytes]) -> str:
    """The name of the malware that clamd finds in a file; "" when it finds none.

    Raises ScanError, and OSError when clamd is gone or silent. Only clamd's own word after the whole file is a finding:
    of a file beyond its StreamMaxLength it says so, and hangs up, in the middle.
    """
    with _clamd(SCAN_SECONDS) as line:
        line.sendall(b"nINSTREAM\n")
        try:
            for chunk in content.chunks():
                line.sendall(struct.pack("!L", len(chunk)) + chunk)
            line.sendall(struct.pack("!L", 0))
        except ConnectionError:
            raise ScanError(_read(line)) from None
        answer = _read(line)
    if answer == b"stream: OK\n":
        return ""
    if found := re.fullmatch(rb"stream: (.+) FOUND\n", answer):
        return found[1].decode(errors="replace")
    raise ScanError(answer)


@contextmanager
def _clamd(seconds: float) -> Iterator[socket.socket]:
    """A connection on which no single step takes longer than these seconds; raises OSError."""
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(seconds)
            line.connect(address.path)
            yield line
    else:
        with socket.create_connection((address.hostname, address.port), seconds) as line:
            yield line


def _read(line: socket.socket) -> bytes:
    """One line of answer; without its end when clamd hung up before."""
    with line.makefile("rb") as answer:
        return answer.readline(LONGEST_ANSWER)
