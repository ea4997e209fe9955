"""A changed calendar moves the promises made on it, and says so."""

from datetime import time

import pytest

from consultations import lifecycle
from consultations.enums import Act, TimerKind
from consultations.models import AppliedCalendar, Consultation, Timer
from consultations.recount import follow_calendars
from consultations.sweep import sweep
from notifications.models import Message
from offices.enums import HolidayKind
from offices.models import Holiday, SpecialHours
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


@pytest.fixture
def half_day(office, at):
    """Online service from nine to twelve on a day."""

    def half_day(day):
        special = SpecialHours.objects.create(
            office=office,
            service="online",
            name="Setengah hari",
            starts_on=at(day).date(),
            ends_on=at(day).date(),
        )
        special.intervals.create(weekday=at(day).weekday(), opens_at=time(9), closes_at=time(12))

    return half_day


def test_special_hours_of_the_due_day_move_the_moment_and_its_timers(consultation, half_day, at):
    half_day(25)
    assert follow_calendars(at(23)) == 1
    consultation.refresh_from_db()
    assert consultation.due_at == consultation.promises.get().due_at == at(25, 12)
    moments = Timer.objects.unfired().filter(consultation=consultation).values_list("kind", "fires_at")
    assert {("deadline", at(25, 12)), ("deadline_warning", at(25, 9))} <= set(moments)
    assert not Message.objects.filter(kind="deadline_moved").exists()


def test_progress_is_reminded_of_and_checked_at_the_special_hours(consultation, half_day, at):
    half_day(23)
    follow_calendars(at(21))
    moments = dict(
        Timer.objects.unfired().filter(kind__startswith="progress").values_list("kind", "fires_at")
    )
    assert moments == {"progress_reminder": at(23, 9), "progress_check": at(23, 12)}


def test_special_hours_of_the_counter_move_no_promise(consultation, office, half_day, at):
    half_day(25)
    SpecialHours.objects.update(service="tatap_muka")
    before = dict(AppliedCalendar.objects.values_list("office", "digest"))
    assert follow_calendars(at(23)) == 0
    assert dict(AppliedCalendar.objects.values_list("office", "digest")) == before


def test_a_break_within_the_day_is_a_change_of_the_calendar_too(consultation, office, at):
    before = AppliedCalendar.objects.get(office=office).digest
    office.service_hours.filter(service="online", weekday=0).update(closes_at=time(12))
    office.service_hours.create(service="online", weekday=0, opens_at=time(13), closes_at=time(17))
    assert follow_calendars(at(23)) == 0
    assert AppliedCalendar.objects.get(office=office).digest != before


def test_reminders_at_opening_come_at_the_new_hour(consultation, officer, half_day, at):
    lifecycle.request_documents(consultation, ["SPM"], by=officer, now=at(20))
    reminder = Timer.objects.unfired().filter(kind=TimerKind.DOCUMENT_REMINDER)
    assert reminder.get().fires_at == at(24, 8)
    half_day(24)
    follow_calendars(at(23))
    assert reminder.get().fires_at == reminder.get().sweep_at == at(24, 9)


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
