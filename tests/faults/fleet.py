"""Web, worker and beat as single processes on a PostgreSQL and a Valkey of their own, each to be killed at will."""

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

import psutil
import psycopg
import pytest
import redis
from django.conf import settings

from config import addresses, embedded, supervisor
from tests import samples
from tests.live import free_port

BOTH = (embedded.POSTGRES, embedded.VALKEY)
PATIENCE_SECONDS = 120
# `python -m module`, ended by Linux if the tests are killed.
RUN = (
    "import runpy, sys; from config.supervisor import end_with_parent; end_with_parent(); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)
STORED = "consultations_consultation, notifications_message, stakeholders_stakeholder, throttle_bucket, offices_heartbeat"


class Fleet:
    """Starts as many processes of each kind as a test wants. Nothing is replaced when it ends."""

    def __init__(self, data_dir):
        self.data_dir = data_dir
        self.port, self.mail_port = free_port(), free_port()
        self.log = data_dir / "fleet.log"
        self.processes = []
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "SECRET_KEY": settings.SECRET_KEY,  # so that work done in a test counts there
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "REDIS_PREFIX": "",
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "SWEEP_SECONDS": "2",  # a task expires before the next: a busy machine needs a while to take it
            "DELIVERY_SECONDS": "1",
            "LOG_LEVEL": "WARNING",
        }

    def start(self, kind, **environment):
        """Start another web, worker or beat."""
        arguments, own = supervisor.PROCESSES[kind]
        module = arguments.index("-m")
        number = len(self.processes)
        distinct = {
            "web": [],
            "worker": [],
            "beat": ["--schedule", str(self.data_dir / f"beat-schedule-{number}")],
        }
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments[:module], "-c", RUN, *arguments[module + 1 :], *distinct[kind]],
                cwd=settings.BASE_DIR,
                env={**self.environment, **own, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def kill(self, process):
        """As a power cut does: the process and all its children at once."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_children(self, process):
        """As the kernel does when memory runs out: those that do the work, not the one that started them."""
        for child in psutil.Process(process.pid).children():
            child.kill()

    def kill_all(self):
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)
        self.processes.clear()

    def manage(self, *arguments):
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            check=True,
            capture_output=True,
        )

    def start_services(self):
        """Start whichever of PostgreSQL and Valkey does not run; both answer when this returns."""
        for name in BOTH:
            if process := self.service(name):
                process.resume()
        with embedded.running(self.data_dir, BOTH):
            pass

    def service(self, name):
        return embedded.live_process(self.data_dir / embedded.PID_FILES[name])

    def empty(self):
        """Forget what a test has stored and asked for; offices and holidays stay."""
        with self.connect() as connection:
            connection.execute(f"TRUNCATE {STORED} CASCADE")
        with redis.Redis.from_url(addresses.redis_url(self.data_dir)) as broker:
            broker.flushall()

    def connect(self):
        """A connection beside those of the desk."""
        address = addresses.database(self.data_dir)
        return psycopg.connect(
            host=address["HOST"], port=address["PORT"], user=address["USER"], dbname=address["NAME"]
        )

    @contextmanager
    def nobody_writes(self, table):
        """Whoever writes to a table waits, in the middle of a transaction, until this is left."""
        with self.connect() as connection:
            connection.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield
            connection.rollback()

    def waiting(self):
        """How many transactions wait for a lock."""
        with self.connect() as connection:
            question = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
            return connection.execute(question).fetchone()[0]

    def until(self, condition, what):
        """Wait for a condition; fails, with the end of the log, when it does not come true."""
        if not embedded.within(PATIENCE_SECONDS, condition):
            pytest.fail(f"Waited in vain until {what}.\n{self.log.read_text()[-4000:]}")

    def until_web_answers(self):
        self.until(lambda: self.healthy("database"), "the web answers")

    def healthy(self, part):
        visitor = Visitor(self.port)
        try:
            return f'"{part}": true' in visitor.get("/healthz").text
        except OSError:
            return False


class Answer(NamedTuple):
    status: int
    text: str
    location: str
    seconds: float


class Visitor:
    """Somebody's browser, without JavaScript. `address` is the one of this machine they come from."""

    def __init__(self, port, address="127.0.0.1"):
        self.port, self.address = port, address
        self.cookies = {}

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, typed):
        return self._ask("POST", path, urlencode(typed))

    def send(self, path, typed, *, found_on=None):
        """Open a page and send a form of it, as people do."""
        return self.post(path, typed | {"csrfmiddlewaretoken": self.token_on(found_on or path)})

    def token_on(self, path):
        answer = self.get(path)
        found = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', answer.text)
        assert found, f"{path}: {answer.status}"
        return found.group(1)

    def _ask(self, method, path, body=None):
        started = time.monotonic()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.address, 0))
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, head)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie", ()):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        location = response.headers.get("Location", "")
        return Answer(response.status, text, location, time.monotonic() - started)


def question():
    """What somebody nobody knows fills into the public form."""
    name = uuid.uuid4().hex[:10].translate(str.maketrans("0123456789", "ghijklmnop"))
    return {
        "page": str(uuid.uuid4()),
        "kind": "masyarakat",
        "name": f"Siti {name.title()}",
        "email": f"{name}@contoh.id",
        "category": "RETUR",
        "question": "Mengapa SP2D kami diretur oleh bank?",
        **samples.browser_work(),
    }
