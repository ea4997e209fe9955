from datetime import date, time, timedelta

import pytest

from offices.calendar import closing, hours_on, is_working_day
from offices.calendars import calendar_of, calendars_of
from offices.enums import HolidayKind, ServiceKind
from offices.models import Holiday, Office, ServiceHours, SpecialHours

CHRISTMAS_EVE = date(2026, 12, 24)
SATURDAY = date(2026, 11, 21)
TUESDAY = date(2026, 11, 24)


def mark(day, kind, name="Hari Raya Natal", office=None):
    return Holiday.objects.create(office=office, date=day, kind=kind, name=name)


def test_office_works_its_online_service_hours(mataram):
    mataram.service_hours.filter(weekday=1).update(closes_at=time(16, 30))
    ServiceHours.objects.create(
        office=mataram, service=ServiceKind.QUEUE, weekday=5, opens_at=time(8), closes_at=time(12)
    )
    calendar = calendar_of(mataram)
    assert closing(calendar, TUESDAY).isoformat() == "2026-11-24T16:30:00+08:00"
    assert not is_working_day(calendar, SATURDAY)


def test_office_without_entered_hours_works_monday_to_friday(mataram):
    mataram.service_hours.all().delete()
    calendar = calendar_of(mataram)
    assert closing(calendar, TUESDAY).isoformat() == "2026-11-24T17:00:00+08:00"
    assert not is_working_day(calendar, SATURDAY)


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        (HolidayKind.NATIONAL, "Hari Raya Natal", "libur nasional Hari Raya Natal"),
        (HolidayKind.COLLECTIVE_LEAVE, "Cuti Bersama Hari Raya Natal", "cuti bersama Hari Raya Natal"),
    ],
)
def test_national_day_is_free_for_every_office_and_says_why(mataram, tanjung_selor, kind, name, reason):
    mark(CHRISTMAS_EVE, kind, name)
    for calendar in calendars_of([mataram, tanjung_selor]).values():
        assert calendar.free == {CHRISTMAS_EVE: reason}


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        (HolidayKind.LOCAL, "HUT Provinsi", "libur lokal HUT Provinsi"),
        (HolidayKind.CLOSED, "listrik padam", "kantor tutup (listrik padam)"),
    ],
)
def test_office_may_be_closed_alone(mataram, tanjung_selor, kind, name, reason):
    mark(TUESDAY, kind, name, office=mataram)
    calendars = calendars_of([mataram, tanjung_selor])
    assert calendars[mataram.pk].free == {TUESDAY: reason}
    assert calendars[tanjung_selor.pk].free == {}


def test_office_may_work_on_a_national_free_day(mataram, tanjung_selor):
    mark(CHRISTMAS_EVE, HolidayKind.EXTRA_WORKING_DAY, "layanan akhir tahun", office=mataram)
    mark(CHRISTMAS_EVE, HolidayKind.COLLECTIVE_LEAVE)
    calendars = calendars_of([mataram, tanjung_selor])
    assert is_working_day(calendars[mataram.pk], CHRISTMAS_EVE)
    assert not is_working_day(calendars[tanjung_selor.pk], CHRISTMAS_EVE)


def test_office_may_stay_closed_on_a_national_working_day(mataram, tanjung_selor):
    mark(SATURDAY, HolidayKind.CLOSED, "renovasi", office=mataram)
    mark(SATURDAY, HolidayKind.EXTRA_WORKING_DAY, "pengganti cuti bersama")
    calendars = calendars_of([mataram, tanjung_selor])
    assert not is_working_day(calendars[mataram.pk], SATURDAY)
    assert is_working_day(calendars[tanjung_selor.pk], SATURDAY)


def keep(office, name, first, last, *hours, service=ServiceKind.ONLINE):
    """Special hours; `hours` are (weekday, opening hour, closing hour)."""
    special = SpecialHours.objects.create(
        office=office, service=service, name=name, starts_on=first, ends_on=last
    )
    for weekday, opens_at, closes_at in hours:
        special.intervals.create(weekday=weekday, opens_at=time(opens_at), closes_at=time(closes_at))


