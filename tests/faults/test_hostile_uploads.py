"""While hostile files are thrown at it, each with its proof of work, the desk answers everybody else as it always does."""

import itertools
import statistics
import threading
from http.client import HTTPConnection

import psutil
import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from consultations.models import HeldSubmission
from tests import hostile_files, samples
from tests.factories import PASSWORD
from tests.faults.fleet import Visitor, question

pytestmark = pytest.mark.faults
ATTACKERS = 8  # as many as both web processes have threads
LOOKS = 25  # at each page
SECONDS = 0.2
ALONE = 0.03  # where a page takes longer although nobody attacks, the machine is busy: as much longer
PAUSE = 1  # a file comes over a network, which this machine does not have
DEAREST = frozenset(
    {
        "references to nothing",
        "a tree that doubles forty times",
        "nested <</A",
        "only ends",
        "thirty thousand objects",
        "a photo of nothing but marks",
        "a document of 99 megabytes",
        "fields a million deep",
    }
)


@pytest.fixture
def web(fleet, office):
    process = fleet.start("web")
    fleet.until_web_answers()
    return process


def test_other_pages_are_quick_while_hostile_files_are_examined(fleet, web, office, cso):
    path, over, answered = f"/{office.slug}/konsultasi/", threading.Event(), []
    sendings = list(prepared(fleet, path))

    def attack(attacker, bodies):
        for body in itertools.cycle(bodies):
            if over.wait(PAUSE):
                return
            answered.append(send(attacker, path, body))

    officer = Visitor(fleet.port)
    officer.send("/masuk/", {"username": cso.username, "password": PASSWORD})
    pages = (f"/{office.slug}/", "/meja/")
    alone = max(median(officer, page) for page in pages)
    attackers = [threading.Thread(target=attack, args=sending) for sending in sendings]
    for attacker in attackers:
        attacker.start()
    try:
        fleet.until(lambda: len(answered) >= ATTACKERS, "each attacker has had an answer")
        took = [median(officer, page) for page in pages]
        before = len(answered)
        fleet.until(lambda: len(answered) > before, "they are still at it")
    finally:
        over.set()
        for attacker in attackers:
            attacker.join()

    assert max(took) < SECONDS * max(1, alone / ALONE)
    assert set(answered) <= {302, 422}  # 302: what can be read after all
    assert answered.count(422) >= ATTACKERS
    assert not HeldSubmission.objects.exists()  # unopened, as without the work
    assert "pypdf" not in fleet.log.read_text()
    in_helpers = [child for each in psutil.Process(web.pid).children() for child in each.children()]
    assert len(in_helpers) <= 2  # one each
    assert all(child.memory_info().rss < 100 * 1024 * 1024 for child in in_helpers)


def prepared(fleet, path):
    """For each attacker a browser of its own, and what it sends: each hostile file once, with its own work done."""
    files = [(name, content) for what, name, content in hostile_files.corpus() if what in DEAREST]
    assert len(files) == len(DEAREST)
    for number in range(ATTACKERS):
        attacker = Visitor(fleet.port, f"127.0.1.{number + 1}")
        token = attacker.token_on(path)
        bodies = [
            encode_multipart(
                BOUNDARY,
                {**question(), "csrfmiddlewaretoken": token, "attachments": samples.upload(name, content)},
            )
            for name, content in files[number:] + files[:number]
        ]
        yield attacker, bodies


def median(visitor, page):
    """Seconds in which a page is answered."""
    answers = [visitor.get(page) for _ in range(LOOKS)]
    assert {answer.status for answer in answers} == {200}
    return statistics.median(answer.seconds for answer in answers)


def send(visitor, path, body):
    connection = HTTPConnection("127.0.0.1", visitor.port, timeout=60, source_address=(visitor.address, 0))
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    try:
        connection.request("POST", path, body, {"Cookie": cookies, "Content-Type": MULTIPART_CONTENT})
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()
