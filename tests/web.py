"""The real web server alone, on the test's own database."""

import os
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection

from django.conf import settings
from django.db import connection

from config import embedded
from tests.live import free_port

APPLICATION = "web under test"  # the name of its connections in the database
PATIENCE_SECONDS = 120


class Web:
    """The web server alone, two processes of four threads, on the test's own database."""

    def __init__(self, **environment):
        self.port = free_port()
        self.server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn"],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "DATABASE_URL": database_url(),
                "PORT": str(self.port),
                "WEB_WORKERS": "2",
                "WEB_THREADS": "4",
                "PGAPPNAME": APPLICATION,
                "WEB_STREAMS_PER_ADDRESS": "400",
                **environment,
            },
        )

    def status(self, path):
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
            line.request("GET", path)
            return line.getresponse().status

    def wait_until_open(self):
        assert embedded.within(PATIENCE_SECONDS, self.is_open)

    def is_open(self):
        assert self.server.poll() is None
        try:
            return self.status("/") == 200
        except OSError:
            return False

    def stop(self):
        self.server.terminate()
        assert self.server.wait(30) == 0


def database_url():
    to = connection.settings_dict
    place = f"/{to['HOST']}" if to["HOST"].startswith("/") else ""
    server = f":{to['PORT']}" if place else f"{to['HOST']}:{to['PORT']}"
    return f"postgres://{to['USER']}:{to['PASSWORD']}@{server}{place}/{to['NAME']}"
