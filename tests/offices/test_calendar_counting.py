"""Working days are counted as the standard promises them: day 0 is the anchor's local date."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from offices.calendar import (
    WorkCalendar,
    add_working_time,
    closing,
    due_moment,
    explain_due,
    is_working_day,
    next_working_day,
    nth_working_day_after,
    opening,
    previous_working_day,
    working_time_between,
)
from offices.dates import format_date, format_day_date, format_moment

WITA = ZoneInfo("Asia/Makassar")
WIT = ZoneInfo("Asia/Jayapura")
WEEK = dict.fromkeys(range(5), (time(8), time(17)))
FREE = {
    date.fromisoformat(day): name
    for day, name in {
        "2025-03-28": "cuti bersama Nyepi",
        "2025-03-31": "libur nasional Idulfitri",
        "2025-04-01": "libur nasional Idulfitri",
        "2025-04-02": "cuti bersama Idulfitri",
        "2025-04-03": "cuti bersama Idulfitri",
        "2025-04-04": "cuti bersama Idulfitri",
        "2025-04-07": "cuti bersama Idulfitri",
        "2026-12-24": "cuti bersama Natal",
        "2026-12-25": "libur nasional Natal",
        "2027-01-01": "libur nasional Tahun Baru Masehi",
        "2027-03-08": "libur nasional Nyepi",
        "2027-03-09": "cuti bersama Idulfitri",
        "2027-03-10": "libur nasional Idulfitri",
        "2027-03-11": "libur nasional Idulfitri",
        "2027-03-12": "cuti bersama Idulfitri",
        "2027-03-15": "cuti bersama Idulfitri",
    }.items()
}
CALENDAR = WorkCalendar(zone=WITA, hours=WEEK, free=FREE)


def at(text, zone=WITA):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param("2026-11-20T10:00", "2026-11-25", id="Friday: the weekend does not count"),
        pytest.param("2026-11-21T10:00", "2026-11-25", id="Saturday: not moved to Monday first"),
        pytest.param("2026-11-22T21:10", "2026-11-25", id="Sunday night"),
        pytest.param("2026-11-23T07:00", "2026-11-26", id="Monday before opening"),
        pytest.param("2026-11-23T23:30", "2026-11-26", id="Monday after closing"),
        pytest.param("2026-12-23T09:00", "2026-12-30", id="Christmas with its cuti bersama"),
        pytest.param("2026-12-24T09:00", "2026-12-30", id="received on cuti bersama"),
        pytest.param("2026-12-30T09:00", "2027-01-05", id="over New Year"),
        pytest.param("2027-03-05T09:00", "2027-03-18", id="Nyepi and Lebaran in one week"),
        pytest.param("2025-03-27T09:00", "2025-04-10", id="Lebaran 2025"),
    ],
)
def test_answer_is_due_at_the_end_of_service_on_the_third_working_day(received, due):
    assert due_moment(CALENDAR, at(received), 3) == at(f"{due}T17:00")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param(
            datetime(2026, 11, 22, 15, 30, tzinfo=UTC), "2026-11-25", id="23.30 on Sunday in Mataram"
        ),
        pytest.param(
            datetime(2026, 11, 22, 16, 30, tzinfo=UTC), "2026-11-26", id="00.30 on Monday in Mataram"
        ),
    ],
)
def test_day_zero_is_the_local_date_not_the_utc_date(received, due):
    assert due_moment(CALENDAR, received, 3) == at(f"{due}T17:00")


def test_same_moment_can_be_another_day_in_another_zone():
    received = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
    eastern = WorkCalendar(zone=WIT, hours=WEEK)
    assert due_moment(eastern, received, 3) == at("2026-11-26T17:00", WIT)


def test_due_moment_carries_the_office_zone():
    assert due_moment(CALENDAR, at("2026-11-22T21:10"), 3).isoformat() == "2026-11-25T17:00:00+08:00"


def test_due_moment_follows_the_closing_hour_of_its_weekday():
    short_friday = WorkCalendar(zone=WITA, hours={**WEEK, 4: (time(8), time(16, 30))})
    assert due_moment(short_friday, at("2026-11-24T09:00"), 3) == at("2026-11-27T16:30")


def test_declared_working_saturday_counts_and_closes_at_the_default_hour():
    busy = WorkCalendar(zone=WITA, hours=WEEK, extra={date(2026, 11, 21): "layanan akhir tahun"})
    assert due_moment(busy, at("2026-11-20T09:00"), 1) == at("2026-11-21T17:00")


def test_declared_working_day_beats_a_free_day():
    day = date(2026, 12, 24)
    calendar = WorkCalendar(zone=WITA, hours=WEEK, free=FREE, extra={day: "layanan akhir tahun"})
    assert is_working_day(calendar, day)


def test_neighbouring_working_days_step_over_free_days():
    assert next_working_day(CALENDAR, date(2027, 3, 5)) == date(2027, 3, 16)
    assert previous_working_day(CALENDAR, date(2027, 3, 16)) == date(2027, 3, 5)
    assert nth_working_day_after(CALENDAR, date(2027, 3, 5), 2) == date(2027, 3, 17)


def test_trace_tells_why_each_day_counts_or_not():
    assert explain_due(CALENDAR, at("2026-12-23T09:00"), 3) == [
        "Rabu, 23 Desember 2026: pertanyaan diterima, hari ke-0",
        "Kamis, 24 Desember 2026: cuti bersama Natal, tidak dihitung",
        "Jumat, 25 Desember 2026: libur nasional Natal, tidak dihitung",
        "Sabtu, 26 Desember 2026: hari Sabtu, tidak dihitung",
        "Minggu, 27 Desember 2026: hari Minggu, tidak dihitung",
        "Senin, 28 Desember 2026: hari kerja ke-1",
        "Selasa, 29 Desember 2026: hari kerja ke-2",
        "Rabu, 30 Desember 2026: hari kerja ke-3, batas waktu jawaban pukul 17.00 WITA",
    ]


def test_trace_says_what_started_the_count():
    trace = explain_due(CALENDAR, at("2026-11-23T09:00"), 1, event="pertanyaan dibuka kembali")
    assert trace[0] == "Senin, 23 November 2026: pertanyaan dibuka kembali, hari ke-0"


def test_trace_names_a_declared_working_day():
    busy = WorkCalendar(zone=WITA, hours=WEEK, extra={date(2026, 11, 21): "layanan akhir tahun"})
    assert explain_due(busy, at("2026-11-20T09:00"), 1)[-1] == (
        "Sabtu, 21 November 2026: hari kerja khusus (layanan akhir tahun), hari kerja ke-1, "
        "batas waktu jawaban pukul 17.00 WITA"
    )


def test_working_time_skips_nights_weekends_and_free_days():
    assert working_time_between(CALENDAR, at("2026-11-20T16:00"), at("2026-11-23T09:30")) == timedelta(
        hours=2.5
    )
    assert working_time_between(CALENDAR, at("2026-12-23T17:00"), at("2026-12-28T08:00")) == timedelta()


def test_working_time_is_negative_backwards():
    assert working_time_between(CALENDAR, at("2026-11-23T10:00"), at("2026-11-23T09:00")) == -timedelta(
        hours=1
    )


def test_added_working_time_flows_into_the_next_working_day():
    assert add_working_time(CALENDAR, at("2026-11-20T16:00"), timedelta(hours=2)) == at("2026-11-23T09:00")
    assert add_working_time(CALENDAR, at("2026-11-20T16:00"), timedelta(hours=1)) == at("2026-11-20T17:00")
    assert add_working_time(CALENDAR, at("2026-11-22T16:00"), timedelta()) == at("2026-11-22T16:00")


def test_naive_moment_is_refused_rather_than_guessed():
    naive = datetime(2026, 11, 22, 21, 10)  # noqa: DTZ001
    for refused in (
        lambda: due_moment(CALENDAR, naive, 3),
        lambda: explain_due(CALENDAR, naive, 3),
        lambda: working_time_between(CALENDAR, naive, at("2026-11-23T09:00")),
        lambda: add_working_time(CALENDAR, naive, timedelta(hours=1)),
        lambda: format_moment(naive, WITA),
    ):
        with pytest.raises(ValueError, match="naive"):
            refused()


def test_calendar_without_working_days_is_refused_instead_of_searched_for_ever():
    never = WorkCalendar(zone=WITA, hours={})
    with pytest.raises(ValueError, match="no working day"):
        due_moment(never, at("2026-11-22T21:10"), 1)
    with pytest.raises(ValueError, match="no working day"):
        add_working_time(never, at("2026-11-22T21:10"), timedelta(hours=1))


def test_less_than_one_working_day_is_refused():
    with pytest.raises(ValueError, match="counted from 1"):
        due_moment(CALENDAR, at("2026-11-22T21:10"), 0)
    with pytest.raises(ValueError, match="only be added"):
        add_working_time(CALENDAR, at("2026-11-22T21:10"), -timedelta(hours=1))


def test_free_day_has_no_opening_and_no_closing():
    for hour in (opening, closing):
        with pytest.raises(ValueError, match="not a working day"):
            hour(CALENDAR, date(2026, 11, 22))


def test_dates_read_as_in_an_official_letter():
    assert format_date(date(2026, 11, 2)) == "2 November 2026"
    assert format_day_date(date(2026, 8, 17)) == "Senin, 17 Agustus 2026"
    assert format_moment(datetime(2026, 11, 22, 1, 5, tzinfo=UTC), WITA) == (
        "Minggu, 22 November 2026 pukul 09.05 WITA"
    )
    assert format_moment(datetime(2026, 11, 22, 16, 0, tzinfo=UTC), WIT) == (
        "Senin, 23 November 2026 pukul 01.00 WIT"
    )
