"""The national calendar as the joint decrees (SKB) of 2025, 2026 and 2027 publish it."""

import logging
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from offices.calendar import is_working_day
from offices.calendars import calendar_of
from offices.enums import HolidayKind
from offices.models import Holiday
from offices.national_days import SOURCE, sync_national_days, years_around
from offices.tasks import sync_holidays

pytestmark = pytest.mark.django_db

PUBLIC = {
    2025: "1-1 1-27 1-29 3-29 3-31 4-1 4-18 4-20 5-1 5-12 5-29 6-1 6-6 6-27 8-17 9-5 12-25",
    2026: "1-1 1-16 2-17 3-19 3-21 3-22 4-3 4-5 5-1 5-14 5-27 5-31 6-1 6-16 8-17 8-25 12-25",
    2027: "1-1 1-5 2-6 3-8 3-10 3-11 3-26 3-28 5-1 5-6 5-17 5-20 6-1 6-6 8-15 8-17 12-25 12-26",
}
COLLECTIVE_LEAVE = {
    2025: "1-28 3-28 4-2 4-3 4-4 4-7 5-13 5-30 6-9 8-18 12-26",
    2026: "2-16 3-18 3-20 3-23 3-24 5-15 5-28 12-24",
    2027: "2-5 3-9 3-12 3-15 3-25 5-18 5-19 12-24",
}


def dates(year, listed):
    return {date(year, *map(int, day.split("-"))) for day in listed.split()}


def stored(year, kind):
    return set(Holiday.objects.filter(date__year=year, kind=kind).values_list("date", flat=True))


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_national_holidays_and_collective_leave_are_those_of_the_decree(year):
    sync_national_days([year])
    assert stored(year, HolidayKind.NATIONAL) == dates(year, PUBLIC[year])
    assert stored(year, HolidayKind.COLLECTIVE_LEAVE) == dates(year, COLLECTIVE_LEAVE[year])


@pytest.mark.parametrize(("year", "working_days"), [(2025, 237), (2026, 240), (2027, 242)])
def test_year_has_the_working_days_it_should(mataram, year, working_days):
    sync_national_days([year])
    calendar = calendar_of(mataram)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(is_working_day(calendar, day) for day in days) == working_days


def test_estimated_islamic_dates_say_so():
    sync_national_days([2027])
    assert Holiday.objects.get(date=date(2027, 3, 10)).name == "Hari Raya Idul Fitri (perkiraan)"


def test_second_sync_changes_nothing(django_assert_max_num_queries):
    first = sync_national_days([2026, 2027])
    assert (first.written, first.removed) == (51, 0)
    with django_assert_max_num_queries(6):
        second = sync_national_days([2026, 2027])
    assert (second.written, second.removed) == (0, 0)


def test_sync_corrects_what_the_package_now_knows_better():
    sync_national_days([2026])
    Holiday.objects.filter(date=date(2026, 12, 24)).update(name="Cuti Bersama", kind=HolidayKind.NATIONAL)
    Holiday.objects.filter(date=date(2026, 12, 25)).delete()
    assert sync_national_days([2026]).written == 2
    assert Holiday.objects.get(date=date(2026, 12, 24)).kind == HolidayKind.COLLECTIVE_LEAVE


def test_day_that_vanished_from_the_package_is_removed():
    Holiday.objects.create(date=date(2026, 3, 25), name="perkiraan", kind=HolidayKind.NATIONAL, source=SOURCE)
    Holiday.objects.create(
        date=date(2025, 3, 25), name="tahun lain", kind=HolidayKind.NATIONAL, source=SOURCE
    )
    assert sync_national_days([2026]).removed == 1
    assert list(Holiday.objects.filter(name="tahun lain")) != []


def test_days_entered_by_people_survive_the_sync(mataram):
    by_hand = Holiday.objects.create(
        date=date(2026, 12, 24), name="Pilkada", kind=HolidayKind.NATIONAL, source="dicatat oleh Siti"
    )
    added = Holiday.objects.create(date=date(2026, 12, 9), name="Pilkada", kind=HolidayKind.NATIONAL)
    own = Holiday.objects.create(
        office=mataram, date=date(2026, 12, 25), name="lembur", kind=HolidayKind.EXTRA_WORKING_DAY
    )
    sync_national_days([2026])
    for row in (by_hand, added, own):
        name = row.name
        row.refresh_from_db()
        assert row.name == name
    assert Holiday.objects.filter(date=date(2026, 12, 24)).count() == 1


def test_year_without_collective_leave_is_reported(caplog):
    with caplog.at_level(logging.WARNING):
        report = sync_national_days([2027, 2028])
    assert report.years_without_collective_leave == (2028,)
    assert "2028" in caplog.text
    assert "2027" not in caplog.text


def test_task_keeps_three_years_in_step(time_machine):
    time_machine.move_to("2026-12-31T23:30:00+08:00")
    sync_holidays()
    assert {day.year for day in Holiday.objects.values_list("date", flat=True)} == {2025, 2026, 2027}


def test_three_years_surround_a_date():
    assert years_around(date(2026, 11, 22)) == (2025, 2026, 2027)


def test_command_takes_the_years_it_is_given():
    out, err = StringIO(), StringIO()
    call_command("sync_holidays", "--years", "2026", "2028", stdout=out, stderr=err)
    assert "2026, 2028" in out.getvalue()
    assert "cuti bersama tahun 2028 belum tersedia" in err.getvalue()


@pytest.mark.parametrize("year", ["1", "99999", "dua"])
def test_command_refuses_an_impossible_year(year):
    with pytest.raises(CommandError, match="antara 2000 dan 2100"):
        call_command("sync_holidays", "--years", year)