RAMADAN = (date(2027, 2, 8), date(2027, 3, 9))


def hours_of(office, day, service=ServiceKind.ONLINE):
    calendar = calendar_of(Office.objects.get(pk=office.pk), service)
    return [(opens.hour, closes.hour) for opens, closes in hours_on(calendar, day)]


def test_a_day_has_as_many_intervals_as_were_entered_in_order(mataram):
    ServiceHours.objects.create(
        office=mataram, service=ServiceKind.ONLINE, weekday=1, opens_at=time(6), closes_at=time(7)
    )
    assert hours_of(mataram, TUESDAY) == [(6, 7), (8, 17)]
    assert hours_of(mataram, TUESDAY + timedelta(days=1)) == [(8, 17)]


def test_special_hours_hold_within_their_dates_for_their_service_and_office(mataram, tanjung_selor):
    ServiceHours.objects.create(
        office=mataram, service=ServiceKind.QUEUE, weekday=0, opens_at=time(8), closes_at=time(15)
    )
    keep(mataram, "Ramadan", *RAMADAN, (0, 8, 12), (0, 13, 15))
    for day, hours in ((1, [(8, 17)]), (8, [(8, 12), (13, 15)]), (15, [(8, 12), (13, 15)])):
        assert hours_of(mataram, date(2027, 2, day)) == hours
    assert hours_of(mataram, date(2027, 3, 15)) == [(8, 17)]
    assert hours_of(mataram, date(2027, 2, 8), ServiceKind.QUEUE) == [(8, 15)]
    assert hours_of(tanjung_selor, date(2027, 2, 8)) == [(8, 17)]


def test_a_weekday_without_special_hours_is_closed_within_their_dates(mataram):
    keep(mataram, "Ramadan", *RAMADAN, (0, 8, 12))
    assert hours_of(mataram, date(2027, 2, 9)) == []


def test_a_single_date_wins_over_the_period_it_lies_in(mataram):
    keep(mataram, "Nuzulul Quran", date(2027, 2, 22), date(2027, 2, 22), (0, 8, 11))
    keep(mataram, "Ramadan", *RAMADAN, (0, 8, 15))
    assert hours_of(mataram, date(2027, 2, 22)) == [(8, 11)]
    assert hours_of(mataram, date(2027, 2, 15)) == [(8, 15)]


def test_special_hours_without_intervals_close_a_service_and_say_why(mataram):
    mark(SATURDAY, HolidayKind.EXTRA_WORKING_DAY, "lembur", office=mataram)
    for day in (TUESDAY, SATURDAY):
        keep(mataram, "pemeliharaan", day, day)
    calendar = calendar_of(mataram)
    assert calendar.free == dict.fromkeys((TUESDAY, SATURDAY), "layanan online tutup (pemeliharaan)")
    assert not is_working_day(calendar, SATURDAY)


def test_a_queue_without_hours_of_its_own_keeps_the_online_ones(mataram):
    keep(mataram, "Ramadan", *RAMADAN, (0, 8, 12))
    assert hours_of(mataram, date(2027, 2, 8), ServiceKind.QUEUE) == [(8, 12)]


def test_calendars_of_any_number_of_offices_take_two_queries(
    mataram, tanjung_selor, jayapura, django_assert_num_queries
):
    mark(CHRISTMAS_EVE, HolidayKind.COLLECTIVE_LEAVE)
    keep(mataram, "Ramadan", *RAMADAN, (0, 8, 12), (1, 8, 12))
    with django_assert_num_queries(2):
        calendar_of(mataram)
    with django_assert_num_queries(2):
        calendars = calendars_of([mataram, tanjung_selor, jayapura])
    assert calendars[jayapura.pk].zone.key == "Asia/Jayapura"
