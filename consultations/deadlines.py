"""How near a deadline is, as lists and pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from offices.calendar import next_working_day
from offices.dates import format_date, format_time, to_local

if TYPE_CHECKING:
    from datetime import date, datetime

    from offices.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Nearness:
    """`level` is the look ("late", "today", "soon", "calm"), `label` its words."""

    level: str
    label: str


def nearness(due_at: datetime, calendar: WorkCalendar, now: datetime) -> Nearness:
    """How near an unanswered question's due moment is, in working days of its office.

    Raises ValueError for a naive datetime.
    """
    due, today = to_local(due_at, calendar.zone), to_local(now, calendar.zone).date()
    if due_at <= now:
        days = _working_days_between(calendar, due.date(), today)
        return Nearness("late", f"Terlambat {days} hari kerja" if days else "Terlambat")
    if due.date() == today:
        return Nearness("today", f"Hari ini pukul {format_time(due)}")
    level = "soon" if due.date() <= next_working_day(calendar, today) else "calm"
    return Nearness(level, f"{format_date(due)} pukul {format_time(due)}")


def countdown(due_at: datetime, calendar: WorkCalendar, now: datetime) -> Nearness:
    """As `nearness`, in words that say how long is left, for where the moment itself stands beside them."""
    near = nearness(due_at, calendar, now)
    if near.level == "late":
        return near
    today = to_local(now, calendar.zone).date()
    if near.level == "today":
        return Nearness(near.level, "Hari ini")
    days = _working_days_between(calendar, today, to_local(due_at, calendar.zone).date())
    return Nearness(near.level, f"{days} hari kerja lagi" if days else "Sebelum hari kerja berikutnya")


def _working_days_between(calendar: WorkCalendar, first: date, last: date) -> int:
    """How many working days lie after the first and up to the last."""
    days, day = 0, next_working_day(calendar, first)
    while day <= last:
        days, day = days + 1, next_working_day(calendar, day)
    return days
