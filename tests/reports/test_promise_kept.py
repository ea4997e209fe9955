"""How the promise of the running month is counted."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations import actors, lifecycle
from consultations.models import Consultation, Promise
from offices.calendars import calendar_of
from reports.promise import PromiseKept, promise_kept, service_time_in_words
from tests.factories import ConsultationFactory, OfficeFactory
from tests.plans import copy, scans_of_big_tables, settle

pytestmark = pytest.mark.django_db


def test_a_month_without_answers_has_no_figures(office, at):
    assert promise_kept(office, at(20)) == PromiseKept("November 2026", 0, 0, "", 0)


def test_answers_by_their_due_moment_are_counted_among_all(office, answered, at):
    answered(at(16, 9), at(16, 11))
    answered(at(16, 9), at(19, 17))
    answered(at(16, 9), at(20, 9))
    kept = promise_kept(office, at(20))

    assert (kept.answered, kept.on_time) == (3, 2)


def test_the_month_begins_at_midnight_of_the_office(office, answered, at):
    answered(at(30, 9, month=10), at(30, 23, 59, month=10))
    answered(at(30, 9, month=10), at(1, 0, 0))

    assert promise_kept(office, at(20)).answered == 1


def test_half_of_the_answers_came_within_the_median_time_of_service(office, answered, at):
    answered(at(16, 9), at(16, 9, 30))
    answered(at(16, 16), at(17, 10, 15))  # an hour that day, two and a quarter the next
    answered(at(16, 9), at(19, 9))

    assert promise_kept(office, at(20)).median_time == "3 jam 15 menit waktu layanan"


@pytest.mark.parametrize(
    ("worked", "words"),
    [
        (timedelta(seconds=59), "kurang dari satu menit"),
        (timedelta(minutes=59), "59 menit waktu layanan"),
        (timedelta(hours=8, minutes=59), "8 jam 59 menit waktu layanan"),
        (timedelta(hours=9), "1 hari kerja"),
        (timedelta(hours=13), "1,5 hari kerja"),
        (timedelta(hours=27), "3 hari kerja"),
    ],
)
def test_a_day_of_service_is_called_a_working_day(office, worked, words):
    assert service_time_in_words(worked, calendar_of(office)) == words


def test_a_day_of_service_has_no_breaks(office):
    office.service_hours.filter(service="online").update(closes_at=time(12))
    for weekday in range(5):
        office.service_hours.create(service="online", weekday=weekday, opens_at=time(13), closes_at=time(17))
    calendar = calendar_of(office)
    assert service_time_in_words(timedelta(hours=7, minutes=59), calendar) == "7 jam 59 menit waktu layanan"
    assert service_time_in_words(timedelta(hours=8), calendar) == "1 hari kerja"


def test_a_reopened_question_counts_once_for_each_answer(office, answered, officer, at):
    consultation = answered(at(16), at(16, 12))
    reopened = lifecycle.reopen(consultation, "Masih galat.", by=actors.STAKEHOLDER, now=at(17))
    lifecycle.resolve(reopened, "Kini dapat diajukan.", by=officer, now=at(18))

    assert promise_kept(office, at(20)).answered == 2


def test_a_cancelled_question_is_not_called_answered(office, cso, officer, at):
    consultation = ConsultationFactory(office=office, now=at(16), officer=cso)
    lifecycle.cancel(consultation, "Terkirim dua kali.", by=officer, now=at(16, 11))

    assert promise_kept(office, at(20)).answered == 0


def test_whoever_still_waits_past_the_due_moment_is_told_of(office, at):
    ConsultationFactory(office=office, now=at(20, month=10))
    ConsultationFactory(office=office, now=at(20))

    assert promise_kept(office, at(20, 11)).overdue == 1


def test_another_office_keeps_its_own_promise(answered, at):
    answered(at(16), at(16, 12))

    assert promise_kept(OfficeFactory(), at(20)).answered == 0


@pytest.mark.parametrize(
    ("on_time", "answered", "share"),
    [
        (0, 1, "0 dari 1"),
        (9, 9, "9 dari 9"),
        (10, 10, "100% (10 dari 10)"),
        (999, 1000, "99% (999 dari 1000)"),
    ],
)
def test_few_are_no_percentage_and_nearly_all_is_not_all(on_time, answered, share):
    assert PromiseKept("November 2026", answered, on_time, "", 0).on_time_share == share


def test_at_100_000_consultations_the_figures_come_from_indexes(office, answered, at):
    """Four years of answers; the month's are found by their moment, and those in arrears by theirs."""
    stored = 100_000
    answered(at(16, 9), at(16, 11))
    copy(
        "consultations_consultation",
        f"generate_series(2, {stored}) AS n",
        number="'XX-' || n",
        public_id="gen_random_uuid()",
        token_hash="md5('a' || n) || md5('b' || n)",
        received_at="received_at - n * interval '20 minutes'",
    )
    copy(
        "consultations_promise",
        "(SELECT id AS n, received_at FROM consultations_consultation WHERE number LIKE 'XX-%') AS every",
        consultation_id="n",
        answered_at="every.received_at",
        anchor_at="every.received_at",
    )
    settle()
    assert Consultation.objects.count() == Promise.objects.count() == stored

    with CaptureQueriesContext(connection) as queries:
        assert promise_kept(office, at(20)).answered > 1000
    assert scans_of_big_tables(queries) == []
    assert len(queries) <= 4
