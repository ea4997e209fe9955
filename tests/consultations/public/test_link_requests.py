"""Whoever asks for a link waits for the same work and reads the same answer, whether or not there is something to send."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import link_requests
from consultations.link_requests import answer_requests
from consultations.models import LinkRequest
from notifications.models import Message
from tests.factories import StakeholderFactory

URL = "/lacak/"
EMAIL = "siti@contoh.id"


@pytest.fixture
def asked(office, opened):
    return opened(stakeholder=StakeholderFactory(office=office, email=EMAIL))[0]


def sent():
    return list(Message.objects.filter(kind__in=["tracking_link", "my_consultations"]).order_by("pk"))


@pytest.mark.parametrize("mine", [False, True])
def test_known_and_unknown_cost_the_same_statements_none_of_which_looks_it_up(client, asked, published, mine):
    work = set()
    for number, contact in (
        (asked.number, EMAIL),
        (asked.number, "lain@contoh.id"),
        ("ZZZ-2026-000001", "081999999999"),
    ):
        with CaptureQueriesContext(connection) as queries:
            response = client.post(URL, {"mine": contact} if mine else {"number": number, "contact": contact})
        tables = tuple(
            re.sub("'[^']*'", "?", re.split("VALUES|WHERE", query["sql"])[0])
            for query in queries
            if "SAVEPOINT" not in query["sql"]
        )
        work.add((response.status_code, response.url, tables))
    ((_, _, tables),) = work
    assert not any("consultations_consultation" in table or "notifications_" in table for table in tables)
    assert published.count(link_requests.ANSWER) <= 3
    assert not sent()


def test_the_worker_is_woken_and_answers_each_request_once(
    client, asked, django_capture_on_commit_callbacks, published
):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(URL, {"number": asked.number, "contact": EMAIL})
        client.post(URL, {"mine": EMAIL})
    assert published == [link_requests.ANSWER] * 2
    assert answer_requests() == 2
    assert [letter.kind for letter in sent()] == ["tracking_link", "my_consultations"]
    assert not LinkRequest.objects.exists()
    assert answer_requests() == 0


def test_a_run_is_bounded_and_the_next_goes_on(asked):
    for _ in range(3):
        link_requests.ask(EMAIL, number=asked.number, now=timezone.now())
    assert answer_requests(limit=2) == 2
    assert answer_requests(limit=2) == 1


def test_a_request_that_cannot_be_answered_holds_up_no_other(asked):
    LinkRequest.objects.create(contact="bukan nomor", asked_at=timezone.now())
    link_requests.ask(EMAIL, number=asked.number, now=timezone.now())
    assert answer_requests() == 2
    assert [letter.kind for letter in sent()] == ["tracking_link"]
