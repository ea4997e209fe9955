"""Working days are counted as the standard promises them: day 0 is the anchor's local date."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from offices.calendar import (
    Interval,
    Special,
    WorkCalendar,
    add_working_time,
    are_apart,
    closing,
    due_moment,
    explain_due,
    is_open,
    is_working_day,
    next_working_day,
    nth_working_day_after,
    opening,
    previous_working_day,
    take_working_time,
    working_time_between,
)
from offices.dates import format_date, format_day_date, format_moment

WITA = ZoneInfo("Asia/Makassar")
WIT = ZoneInfo("Asia/Jayapura")
WEEK = dict.fromkeys(range(5), (Interval(time(8), time(17)),))
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
CALENDAR = WorkCalendar(zone=WITA, week=WEEK, free=FREE)


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
    eastern = WorkCalendar(zone=WIT, week=WEEK)
    assert due_moment(eastern, received, 3) == at("2026-11-26T17:00", WIT)


def test_due_moment_carries_the_office_zone():
    assert due_moment(CALENDAR, at("2026-11-22T21:10"), 3).isoformat() == "2026-11-25T17:00:00+08:00"


def test_due_moment_follows_the_closing_hour_of_its_weekday():
    short_friday = WorkCalendar(zone=WITA, week={**WEEK, 4: (Interval(time(8), time(16, 30)),)})
    assert due_moment(short_friday, at("2026-11-24T09:00"), 3) == at("2026-11-27T16:30")


def test_declared_working_saturday_counts_and_closes_at_the_default_hour():
    busy = WorkCalendar(zone=WITA, week=WEEK, extra={date(2026, 11, 21): "layanan akhir tahun"})
    assert due_moment(busy, at("2026-11-20T09:00"), 1) == at("2026-11-21T17:00")


def test_declared_working_day_beats_a_free_day():
    day = date(2026, 12, 24)
    calendar = WorkCalendar(zone=WITA, week=WEEK, free=FREE, extra={day: "layanan akhir tahun"})
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
    busy = WorkCalendar(zone=WITA, week=WEEK, extra={date(2026, 11, 21): "layanan akhir tahun"})
    assert explain_due(busy, at("2026-11-20T09:00"), 1)[-1] == (
        "Sabtu, 21 November 2026: hari kerja khusus (layanan akhir tahun), hari kerja ke-1, "
        "batas waktu jawaban pukul 17.00 WITA"
    )


def test_working_time_skips_nights_weekends_and_free_days():
    assert working_time_between(CALENDAR, at("2026-11-20T16:00"), at("2026-11-23T09:30")) == timedelta(
        hours=2.5
    )
    assert working_time_between(CALENDAR, at("2026-12-23T17:00"), at("2026-12-28T08:00")) == timedelta()


FRIDAY_PRAYER = {
    **dict.fromkeys(range(4), (Interval(time(8), time(12)), Interval(time(13), time(17)))),
    4: (Interval(time(8), time(11, 30)), Interval(time(13, 30), time(17))),
}
RAMADAN = (Interval(time(8), time(12)), Interval(time(12, 30), time(15)))
RAMADAN_DAYS = {
    day: Special("Ramadan 1448 H", RAMADAN if day.weekday() < 5 else ())
    for step in range(30)
    for day in [date(2027, 2, 8) + timedelta(days=step)]
}
WITH_BREAKS = WorkCalendar(zone=WITA, week=FRIDAY_PRAYER, free=FREE)
IN_RAMADAN = WorkCalendar(zone=WITA, week=FRIDAY_PRAYER, free=FREE, special=RAMADAN_DAYS)
HALF_DAY = (Interval(time(8), time(12)),)


@pytest.mark.parametrize(
    ("calendar", "received", "due"),
    [
        pytest.param(WITH_BREAKS, "2026-11-23T12:30", "2026-11-26T17:00", id="asked during the break"),
        pytest.param(IN_RAMADAN, "2027-02-03T10:00", "2027-02-08T15:00", id="due on Ramadan's first day"),
        pytest.param(IN_RAMADAN, "2027-02-05T10:00", "2027-02-10T15:00", id="due within Ramadan"),
        pytest.param(IN_RAMADAN, "2027-03-04T16:00", "2027-03-17T17:00", id="Lebaran between, due after it"),
        pytest.param(
            WorkCalendar(zone=WITA, week=WEEK, special={date(2026, 12, 24): Special("Natal", HALF_DAY)}),
            "2026-12-21T09:00",
            "2026-12-24T12:00",
            id="half a day",
        ),
        pytest.param(
            WorkCalendar(zone=WITA, week=WEEK, special={date(2026, 11, 26): Special("Rapat", ())}),
            "2026-11-23T09:00",
            "2026-11-27T17:00",
            id="closed by special hours: not counted",
        ),
        pytest.param(
            WorkCalendar(
                zone=WITA,
                week=WEEK,
                free={date(2026, 11, 26): "libur lokal"},
                special={date(2026, 11, 26): Special("Setengah hari", HALF_DAY)},
            ),
            "2026-11-23T09:00",
            "2026-11-27T17:00",
            id="a free day stays free whatever its hours",
        ),
        pytest.param(
            WorkCalendar(
                zone=WITA,
                week=WEEK,
                extra={date(2026, 11, 28): "akhir tahun"},
                special={date(2026, 11, 28): Special("akhir tahun", HALF_DAY)},
            ),
            "2026-11-25T09:00",
            "2026-11-28T12:00",
            id="a working Saturday with hours of its own",
        ),
    ],
)
def test_the_answer_is_due_when_the_days_own_hours_end(calendar, received, due):
    assert due_moment(calendar, at(received), 3) == at(due)


def test_trace_names_special_hours_and_a_day_closed_by_them():
    calendar = WorkCalendar(
        zone=WITA,
        week=FRIDAY_PRAYER,
        extra={date(2026, 11, 21): "Lembur"},
        special={
            date(2026, 11, 21): Special("Setengah hari", HALF_DAY),
            date(2026, 11, 23): Special("Rapat kerja", ()),
            date(2026, 11, 24): Special("Masa uji", RAMADAN),
        },
    )
    assert explain_due(calendar, at("2026-11-20T09:00"), 2) == [
        "Jumat, 20 November 2026: pertanyaan diterima, hari ke-0",
        "Sabtu, 21 November 2026: hari kerja khusus (Lembur), jam khusus Setengah hari (pukul 08.00–12.00), hari kerja ke-1",
        "Minggu, 22 November 2026: hari Minggu, tidak dihitung",
        "Senin, 23 November 2026: tutup (Rapat kerja), tidak dihitung",
        "Selasa, 24 November 2026: jam khusus Masa uji (pukul 08.00–12.00 dan 12.30–15.00), hari kerja ke-2, batas waktu jawaban pukul 15.00 WITA",
    ]


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-23T11:00", "2026-11-23T14:00", 2),
        ("2026-11-23T12:10", "2026-11-23T12:50", 0),
        ("2026-11-27T11:00", "2026-11-27T14:00", 1),
        ("2026-11-23T00:00", "2026-11-28T00:00", 39),
    ],
)
def test_working_time_leaves_out_breaks(start, end, hours):
    assert working_time_between(WITH_BREAKS, at(start), at(end)) == timedelta(hours=hours)


def test_working_time_is_added_and_taken_over_breaks():
    two_hours = timedelta(hours=2)
    assert add_working_time(WITH_BREAKS, at("2026-11-23T11:00"), two_hours) == at("2026-11-23T14:00")
    assert add_working_time(WITH_BREAKS, at("2026-11-23T10:00"), two_hours) == at("2026-11-23T12:00")
    assert add_working_time(WITH_BREAKS, at("2026-11-27T16:00"), two_hours) == at("2026-11-30T09:00")
    assert take_working_time(WITH_BREAKS, at("2026-11-27T14:00"), two_hours) == at("2026-11-27T10:00")
    assert take_working_time(WITH_BREAKS, at("2026-11-30T09:00"), two_hours) == at("2026-11-27T16:00")
    assert take_working_time(WITH_BREAKS, at("2026-11-23T17:00"), timedelta()) == at("2026-11-23T17:00")


@pytest.mark.parametrize(
    ("clock", "opened"),
    [
        ("07:59", False),
        ("08:00", True),
        ("12:00", False),
        ("12:59", False),
        ("13:00", True),
        ("17:00", False),
    ],
)
def test_a_service_is_closed_during_its_break(clock, opened):
    assert is_open(WITH_BREAKS, at(f"2026-11-23T{clock}")) is opened


def test_intervals_may_meet_but_not_overlap():
    assert are_apart([Interval(time(12), time(15)), Interval(time(8), time(12))])
    assert not are_apart([Interval(time(11, 59), time(15)), Interval(time(8), time(12))])


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
    never = WorkCalendar(zone=WITA, week={})
    with pytest.raises(ValueError, match="no working day"):
        due_moment(never, at("2026-11-22T21:10"), 1)
    with pytest.raises(ValueError, match="no working day"):
        add_working_time(never, at("2026-11-22T21:10"), timedelta(hours=1))


def test_less_than_one_working_day_is_refused():
    with pytest.raises(ValueError, match="counted from 1"):
        due_moment(CALENDAR, at("2026-11-22T21:10"), 0)
    with pytest.raises(ValueError, match="only be added"):
        add_working_time(CALENDAR, at("2026-11-22T21:10"), -timedelta(hours=1))
    with pytest.raises(ValueError, match="only be taken"):
        take_working_time(CALENDAR, at("2026-11-22T21:10"), -timedelta(hours=1))


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
