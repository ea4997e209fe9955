"""A changed calendar moves the promises made on it, and says so."""

from datetime import time

import pytest

from consultations import lifecycle
from consultations.enums import Act
from consultations.models import Consultation, Timer
from consultations.recount import follow_calendars
from consultations.sweep import sweep
from notifications.models import Message
from offices.enums import HolidayKind
from offices.models import Holiday
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation(office, cso, at):
    opened = ConsultationFactory(office=office, now=at(20), officer=cso)
    follow_calendars(at(20, 11))
    return opened


@pytest.fixture
def close_on(office, at):
    def closed(day):
        Holiday.objects.create(office=office, date=at(day).date(), name="Banjir", kind=HolidayKind.CLOSED)

    return closed


def test_a_local_holiday_moves_the_due_moment_and_the_stakeholder_is_told(consultation, close_on, at):
    close_on(24)
    assert follow_calendars(at(23)) == 1
    consultation.refresh_from_db()
    assert consultation.due_at == consultation.promises.get().due_at == at(26, 17)
    assert "menjadi Kamis, 26 November 2026" in consultation.entries.get(act=Act.MOVE_DEADLINE).text
    assert "dari Rabu, 25 November 2026" in Message.objects.get(kind="deadline_moved").body


def test_the_timers_move_with_it(consultation, close_on, at):
    close_on(24)
    follow_calendars(at(23))
    moments = Timer.objects.unfired().filter(consultation=consultation).values_list("kind", "fires_at")
    assert ("deadline", at(26, 17)) in moments
    assert ("deadline", at(25, 17)) not in moments


def test_what_a_changed_calendar_does_not_move_is_not_touched(consultation, close_on, at):
    before = list(Timer.objects.order_by("pk").values())
    close_on(30)
    assert follow_calendars(at(23)) == 0
    assert list(Timer.objects.order_by("pk").values()) == before


def test_a_calendar_already_counted_on_moves_nothing(consultation, close_on, at):
    close_on(24)
    follow_calendars(at(23))
    assert follow_calendars(at(23, 11)) == 0
    assert consultation.entries.filter(act=Act.MOVE_DEADLINE).count() == 1


def test_new_closing_hours_move_the_moment(consultation, office, at):
    office.service_hours.filter(service="online").update(closes_at=time(16))
    assert follow_calendars(at(23)) == 1
    consultation.refresh_from_db()
    assert consultation.due_at == at(25, 16)


def test_the_automatic_close_follows_the_calendar_too(consultation, officer, close_on, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(23))
    close_on(25)
    follow_calendars(at(24))
    assert Timer.objects.unfired().get(consultation=consultation).fires_at == at(1, 17, month=12)


def test_a_broken_promise_stays_broken(consultation, close_on, at):
    sweep(at(25, 17))
    close_on(24)
    assert follow_calendars(at(26)) == 0
    consultation.refresh_from_db()
    assert consultation.late_at == at(25, 17)


def test_another_offices_holiday_moves_nothing_here(consultation, at):
    other = ConsultationFactory(now=at(20))
    Holiday.objects.create(
        office=other.office, date=at(24).date(), name="Hari jadi daerah", kind=HolidayKind.LOCAL
    )
    follow_calendars(at(23))
    consultation.refresh_from_db()
    assert consultation.due_at == at(25, 17)


def test_who_left_only_a_telephone_is_to_be_called_about_the_new_date(office, cso, close_on, at):
    by_phone = lifecycle.Contact("Siti Rahma", "+6281234567890", "")
    consultation = ConsultationFactory(office=office, now=at(20), officer=cso, contact=by_phone)
    Consultation.objects.update(to_call_since=None)
    follow_calendars(at(20, 11))
    close_on(24)
    follow_calendars(at(23))
    consultation.refresh_from_db()
    assert consultation.to_call_since == at(23)
