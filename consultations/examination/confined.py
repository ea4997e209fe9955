"""One examination in a fork of its own, within limits that the kernel keeps."""

from __future__ import annotations

import os
import resource
import select
import signal
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from consultations.examination.images import examine_image
from consultations.examination.office import examine_office
from consultations.examination.pdf import examine_pdf
from consultations.examination.refused import RefusedError
from consultations.file_types import DOCX, JPEG, PDF, PNG, XLSX, FileType, Refusal

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

EXAMINATIONS: dict[str, Callable[[BytesIO], FileType]] = {
    PDF.label: examine_pdf,
    JPEG.label: examine_image,
    PNG.label: examine_image,
    XLSX.label: examine_office,
    DOCX.label: examine_office,
}
CPU_SECONDS = 5
WALL_SECONDS = 10
MEMORY_BYTES = 512 * 1024 * 1024
OPEN_FILES = 16
LONGEST_VERDICT = 32


def examine_apart(label: str, content: bytes, asker: socket.socket) -> str:
    """The label of the type that the content has, or the name of a Refusal, by a process that is gone afterwards.

    TOO_COSTLY when it took more than it may. Raises ConnectionError when the asker is gone meanwhile.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            confine()
            os.write(writing, verdict(label, content).encode())
        finally:
            os._exit(0)
    os.close(writing)
    try:
        ready, _, _ = select.select([reading, asker.fileno()], [], [], WALL_SECONDS)
        if ready == [asker.fileno()]:
            raise ConnectionError("Whoever asked is gone.")
        told = os.read(reading, LONGEST_VERDICT) if reading in ready else b""
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return told.decode(errors="replace") or Refusal.TOO_COSTLY.name


def verdict(label: str, content: bytes) -> str:
    """What is to be told of a file: parsers fail in countless ways on broken and hostile ones, and all mean the same."""
    try:
        return EXAMINATIONS[label](BytesIO(content)).label
    except RefusedError as refused:
        return refused.refusal.name
    except MemoryError:
        return Refusal.TOO_LARGE_INSIDE.name
    except Exception:  # noqa: BLE001
        return Refusal.DAMAGED.name


def confine() -> None:
    """Let the kernel end this process, first of all, when it takes too much; and let it write nothing."""
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(WALL_SECONDS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    for limited, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_DATA, MEMORY_BYTES),
        (resource.RLIMIT_AS, MEMORY_BYTES),
    ):
        with suppress(OSError, ValueError):  # not every system keeps each of them
            resource.setrlimit(limited, (most, most))
