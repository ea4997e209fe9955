"""The working calendar of an office as a value, and the counting of working days and hours on it.

Nothing here reads a database or a clock. Counting follows "paling lambat 3 (tiga) hari kerja setelah": the local
date of the anchor is day 0, the first working day after it is day 1, and the answer is due when online service
closes on the last counted day. An anchor on a free day or after hours is not moved first, and the count never pauses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from offices.dates import WEEKDAYS, format_day_date, format_time, to_local

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

DEFAULT_HOURS = (time(8), time(17))
LONGEST_CLOSURE = 366  # days without a working day after which a calendar counts as having none


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When one office works, in its own time zone.

    `hours` holds opening and closing of online service per weekday (Monday is 0); a weekday without hours is free.
    `free` and `extra` give single days and why they differ, in Indonesian; a day in both is worked.
    An extra day whose weekday has no hours is worked during DEFAULT_HOURS.
    """

    zone: ZoneInfo
    hours: Mapping[int, tuple[time, time]]
    free: Mapping[date, str] = field(default_factory=dict)
    extra: Mapping[date, str] = field(default_factory=dict)


def is_working_day(calendar: WorkCalendar, day: date) -> bool:
    return day in calendar.extra or (day.weekday() in calendar.hours and day not in calendar.free)


def next_working_day(calendar: WorkCalendar, day: date) -> date:
    """The first working day strictly after a day, whether or not that day is one itself."""
    return _nearest_working_day(calendar, day, step=1)


def previous_working_day(calendar: WorkCalendar, day: date) -> date:
    """The last working day strictly before a day."""
    return _nearest_working_day(calendar, day, step=-1)


def _nearest_working_day(calendar: WorkCalendar, day: date, *, step: int) -> date:
    for distance in range(1, LONGEST_CLOSURE + 1):
        candidate = day + timedelta(days=distance * step)
        if is_working_day(calendar, candidate):
            return candidate
    raise ValueError(f"The calendar has no working day within {LONGEST_CLOSURE} days of {day}.")


def nth_working_day_after(calendar: WorkCalendar, day: date, n: int) -> date:
    """Working day number n when the given day is day 0; raises ValueError unless n is at least 1."""
    if n < 1:
        raise ValueError(f"Working days are counted from 1, got {n}.")
    for _ in range(n):
        day = next_working_day(calendar, day)
    return day


def opening(calendar: WorkCalendar, day: date) -> datetime:
    """When online service opens on a working day; raises ValueError on any other day."""
    return datetime.combine(day, _hours_on(calendar, day)[0], calendar.zone)


def closing(calendar: WorkCalendar, day: date) -> datetime:
    """When online service closes on a working day; raises ValueError on any other day."""
    return datetime.combine(day, _hours_on(calendar, day)[1], calendar.zone)


def _hours_on(calendar: WorkCalendar, day: date) -> tuple[time, time]:
    if not is_working_day(calendar, day):
        raise ValueError(f"{day} is not a working day.")
    return calendar.hours.get(day.weekday(), DEFAULT_HOURS)


def due_moment(calendar: WorkCalendar, anchor: datetime, working_days: int) -> datetime:
    """The end of online service on working day number `working_days` after the anchor's local date.

    Raises ValueError for a naive anchor, fewer than one working day, or a calendar without working days.
    """
    anchor_day = to_local(anchor, calendar.zone).date()
    return closing(calendar, nth_working_day_after(calendar, anchor_day, working_days))


def explain_due(
    calendar: WorkCalendar, anchor: datetime, working_days: int, *, event: str = "pertanyaan diterima"
) -> list[str]:
    """Why `due_moment` is what it is: an Indonesian sentence for each day from the anchor to the due day.

    `event` says what happened at the anchor, such as 'pertanyaan dibuka kembali'. Raises ValueError as `due_moment`.
    """
    due = due_moment(calendar, anchor, working_days)
    day = to_local(anchor, calendar.zone).date()
    lines = [f"{format_day_date(day)}: {event}, hari ke-0"]
    counted = 0
    while day < due.date():
        day += timedelta(days=1)
        if is_working_day(calendar, day):
            counted += 1
            special = f"hari kerja khusus ({calendar.extra[day]}), " if day in calendar.extra else ""
            lines.append(f"{format_day_date(day)}: {special}hari kerja ke-{counted}")
        else:
            reason = calendar.free.get(day, f"hari {WEEKDAYS[day.weekday()]}")
            lines.append(f"{format_day_date(day)}: {reason}, tidak dihitung")
    lines[-1] += f", batas waktu jawaban pukul {format_time(due)} {due.tzname()}"
    return lines


def working_time_between(calendar: WorkCalendar, start: datetime, end: datetime) -> timedelta:
    """Time of online service from start to end; negative when the end lies before the start.

    Raises ValueError for a naive datetime.
    """
    start, end = to_local(start, calendar.zone), to_local(end, calendar.zone)
    if end < start:
        return -working_time_between(calendar, end, start)
    total = timedelta()
    for opens, closes in _service_from(calendar, start.date(), end.date()):
        total += max(min(closes, end) - max(opens, start), timedelta())
    return total


def add_working_time(calendar: WorkCalendar, start: datetime, delta: timedelta) -> datetime:
    """The earliest moment by which `delta` of online service has passed since the start, in the calendar's zone.

    Raises ValueError for a naive datetime, a negative delta, or a calendar without working days.
    """
    if delta < timedelta():
        raise ValueError(f"Working time can only be added, got {delta}.")
    moment = to_local(start, calendar.zone)
    day = moment.date()
    while delta:
        if is_working_day(calendar, day):
            moment = max(moment, opening(calendar, day))
            served = max(closing(calendar, day) - moment, timedelta())
            if delta <= served:
                return moment + delta
            delta -= served
        day = next_working_day(calendar, day)
    return moment


def _service_from(calendar: WorkCalendar, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """Opening and closing of each working day from first to last, both included."""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if is_working_day(calendar, day):
            yield opening(calendar, day), closing(calendar, day)
