"""Many at once, on real connections: every number given once, called once, and in the order of the rule."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from consultations.errors import RuleError
from frontdesk import bookings, calls
from frontdesk.bookings import Reservation
from frontdesk.enums import PriorityReason
from frontdesk.hours import queue_calendar
from frontdesk.models import QueueDay, QueueSettings, QueueTicket, Segment, SlotBooking
from frontdesk.queue import Visit, issue, take_number
from frontdesk.turns import Alternation, Waiting, in_order
from offices.enums import Role
from tests.factories import CounterFactory, OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)
OFFICERS = 20
NUMBERS = 500


@pytest.fixture
def office(transactional_db):
    return OfficeFactory()


def at_once(*jobs):
    """Run the jobs in threads that start together; each answers its result or its exception."""
    start = Barrier(len(jobs))

    def run(job):
        try:
            start.wait()
            return job()
        except RuleError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def labels(results):
    return [label for labels_of_one in results for label in labels_of_one]


def test_numbers_taken_at_once_have_no_gap_and_no_double(office, now):
    visit = Visit(office.categories.first())

    def take_five():
        return [take_number(office, visit, now=now).label for _ in range(5)]

    assert sorted(labels(at_once(*[take_five] * 10))) == [f"K-{n:03d}" for n in range(1, 51)]


def test_a_form_sent_twice_at_once_gives_one_number(office, now):
    visit = Visit(office.categories.first(), submission_id=uuid4())
    first, second = at_once(*[lambda: take_number(office, visit, now=now)] * 2)
    assert first == second


@transaction.atomic
def fill(office, minutes):
    """Five hundred numbers, every fourth of them a priority one."""
    category = office.categories.first()
    for number in range(NUMBERS):
        reason = "" if number % 4 else PriorityReason.ELDERLY
        came_at = minutes(number / 1000)
        issue(office, Visit(category, reason=reason), now=came_at, turn_at=came_at)


def test_twenty_officers_call_five_hundred_numbers_each_once_and_by_the_rule(office, now, minutes):
    fill(office, minutes)
    waiting = [Waiting(*row) for row in QueueTicket.objects.values_list("pk", "kind", "turn_at")]
    later = minutes(1)
    expected = in_order(waiting, Alternation.of(QueueDay.objects.get(), QueueSettings(office=office)), later)
    shifts = [
        calls.open_counter(
            CounterFactory(office=office, number=n), StaffFactory(office=office, role=Role.CSO), now=now
        )
        for n in range(1, OFFICERS + 1)
    ]

    def serve_all(shift):
        served = []
        while (ticket := calls.call_next(shift, now=later)) is not None:
            calls.start_serving(ticket, officer=shift.officer, now=later)
            calls.finish(ticket, now=later)
            served.append(ticket.pk)
        return served

    called = labels(at_once(*[lambda shift=shift: serve_all(shift) for shift in shifts]))
    assert sorted(called) == sorted(each.pk for each in waiting)
    in_order_of_calls = (
        Segment.objects.filter(state="calling").order_by("pk").values_list("ticket", flat=True)
    )
    assert list(in_order_of_calls) == [each.pk for each in expected]


def test_two_tabs_of_one_officer_call_one_number(office, now, minutes):
    for _ in range(2):
        take_number(office, Visit(office.categories.first()), now=now)
    shift = calls.open_counter(
        CounterFactory(office=office, number=1), StaffFactory(office=office, role=Role.CSO), now=now
    )
    results = at_once(*[lambda: calls.call_next(shift, now=minutes(1))] * 2)
    assert [str(result) for result in results if isinstance(result, QueueTicket)] == ["K-001"]
    assert QueueTicket.objects.waiting().count() == 1


def test_two_officers_who_open_one_counter_one_gets_it(office, now):
    counter = CounterFactory(office=office, number=1)
    rivals = [StaffFactory(office=office, role=Role.CSO) for _ in range(2)]
    results = at_once(*[lambda by=by: calls.open_counter(counter, by, now=now) for by in rivals])
    assert sum(isinstance(result, RuleError) for result in results) == 1


def test_a_number_held_by_another_act_is_passed_over(office, now, minutes):
    held, free = (take_number(office, Visit(office.categories.first()), now=now) for _ in range(2))
    shift = calls.open_counter(
        CounterFactory(office=office, number=1), StaffFactory(office=office, role=Role.CSO), now=now
    )
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM frontdesk_queueticket WHERE id = %s FOR UPDATE", [held.pk])
            assert calls.call_next(shift, now=minutes(1)) == free
            cursor.execute("ROLLBACK")
    finally:
        other.close()


def test_a_slot_takes_no_more_than_its_seats(office, now):
    calendar, settings = queue_calendar(office), QueueSettings(office=office)
    (day, *_) = bookings.bookable_days(calendar, settings, now)
    slot = bookings.slots_of(office, day, calendar, settings)[0].starts_at
    category = office.categories.first()

    def book(number):
        who = Reservation(category, f"Tamu {number}", email=f"tamu{number}@contoh.id")
        return bookings.book(office, slot, who, now=now)

    results = at_once(*[lambda n=n: book(n) for n in range(10)])
    assert sum(isinstance(result, RuleError) for result in results) == 6
    assert sorted(SlotBooking.objects.values_list("seat", flat=True)) == [1, 2, 3, 4]
