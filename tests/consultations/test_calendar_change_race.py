"""A calendar is changed while the desk works: nobody is turned away, and nothing stays on the old calendar."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from consultations import actors, lifecycle
from consultations.enums import Act
from consultations.models import Consultation, Entry, Timer
from consultations.recount import follow_calendars
from offices.enums import HolidayKind, Role
from offices.models import Holiday, Office
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db(transaction=True)
ADD = "/admin/offices/holiday/add/"
LIST = "/admin/offices/holiday/"


@pytest.fixture(autouse=True)
def _monday_morning(time_machine, at):
    time_machine.move_to(at(23), tick=False)


@pytest.fixture
def office(transactional_db):
    return OfficeFactory()


@pytest.fixture
def confirm(office):
    """Close a day: ask, then confirm what was shown."""

    def confirm(day):
        client = StrictClient()
        client.force_login(StaffFactory(office=office, role=Role.OFFICE_ADMIN))
        closed = {"office": office.pk, "date": day, "kind": HolidayKind.CLOSED, "name": "Banjir"}
        asked = client.post(ADD, closed)
        return client.post(ADD, closed | dict([asked.context["confirm"]]))

    return confirm


@pytest.fixture
def admin_of(office):
    client = StrictClient()
    client.force_login(StaffFactory(office=office, role=Role.OFFICE_ADMIN))
    return client


class Elsewhere:
    """Something done in a transaction of another connection, which stays open until it is let go."""

    def __init__(self, call):
        self.done, self.go = Event(), Event()
        self.pool = ThreadPoolExecutor(1)
        self.running = self.pool.submit(self._run, call)
        assert self.done.wait(10)

    def _run(self, call):
        try:
            with transaction.atomic():
                call()
                self.done.set()
                assert self.go.wait(10)
        finally:
            self.done.set()
            connection.close()

    def commit(self):
        self.go.set()
        self.running.result()
        self.pool.shutdown()


def test_what_was_opened_on_the_old_calendar_and_committed_after_the_recount_is_found(office, at):
    follow_calendars(at(23, 9))
    opening = Elsewhere(lambda: ConsultationFactory(office=office, now=at(23)))
    Holiday.objects.create(office=office, date=at(24).date(), name="Banjir", kind=HolidayKind.CLOSED)
    assert follow_calendars(at(23, 10, 1)) == 0
    opening.commit()
    assert Consultation.objects.get().due_at == at(26, 17)
    assert follow_calendars(at(23, 10, 2)) == 1
    assert Consultation.objects.get().due_at == at(27, 17)
    assert follow_calendars(at(23, 10, 3)) == 0


def test_a_confirmed_change_waits_for_no_act_and_its_promise_follows_afterwards(
    office, confirm, admin_of, at
):
    cso = StaffFactory(office=office, role=Role.CSO)
    held, free = (ConsultationFactory(office=office, now=at(20)) for _ in range(2))
    act = Elsewhere(lambda: lifecycle.take(held, by=actors.officer(cso), now=at(23)))
    assert confirm("2026-11-24").status_code == 302
    assert dict(Consultation.objects.values_list("pk", "due_at")) == {
        held.pk: at(25, 17),
        free.pk: at(26, 17),
    }
    assert "Batas waktu 1 konsultasi sedang disesuaikan" in admin_of.get(LIST).content.decode()
    act.commit()
    assert follow_calendars(at(23, 10, 1)) == 1
    held.refresh_from_db()
    assert (held.officer, held.due_at) == (cso, at(26, 17))
    assert "sedang disesuaikan" not in admin_of.get(LIST).content.decode()


def test_what_is_opened_while_promises_still_follow_is_counted_on_the_new_calendar(office, confirm, at):
    first = ConsultationFactory(office=office, now=at(20))
    act = Elsewhere(lambda: Consultation.objects.filter(pk=first.pk).lock())
    assert confirm("2026-11-24").status_code == 302
    meanwhile = ConsultationFactory(office=office, now=at(23))
    act.commit()
    assert meanwhile.due_at == at(27, 17)
    assert follow_calendars(at(23, 10, 1)) == 1


def test_two_administrators_at_once_move_each_promise_by_both_days(office, confirm, at):
    consultation = ConsultationFactory(office=office, now=at(20))
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda day: closing_connection(confirm, day), ["2026-11-24", "2026-11-25"]))
    assert sorted(answer.status_code for answer in answers) in ([200, 302], [302, 302])
    saved = Holiday.objects.count()
    assert saved == sum(answer.status_code == 302 for answer in answers)
    consultation.refresh_from_db()
    assert consultation.due_at == at({1: 26, 2: 27}[saved], 17)
    assert Entry.objects.filter(act=Act.MOVE_DEADLINE).count() == saved
    deadline = Timer.objects.unfired().get(kind="deadline")
    assert deadline.fires_at == consultation.due_at


@pytest.fixture
def impatient():
    """Wait for a lock as short as the web does, to a scale."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
        yield
        cursor.execute("RESET lock_timeout")


def test_who_waits_too_long_for_a_lock_is_told_so_and_keeps_what_was_typed(office, admin_of, impatient, at):
    ConsultationFactory(office=office, now=at(20))
    closed = {"office": office.pk, "date": "2026-11-24", "kind": HolidayKind.CLOSED, "name": "Banjir"}
    asked = admin_of.post(ADD, closed)
    confirmed = closed | dict([asked.context["confirm"]])
    other = Elsewhere(lambda: list(Office.objects.filter(pk=office.pk).select_for_update(no_key=True)))
    refused = admin_of.post(ADD, confirmed)
    other.commit()
    assert refused.status_code == 409
    assert "sedang diubah oleh pengguna lain" in refused.content.decode()
    assert ("name", "Banjir") in refused.context["sent"]
    assert not Holiday.objects.exists()
    again = closed | dict([refused.context["confirm"]])
    assert admin_of.post(ADD, again).status_code == 302
    assert Consultation.objects.get().due_at == at(26, 17)


def closing_connection(call, *args):
    try:
        return call(*args)
    finally:
        connection.close()
