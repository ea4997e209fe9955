"""Production's log: JSON lines that lead from a request to its tasks, and name nobody."""

import json
import logging
import os
import subprocess
import sys
import uuid

import pytest
from django.conf import settings
from django.db import IntegrityError

from config import logs
from config.settings import base

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "d9Qw-7hVtX2_kLm4RzB8sYc3NfJ6pGa1TuEo5WiHbZxKqSvM0y",
    "ALLOWED_HOSTS": "desk.example",
    "SITE_URL": "https://desk.example",
    "DATABASE_URL": "postgres://desk@127.0.0.1:9/desk",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}
TOKEN = "kQ9vXw2LmN4pR7sT1uYzAb"


@pytest.fixture(autouse=True)
def unmarked():
    logs.marks.set({})
    yield
    logs.marks.set({})


@pytest.fixture
def lines():
    """The lines that production would write, as they come."""

    class Collector(logging.Handler):
        def emit(self, record):
            written.append(json.loads(self.format(record)))

    written = []
    handler = Collector()
    handler.setFormatter(logs.JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def of(lines, logger):
    return [line for line in lines if line["logger"] == logger]


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_mark(client, lines):
    response = client.get("/masuk/?next=/meja/%3Fq%3DNurul")
    (line,) = of(lines, "desk.requests")
    assert line["message"] == "GET /masuk/ 200"
    assert line["level"] == "INFO"
    assert line["status"] == 200
    assert line["milliseconds"] > 0
    assert line["request_id"] == response["X-Request-ID"]
    assert line["at"].endswith("+00:00")
    assert "Nurul" not in json.dumps(lines)


@pytest.mark.django_db
def test_the_key_of_a_tracking_page_is_not_logged(client, lines):
    assert client.get(f"/lacak/{TOKEN}/").status_code == 404
    (line,) = of(lines, "desk.requests")
    (refusal,) = of(lines, "django.request")
    assert line["message"] == "GET /lacak/…/ 404"
    assert refusal["message"] == "Not Found: /lacak/…/"
    assert refusal["request_id"] == line["request_id"]
    assert TOKEN not in json.dumps(lines)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"https://desk.example/lacak/{TOKEN}/balas/", "https://desk.example/lacak/…/balas/"),
        (f"GET /lacak/{TOKEN}", "GET /lacak/…"),
        (f"GET /lacak/saya/{TOKEN}.{TOKEN}/?sebelum=7", "GET /lacak/saya/…/"),
        (f"GET /lacak/tertahan/{TOKEN}/", "GET /lacak/tertahan/…/"),
        (f"GET /lacak/nilai/{TOKEN}-1.{TOKEN}/", "GET /lacak/nilai/…/"),
        ("/lacak/", "/lacak/"),
        (f"GET /antrean/{TOKEN}/karcis/", "GET /antrean/…/karcis/"),
        (f"GET /mataram/survei/{TOKEN}.{TOKEN}/", "GET /mataram/survei/…/"),
        (f"POST /antrean/pesanan/{TOKEN}/hadir/", "POST /antrean/pesanan/…/hadir/"),
        ("POST /meja/antrean/panggil/", "POST /meja/antrean/panggil/"),
        ("GET /mataram/antrean/pesan/", "GET /mataram/antrean/pesan/"),
        ("Invalid address /meja/konsultasi/?q=Nurul%20Aini HTTP", "Invalid address /meja/konsultasi/ HTTP"),
        ("Sudah selesai? Belum.", "Sudah selesai? Belum."),
    ],
)
def test_keys_and_queries_are_cut_from_every_message(text, written):
    assert logs.masked(text) == written


def test_an_exception_is_told_by_kind_and_place_not_by_its_words(lines):
    def save():
        raise IntegrityError("Key (email)=(nurul@contoh.id) already exists.")

    try:
        save()
    except IntegrityError:
        logging.getLogger("desk").exception("Saving failed")
    (line,) = lines
    assert line["message"] == "Saving failed"
    assert line["exception"] == "django.db.utils.IntegrityError"
    assert line["frames"][-1].endswith(" save")
    assert "nurul" not in json.dumps(line)


def test_a_message_of_several_lines_stays_one(lines):
    logging.getLogger("desk").warning("one\ntwo %s", "\x00\u2028three")
    formatter = logs.JsonFormatter()
    record = logging.LogRecord("desk", logging.WARNING, "", 0, "one\ntwo", None, None)
    assert "\n" not in formatter.format(record)
    assert lines[0]["message"] == "one\ntwo \x00\u2028three"


class TestRequestId:
    pytestmark = pytest.mark.django_db

    def id_of(self, client, given):
        return client.get("/masuk/", headers={"X-Request-ID": given})["X-Request-ID"]

    def test_each_request_has_its_own(self, client):
        assert client.get("/masuk/")["X-Request-ID"] != client.get("/masuk/")["X-Request-ID"]

    def test_the_proxys_is_taken_over(self, client, settings):
        settings.TRUSTED_PROXIES = 1
        assert self.id_of(client, "5f0c1b8e-proxy") == "5f0c1b8e-proxy"

    def test_without_a_proxy_of_ours_anybodys_is_not(self, client):
        assert self.id_of(client, "5f0c1b8e-proxy") != "5f0c1b8e-proxy"

    @pytest.mark.parametrize("given", ["", "short", "x" * 65, 'a" b "c" d', "nurul@contoh.id"])
    def test_what_is_no_id_is_replaced(self, client, settings, given):
        settings.TRUSTED_PROXIES = 1
        assert len(self.id_of(client, given)) == 32


# A worker with production's settings, which takes two tasks of one request and one of nobody's, and ends.
WORKER = """
import logging, threading, time
import django
django.setup()
from celery import signals
from django.conf import settings
from celery.contrib.testing.worker import start_worker
from config import logs
from config.celery import app

@app.task(name="probe.works")
def works():
    logging.getLogger("probe").info("at work")

@app.task(name="probe.fails")
def fails():
    raise ValueError("nurul@contoh.id")

settings.GUARDED = False  # there is no database to look into
app.conf.task_default_queue = "probe"
done = threading.Semaphore(0)
signals.task_postrun.connect(lambda **_: done.release(), weak=False)
with start_worker(app, pool="solo", perform_ping_check=False, loglevel="INFO"):
    logs.marks.set({"request_id": "5f0c1b8e-request"})
    works.apply_async()
    fails.apply_async()
    logs.marks.set({})
    works.apply_async()
    assert all(done.acquire(timeout=30) for _ in range(3))
"""


def test_a_task_and_its_lines_carry_the_mark_of_the_request_that_sent_it():
    result = subprocess.run(
        [sys.executable, "-c", WORKER],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            **PRODUCTION,
            "REDIS_URL": settings.REDIS_URL,
            "REDIS_PREFIX": f"probe-{uuid.uuid4().hex}:",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    first, second = of(lines, "probe")
    assert first["message"] == "at work"
    assert first["task"] == "probe.works"
    assert first["request_id"] == "5f0c1b8e-request"
    assert "request_id" not in second
    assert second["task_id"] != first["task_id"]
    (failure,) = [line for line in lines if line["level"] == "ERROR"]
    assert failure["exception"] == "builtins.ValueError"
    assert failure["task"] == "probe.fails"
    assert failure["request_id"] == "5f0c1b8e-request"
    assert "nurul" not in result.stdout + result.stderr


def test_development_reads_plain_lines():
    assert base.LOGGING["formatters"]["line"]["format"].startswith("{asctime}")
    assert "()" not in base.LOGGING["formatters"]["line"]
