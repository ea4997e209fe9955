from datetime import date, time

import pytest

from offices.calendar import closing, is_working_day
from offices.calendars import calendar_of, calendars_of
from offices.enums import HolidayKind, ServiceKind
from offices.models import Holiday, ServiceHours

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


def test_calendars_of_any_number_of_offices_take_two_queries(
    mataram, tanjung_selor, jayapura, django_assert_num_queries
):
    mark(CHRISTMAS_EVE, HolidayKind.COLLECTIVE_LEAVE)
    with django_assert_num_queries(2):
        calendar_of(mataram)
    with django_assert_num_queries(2):
        calendars = calendars_of([mataram, tanjung_selor, jayapura])
    assert calendars[jayapura.pk].zone.key == "Asia/Jayapura"
