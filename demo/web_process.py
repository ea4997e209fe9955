"""A web server of the desk's own kind, for as long as something is measured."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 30.0


@contextmanager
def web_process(*arguments: str, **environment: str) -> Iterator[tuple[psutil.Process, int]]:
    """Gunicorn as `make run` starts it, on a free port, until the block ends: its process, and the port.

    `arguments` go to gunicorn, `environment` sets what the desk's settings read.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"PORT": str(port), "HOST": "127.0.0.1", "LOG_LEVEL": "WARNING", "DATA_DIR": str(settings.DATA_DIR)}
    server = subprocess.Popen(  # noqa: S603 - the desk's own program
        [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, **own, **environment},
    )
    try:
        _wait_until_open(port)
        yield psutil.Process(server.pid), port
    finally:
        server.terminate()
        server.wait()


def _wait_until_open(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
