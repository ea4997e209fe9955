"""Whatever of `make run` is killed, also again and again and while people use it, is started again."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from http.client import HTTPConnection, HTTPException
from threading import Event

import psutil
import pytest
from django.conf import settings

from config import embedded
from tests.faults.fleet import PATIENCE_SECONDS, Visitor, question
from tests.live import LiveDesk

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(len(settings.EMBEDDED_SERVICES) < 2, reason="given servers are not ours to kill"),
]
FORM = "/mataram/konsultasi/"
RECOVERY_SECONDS = 15


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = LiveDesk(tmp_path_factory.mktemp("desk"), SWEEP_SECONDS="1", DELIVERY_SECONDS="1")
    try:
        desk.wait_until_healthy()
        yield desk
    finally:
        assert desk.stop() == 0, desk.log.read_text()


def part(desk, name):
    if name in embedded.PID_FILES:
        return embedded.live_process(desk.data_dir / embedded.PID_FILES[name])
    record = json.loads((desk.data_dir / "run.json").read_text())
    numbers = dict(zip(("web", "worker", "beat"), record["processes"], strict=True))
    return psutil.Process(numbers[name][0])


def works_since(desk, moment):
    """Whether pages are served, and a sweep that began after the moment (epoch seconds) has passed every part."""
    connection = HTTPConnection("127.0.0.1", desk.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        state = json.load(response)
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return (
        response.status == 200
        and datetime.fromisoformat(state["swept_at"]).timestamp() > moment
        and desk.status("/mataram/") == 200
    )


class Citizen(Visitor):
    """Asks one question after the other; whatever does not answer is asked again."""

    def __init__(self, port, number):
        super().__init__(port)
        self.number, self.receipts = number, []

    def ask_until(self, enough):
        while not enough.is_set():
            self.address = f"127.1.{self.number}.{len(self.receipts) % 200 + 1}"
            typed = question()
            while not enough.is_set() and not self.is_taken(typed):
                enough.wait(0.05)

    def is_taken(self, typed):
        try:
            token = self.token_on(FORM)
            answer = self.post(FORM, typed | {"csrfmiddlewaretoken": token})
        except (OSError, HTTPException, AssertionError):
            return False
        if answer.status == 302:
            self.receipts.append(answer.location)
        return answer.status == 302


@pytest.fixture
def crowd(desk):
    """Three people who ask without a pause."""
    enough = Event()
    citizens = [Citizen(desk.port, number + 1) for number in range(3)]
    with ThreadPoolExecutor(len(citizens)) as threads:
        asking = [threads.submit(citizen.ask_until, enough) for citizen in citizens]
        try:
            yield citizens
        finally:
            enough.set()
        for each in asking:
            each.result()


def kill(desk, name, patience):
    """Kill a part and wait until all parts work again."""
    killed_at = time.time()
    part(desk, name).send_signal(signal.SIGKILL)
    works = partial(works_since, desk, killed_at)
    assert embedded.within(patience, works), desk.log.read_text()[-3000:]


def everybody_is_answered(crowd):
    before = {citizen: len(citizen.receipts) for citizen in crowd}
    return embedded.within(
        PATIENCE_SECONDS, lambda: all(len(each.receipts) > n for each, n in before.items())
    )


@pytest.mark.parametrize("name", embedded.PID_FILES)
def test_a_server_that_is_killed_again_and_again_is_back_within_fifteen_seconds(desk, crowd, name):
    for _ in range(3):
        kill(desk, name, RECOVERY_SECONDS)
    assert everybody_is_answered(crowd)


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_process_that_is_killed_is_back(desk, crowd, name):
    kill(desk, name, PATIENCE_SECONDS)
    assert everybody_is_answered(crowd)
