"""The working calendar of an office as a value, and the counting of working days and hours on it.

Nothing here reads a database or a clock. Counting follows "paling lambat 3 (tiga) hari kerja setelah": the local
date of the anchor is day 0, the first working day after it is day 1, and the answer is due when online service
closes for the day on the last counted day. An anchor on a free day or after hours is not moved first, and the count
never pauses. Working time is time of service: breaks, nights and free days are left out of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from offices.dates import WEEKDAYS, format_day_date, format_time, to_local

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo


class Interval(NamedTuple):
    """A stretch of a day during which a service is open, from opening (included) to closing (excluded)."""

    opens_at: time
    closes_at: time


Hours = tuple[Interval, ...]  # of one day: disjoint and in order, with a break between any two
DEFAULT_HOURS: Hours = (Interval(time(8), time(17)),)
LONGEST_CLOSURE = 366  # days without a working day after which a calendar counts as having none


@dataclass(frozen=True, slots=True)
class Special:
    """Hours kept on a date instead of the usual ones, and what for: 'Ramadan 1448 H'."""

    name: str
    hours: Hours


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When one service of an office is open, in its own time zone.

    `week` holds the usual hours of each weekday (Monday is 0); a weekday without hours is free. `special` gives single
    dates that keep other hours. `free` and `extra` give single days and why they differ, in Indonesian; a day in both
    is worked. An extra day for which no hours are known is worked during DEFAULT_HOURS.
    """

    zone: ZoneInfo
    week: Mapping[int, Hours]
    free: Mapping[date, str] = field(default_factory=dict)
    extra: Mapping[date, str] = field(default_factory=dict)
    special: Mapping[date, Special] = field(default_factory=dict)


def are_apart(hours: Iterable[Interval]) -> bool:
    """Whether no two of these intervals overlap; one may begin as another ends."""
    return all(before.closes_at <= after.opens_at for before, after in pairwise(sorted(hours)))


def hours_on(calendar: WorkCalendar, day: date) -> Hours:
    """When the service is open on a day, in order; empty when it is not open at all."""
    if day in calendar.free and day not in calendar.extra:
        return ()
    special = calendar.special.get(day)
    hours = special.hours if special else calendar.week.get(day.weekday(), ())
    return hours or (DEFAULT_HOURS if day in calendar.extra else ())


def is_working_day(calendar: WorkCalendar, day: date) -> bool:
    return bool(hours_on(calendar, day))


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


def service_on(calendar: WorkCalendar, day: date) -> list[tuple[datetime, datetime]]:
    """From when to when the service is open on a day, in order; empty when it is not open at all."""
    return [
        (datetime.combine(day, opens, calendar.zone), datetime.combine(day, closes, calendar.zone))
        for opens, closes in hours_on(calendar, day)
    ]


def opening(calendar: WorkCalendar, day: date) -> datetime:
    """When the service first opens on a working day; raises ValueError on any other day."""
    return _service_of_working_day(calendar, day)[0][0]


def closing(calendar: WorkCalendar, day: date) -> datetime:
    """When the service closes for the day on a working day; raises ValueError on any other day."""
    return _service_of_working_day(calendar, day)[-1][1]


def _service_of_working_day(calendar: WorkCalendar, day: date) -> list[tuple[datetime, datetime]]:
    if service := service_on(calendar, day):
        return service
    raise ValueError(f"{day} is not a working day.")


def is_open(calendar: WorkCalendar, now: datetime) -> bool:
    """Whether the service is open at a moment: within one of the day's intervals, not in a break."""
    today = to_local(now, calendar.zone).date()
    return any(opens <= now < closes for opens, closes in service_on(calendar, today))


def due_moment(calendar: WorkCalendar, anchor: datetime, working_days: int) -> datetime:
    """The end of service on working day number `working_days` after the anchor's local date.

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
            lines.append(f"{format_day_date(day)}: {_what_differs(calendar, day)}hari kerja ke-{counted}")
        else:
            lines.append(f"{format_day_date(day)}: {_why_free(calendar, day)}, tidak dihitung")
    lines[-1] += f", batas waktu jawaban pukul {format_time(due)} {due.tzname()}"
    return lines


def _what_differs(calendar: WorkCalendar, day: date) -> str:
    """Of a working day that is not as usual: 'hari kerja khusus (Lembur), jam khusus Ramadan (pukul 08.00–15.00), '."""
    reasons = [f"hari kerja khusus ({calendar.extra[day]})"] if day in calendar.extra else []
    if special := calendar.special.get(day):
        reasons.append(f"jam khusus {special.name} ({format_hours(hours_on(calendar, day))})")
    return "".join(f"{reason}, " for reason in reasons)


def _why_free(calendar: WorkCalendar, day: date) -> str:
    return why_closed(calendar, day) or f"hari {WEEKDAYS[day.weekday()]}"


def why_closed(calendar: WorkCalendar, day: date) -> str:
    """Why a service is closed all day that is open on this weekday, or on which the day is free; "" otherwise."""
    if is_working_day(calendar, day):
        return ""
    if day in calendar.special and day not in calendar.free and day.weekday() in calendar.week:
        return f"tutup ({calendar.special[day].name})"
    return calendar.free.get(day, "")


def format_hours(hours: Hours) -> str:
    """'pukul 08.00–12.00 dan 13.00–17.00'."""
    *others, last = [f"{format_time(opens)}–{format_time(closes)}" for opens, closes in hours]
    return f"pukul {' dan '.join([', '.join(others), last] if others else [last])}"


def working_time_between(calendar: WorkCalendar, start: datetime, end: datetime) -> timedelta:
    """Time of service from start to end, without breaks; negative when the end lies before the start.

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
    """The earliest moment by which `delta` of service has passed since the start, in the calendar's zone.

    Raises ValueError for a naive datetime, a negative delta, or a calendar without working days.
    """
    if delta < timedelta():
        raise ValueError(f"Working time can only be added, got {delta}.")
    moment = to_local(start, calendar.zone)
    day = moment.date()
    while delta:
        for opens, closes in service_on(calendar, day):
            begins = max(moment, opens)
            served = max(closes - begins, timedelta())
            if delta <= served:
                return begins + delta
            delta -= served
        day = next_working_day(calendar, day)
    return moment


def take_working_time(calendar: WorkCalendar, end: datetime, delta: timedelta) -> datetime:
    """The latest moment from which `delta` of service still passes until the end, in the calendar's zone.

    Raises ValueError as `add_working_time`.
    """
    if delta < timedelta():
        raise ValueError(f"Working time can only be taken, got {delta}.")
    moment = to_local(end, calendar.zone)
    day = moment.date()
    while delta:
        for opens, closes in reversed(service_on(calendar, day)):
            ends = min(moment, closes)
            served = max(ends - opens, timedelta())
            if delta <= served:
                return ends - delta
            delta -= served
        day = previous_working_day(calendar, day)
    return moment


def _service_from(calendar: WorkCalendar, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """From when to when the service is open on each working day from first to last, both included."""
    for offset in range((last - first).days + 1):
        yield from service_on(calendar, first + timedelta(days=offset))
