"""PostgreSQL restarted under load: requests fail with a page of ours, and the same processes go on."""

import signal
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import psutil
import pytest
from django.conf import settings
from django.db import connection

from config import embedded
from consultations.models import Consultation
from notifications.models import Message
from tests.faults.fleet import Visitor, question

pytestmark = pytest.mark.faults
PEOPLE = 3
APOLOGY = "terjadi gangguan pada sistem"


class Citizen(Visitor):
    """Asks one question after the other, and sends each again until there is a receipt for it."""

    def __init__(self, port, number, form):
        super().__init__(port)
        self.number, self.form = number, form
        self.token = self.token_on(form)
        self.receipts, self.failures = [], []

    def ask_until(self, enough):
        while not enough.is_set():
            typed = question() | {"csrfmiddlewaretoken": self.token}
            self.address = (
                f"127.0.{self.number}.{len(self.receipts) % 200 + 1}"  # no one address asks too often
            )
            while (answer := self.post(self.form, typed)).status != 302:
                self.failures.append(answer)
            self.receipts.append(answer.location)


def test_what_a_restart_cuts_off_fails_cleanly_and_works_when_sent_again(fleet, office, mail, all_left):
    running = [fleet.start(kind) for kind in ("web", "worker", "beat")]
    fleet.until_web_answers()
    web = psutil.Process(running[0].pid)
    fleet.until(lambda: len(web.children()) == settings.WEB_WORKERS, "all web processes serve")
    serving = set(web.children())
    citizens = [Citizen(fleet.port, number + 1, f"/{office.slug}/konsultasi/") for number in range(PEOPLE)]
    enough = Event()

    def everybody_has_asked(count):
        return all(len(citizen.receipts) >= count for citizen in citizens)

    with ThreadPoolExecutor(PEOPLE) as crowd:
        asking = [crowd.submit(citizen.ask_until, enough) for citizen in citizens]
        try:
            fleet.until(lambda: everybody_has_asked(2), "everybody has receipts")
            embedded.end(fleet.service(embedded.POSTGRES), signal.SIGINT)
            fleet.until(lambda: any(each.failures for each in citizens), "somebody has noticed")
            fleet.start_services()
            before = max(len(citizen.receipts) for citizen in citizens)
            fleet.until(lambda: everybody_has_asked(before + 2), "everybody has receipts again")
        finally:
            enough.set()
        for each in asking:
            each.result()

    connection.close()  # the test's own was cut off too
    failures = [answer for citizen in citizens for answer in citizen.failures]
    assert {answer.status for answer in failures} == {500}
    assert all(APOLOGY in answer.text for answer in failures)
    receipts = [receipt for citizen in citizens for receipt in citizen.receipts]
    assert len(set(receipts)) == len(receipts)
    numbers = Consultation.objects.filter(office=office).order_by("number").values_list("number", flat=True)
    assert [int(number[-6:]) for number in numbers] == list(range(1, len(receipts) + 1))
    assert [process.poll() for process in running] == [None] * 3
    assert set(web.children()) == serving
    all_left()
    assert {each.id for each in mail.received} == set(Message.objects.values_list("provider_id", flat=True))
