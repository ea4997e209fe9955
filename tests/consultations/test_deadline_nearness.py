"""How near a deadline is, in the words of lists and pages."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from consultations.deadlines import Nearness, countdown, nearness
from offices.calendar import Interval, WorkCalendar

WITA = ZoneInfo("Asia/Makassar")
CALENDAR = WorkCalendar(
    zone=WITA,
    week=dict.fromkeys(range(5), (Interval(time(8), time(17)),)),
    free={date(2026, 12, 24): "cuti bersama Natal", date(2026, 12, 25): "Natal"},
)
WEDNESDAY = datetime(2026, 12, 23, 17, 0, tzinfo=WITA)


@pytest.mark.parametrize(
    ("now", "level", "label"),
    [
        (datetime(2026, 12, 18, 9, 0, tzinfo=WITA), "calm", "23 Desember 2026 pukul 17.00"),
        (datetime(2026, 12, 22, 9, 0, tzinfo=WITA), "soon", "23 Desember 2026 pukul 17.00"),
        (datetime(2026, 12, 23, 16, 59, tzinfo=WITA), "today", "Hari ini pukul 17.00"),
        (datetime(2026, 12, 23, 17, 0, tzinfo=WITA), "late", "Terlambat"),
        (datetime(2026, 12, 27, 9, 0, tzinfo=WITA), "late", "Terlambat"),
        (datetime(2026, 12, 28, 9, 0, tzinfo=WITA), "late", "Terlambat 1 hari kerja"),
    ],
)
def test_a_deadline_grows_heavier_by_working_days(now, level, label):
    assert nearness(WEDNESDAY, CALENDAR, now) == Nearness(level, label)


def test_a_deadline_after_a_weekend_is_soon_on_friday_already():
    monday = datetime(2026, 12, 21, 17, 0, tzinfo=WITA)
    assert nearness(monday, CALENDAR, datetime(2026, 12, 18, 9, 0, tzinfo=WITA)).level == "soon"


def test_today_is_the_offices_own_day():
    half_past_midnight = datetime(2026, 12, 22, 16, 30, tzinfo=UTC)
    assert nearness(WEDNESDAY, CALENDAR, half_past_midnight).level == "today"


@pytest.mark.parametrize(
    ("now", "level", "label"),
    [
        (datetime(2026, 12, 18, 9, 0, tzinfo=WITA), "calm", "3 hari kerja lagi"),
        (datetime(2026, 12, 20, 9, 0, tzinfo=WITA), "calm", "3 hari kerja lagi"),
        (datetime(2026, 12, 22, 9, 0, tzinfo=WITA), "soon", "1 hari kerja lagi"),
        (datetime(2026, 12, 23, 9, 0, tzinfo=WITA), "today", "Hari ini"),
        (datetime(2026, 12, 28, 9, 0, tzinfo=WITA), "late", "Terlambat 1 hari kerja"),
    ],
)
def test_a_countdown_says_how_many_working_days_are_left(now, level, label):
    assert countdown(WEDNESDAY, CALENDAR, now) == Nearness(level, label)


def test_a_moment_on_a_free_day_lies_before_the_next_working_day():
    christmas = datetime(2026, 12, 25, 8, 0, tzinfo=WITA)
    near = countdown(christmas, CALENDAR, datetime(2026, 12, 23, 18, 0, tzinfo=WITA))
    assert near == Nearness("soon", "Sebelum hari kerja berikutnya")
