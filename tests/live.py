"""A desk of real processes, for tests that need web, worker and beat."""

import email
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from email.policy import default as modern
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

# As `make run` does, and ended by Linux if the tests are killed.
RUN = "import sys; from config import supervisor; supervisor.end_with_parent(); sys.exit(supervisor.main())"
START_SECONDS = 180
STOP_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class LiveDesk:
    """One desk with its own database, files and port; stopped by `stop`."""

    def __init__(self, data_dir, port=None, **environment):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir = data_dir
        self.log = data_dir / "desk.log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "SITE_URL": self.url,
            **environment,
        }
        with self.log.open("wb") as log:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-c", RUN],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def wait_until_healthy(self):
        deadline = time.monotonic() + START_SECONDS
        while "Tekan Ctrl-C" not in self.log.read_text():
            if self.supervisor.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"The desk did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)
        assert self.status("/healthz") == 200, self.log.read_text()

    def status(self, path):
        """The HTTP status of a page; None if nothing answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def stop(self, number=signal.SIGTERM):
        """End the desk with a signal; the supervisor's exit code."""
        self.supervisor.send_signal(number)
        return self.supervisor.wait(STOP_SECONDS)

    def manage(self, *arguments):
        """Run a manage.py command on the desk's own data; what it printed."""
        run = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    def messages(self):
        """The e-mails sent so far, oldest first."""
        files = sorted((self.data_dir / "outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [email.message_from_bytes(file.read_bytes(), policy=modern) for file in files]


@contextmanager
def fresh_services():
    """The environment of a desk that shares nothing: an own database and key prefix on the servers that are given.

    Where none is given the desk starts its own servers in its data folder.
    """
    prefix = f"live_{uuid.uuid4().hex[:12]}"
    environment = {"REDIS_PREFIX": f"{prefix}:"}
    if "postgres" in settings.EMBEDDED_SERVICES:
        yield environment
        return
    given = urlsplit(settings.DATABASE_URL)
    with psycopg.connect(given._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {prefix}")
        try:
            yield {**environment, "DATABASE_URL": given._replace(path=f"/{prefix}").geturl()}
        finally:
            connection.execute(f"DROP DATABASE {prefix} WITH (FORCE)")
