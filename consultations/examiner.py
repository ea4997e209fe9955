"""How this process has files opened: by a helper that knows the parsers, one file at a time.

The helper starts with the first file, and again after it ended, however that came. It ends by itself when this process
does, since nobody is left at the other end of its socket.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Final

from django.conf import settings

from consultations.examination import protocol
from consultations.file_types import ACCEPTED, FileType, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

TURN_SECONDS: Final = 8  # as long as somebody waits while another's file is looked at
SENDING_SECONDS: Final = 15  # for all files of one sending
ANSWER_SECONDS: Final = 20  # longer than an examination may take: the helper hangs
STOP_SECONDS: Final = 2
TYPES = {file_type.label: file_type for file_type in ACCEPTED}


class BusyError(Exception):
    """Others' files are being looked at, or no helper can be started: to be tried again later."""


class Helper:
    """One helper process and the line to it."""

    def __init__(self) -> None:
        self._line, other_end = socket.socketpair()
        self._line.settimeout(ANSWER_SECONDS)
        with other_end:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "consultations.examination"],
                cwd=settings.BASE_DIR,
                env={name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},  # no secrets
                stdin=other_end.fileno(),
                stdout=subprocess.DEVNULL,
            )

    def ask(self, label: str, content: bytes) -> str:
        """What `protocol` says; raises OSError."""
        return protocol.ask(self._line, label, content)

    def stop(self) -> None:
        """End it, at once if it does not by itself, and leave nothing of it."""
        self._line.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Examiner:
    """At most one file at a time is looked at for a process. Whoever waits for it holds a thread, so few may."""

    def __init__(self, *, places: int) -> None:
        self._places = BoundedSemaphore(places)
        self._turn = Lock()
        self._helper: Helper | None = None
        self._until = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold this for the files of one sending. Raises BusyError when too many wait, or it lasts too long."""
        if not self._places.acquire(blocking=False):
            raise BusyError
        try:
            if not self._turn.acquire(timeout=TURN_SECONDS):
                raise BusyError
            try:
                self._until = time.monotonic() + SENDING_SECONDS
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def examine(self, claimed: FileType, content: bytes) -> FileType | Refusal:
        """What a content truly is, or why it is not taken; to be called in one's turn. Raises BusyError."""
        if time.monotonic() > self._until:
            return Refusal.TOO_COSTLY
        for _ in range(2):  # a helper that ended since the last file is replaced
            try:
                if self._helper is None:
                    self._helper = Helper()
                word = self._helper.ask(claimed.label, content)
            except OSError:
                self.close()
            else:
                return TYPES.get(word) or Refusal.__members__.get(word, Refusal.TOO_COSTLY)
        raise BusyError

    def close(self) -> None:
        """End the helper; the next file starts another."""
        if self._helper is not None:
            self._helper.stop()
            self._helper = None


EXAMINER = Examiner(places=max(1, settings.WEB_THREADS // 2))
atexit.register(EXAMINER.close)
