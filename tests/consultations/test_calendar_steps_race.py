"""Promises follow a changed calendar a few at a time: the desk goes on working, and a run may be cut off."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from consultations import admin, lifecycle
from consultations.enums import Act, TimerKind
from consultations.models import Consultation, Entry, Promise, Timer
from consultations.recount import STEP, behind, follow_calendars, steps
from demo.bulk import pour
from notifications.models import Message
from offices.calendars import calendars_of
from offices.enums import HolidayKind, Role
from offices.models import Holiday, Office
from tests.factories import SatkerFactory, StaffFactory
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db(transaction=True)
MANY, SEVERAL_STEPS = 1_000, 200
ADD = "/admin/offices/holiday/add/"
LIST = "/admin/offices/holiday/"


@pytest.fixture(autouse=True)
def _monday_morning(time_machine, at):
    time_machine.move_to(at(23), tick=False)


@pytest.fixture
def office(request, transactional_db, at):
    """An office with open consultations of the weekend and of this morning, all due after Tuesday."""
    call_command("load_offices")
    office = Office.objects.get(slug="mataram")
    StaffFactory(office=office, role=Role.CSO)
    SatkerFactory()
    pour([office], getattr(request, "param", SEVERAL_STEPS), open_share=1, now=at(23))
    follow_calendars(at(23))
    return office


@pytest.fixture
def before(office):
    return dict(Consultation.objects.values_list("pk", "due_at"))


@pytest.fixture
def client(office):
    client = StrictClient()
    client.force_login(StaffFactory(office=office, role=Role.OFFICE_ADMIN))
    return client


@pytest.fixture
def close_tuesday(office, client):
    """Ask for Tuesday to be closed, and confirm what was shown."""

    def close_tuesday():
        closed = {"office": office.pk, "date": "2026-11-24", "kind": HolidayKind.CLOSED, "name": "Banjir"}
        asked = client.post(ADD, closed)
        return client.post(ADD, closed | dict([asked.context["confirm"]]))

    return close_tuesday


def close(office, at):
    Holiday.objects.create(office=office, date=at(24).date(), name="Banjir", kind=HolidayKind.CLOSED)


def followed(before):
    """Which promises are the new one at this moment; each must be wholly the old or wholly the new one."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        rows = dict(Consultation.objects.values_list("pk", "due_at"))
        promises = list(Promise.objects.values_list("consultation", "due_at"))
        deadlines = list(
            Timer.objects.unfired().filter(kind=TimerKind.DEADLINE).values_list("consultation", "fires_at")
        )
        told = Counter(Entry.objects.filter(act=Act.MOVE_DEADLINE).values_list("consultation", flat=True))
        letters = Message.objects.filter(kind="deadline_moved").count()
    assert len(promises) == len(deadlines) == len(rows)
    assert rows == dict(promises) == dict(deadlines)
    new = {pk for pk, due_at in rows.items() if due_at != before[pk]}
    assert all(rows[pk] - before[pk] == timedelta(days=1) for pk in new)
    assert told == dict.fromkeys(new, 1)
    assert letters == len(new)
    return new


def in_thread(call, *args):
    try:
        return call(*args)
    finally:
        connection.close()


def act_on(pks, is_over, at):
    """Messages of stakeholders, one after the other, none of which may wait longer than a second; how many."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
    acted = 0
    while not is_over.is_set():
        consultation = Consultation.objects.get(pk=random.choice(pks))  # noqa: S311 - no secret
        lifecycle.message(consultation, "Apakah sudah ada kabar?", now=at(23, 10, 1))
        acted += 1
    return acted


@pytest.mark.parametrize("office", [MANY], indirect=True)
def test_a_thousand_promises_follow_while_the_desk_works_and_nobody_waits_a_second(
    office, before, close_tuesday, at
):
    is_over = Event()
    with ThreadPoolExecutor(3) as pool:
        desks = [pool.submit(in_thread, act_on, list(before), is_over, at) for _ in range(2)]
        try:
            changing = pool.submit(in_thread, close_tuesday)
            seen = []
            while not changing.done():
                seen.append(len(followed(before)))
            assert changing.result().status_code == 302
            while behind(calendars_of([office])):
                follow_calendars(at(23, 10, 2))
                seen.append(len(followed(before)))
        finally:
            is_over.set()
        assert all(desk.result() for desk in desks)
    assert len(followed(before)) == MANY
    assert seen == sorted(seen)
    assert {count for count in seen if 0 < count < MANY}, "some promises were seen while others waited"


def test_a_run_that_is_cut_off_is_taken_up_by_the_next_and_none_follows_twice(office, before, at):
    close(office, at)
    backend = []

    def run():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend.extend(cursor.fetchone())
        follow_calendars(at(23, 10, 1))

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(in_thread, run)
        while not followed(before):
            assert not running.done()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", backend)
        with pytest.raises(OperationalError):
            running.result()
    cut_off_at = len(followed(before))
    assert 0 < cut_off_at < len(before)
    assert follow_calendars(at(23, 10, 2)) == len(before) - cut_off_at
    assert len(followed(before)) == len(before)
    assert follow_calendars(at(23, 10, 3)) == 0


def test_two_runs_at_once_let_each_follow_once(office, before, at):
    close(office, at)
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda _: in_thread(follow_calendars, at(23, 10, 1)), range(2)))
    assert sum(runs) + follow_calendars(at(23, 10, 2)) == len(before)
    assert len(followed(before)) == len(before)


def test_the_soonest_due_follow_first_a_few_at_a_time(office, before, at):
    close(office, at)
    run = steps(office.pk, at(23, 10, 1))
    assert next(run) == STEP
    assert followed(before) == set(sorted(before, key=lambda pk: (before[pk], pk))[:STEP])


def test_a_change_taken_back_before_all_have_followed_is_taken_back_for_those_that_had(office, before, at):
    close(office, at)
    next(steps(office.pk, at(23, 10, 1)))
    Holiday.objects.filter(office=office).delete()
    assert follow_calendars(at(23, 10, 2)) == STEP
    assert dict(Consultation.objects.values_list("pk", "due_at")) == before
    assert not behind(calendars_of([office]))


def test_the_page_is_answered_before_all_have_followed_and_says_so(
    office, before, client, close_tuesday, monkeypatch
):
    monkeypatch.setattr(admin, "PATIENCE_SECONDS", -1)
    assert close_tuesday().status_code == 302
    page = client.get(LIST).content.decode()
    assert f"Batas waktu {STEP} konsultasi telah disesuaikan." in page
    assert f"Batas waktu {len(before) - STEP} konsultasi sedang disesuaikan dengan kalender" in page
    assert "Sampai gilirannya tiba, batas waktu semula tetap berlaku." in page
    assert len(followed(before)) == STEP
