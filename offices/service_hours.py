"""An office's service hours in words, and whether its services are open at a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from offices.calendar import closing, is_working_day, next_working_day, opening
from offices.calendars import calendar_of
from offices.dates import WEEKDAYS, format_moment, format_time, to_local
from offices.enums import ServiceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from offices.calendar import WorkCalendar
    from offices.models import Office, ServiceHours


@dataclass(frozen=True, slots=True)
class OpeningState:
    """One service at one moment: 'Layanan tatap muka', its week in words, and when it closes or opens next."""

    service: str
    week: str
    is_open: bool
    text: str


def hours_in_words(office: Office) -> list[str]:
    """'Layanan tatap muka: Senin s.d. Jumat pukul 08.00–15.00 WITA', one line a service; one query."""
    return [f"{service.label}: {_week_in_words(rows, office)}" for service, rows in _weeks(office)]


def opening_states(office: Office, now: datetime) -> list[OpeningState]:
    """Each service of the office at a moment, on its own hours and the office's free and extra days; two queries."""
    calendar = calendar_of(office)
    states = []
    for service, rows in _weeks(office):
        hours = {row.weekday: (row.opens_at, row.closes_at) for row in rows}
        is_open, text = state_in_words(replace(calendar, hours=hours), now)
        states.append(OpeningState(service.label, _week_in_words(rows, office), is_open, text))
    return states


def _weeks(office: Office) -> Iterator[tuple[ServiceKind, list[ServiceHours]]]:
    rows = office.service_hours.all()
    for service in ServiceKind:
        week = [row for row in rows if row.service == service]
        if week:
            yield service, week


def _week_in_words(rows: Sequence[ServiceHours], office: Office) -> str:
    """'Senin s.d. Kamis pukul 08.00–15.00, Jumat pukul 08.00–14.30 WITA'."""
    parts = []
    # Weekdays in a row keep their distance from their position in the list.
    for _, run in groupby(
        enumerate(rows), key=lambda item: (item[1].weekday - item[0], item[1].opens_at, item[1].closes_at)
    ):
        days = [row for _, row in run]
        label = WEEKDAYS[days[0].weekday]
        if len(days) > 1:
            label += f" s.d. {WEEKDAYS[days[-1].weekday]}"
        parts.append(f"{label} pukul {format_time(days[0].opens_at)}–{format_time(days[0].closes_at)}")
    return f"{', '.join(parts)} {office.zone_label}"


def state_in_words(calendar: WorkCalendar, now: datetime) -> tuple[bool, str]:
    """Whether a service with these hours is open at a moment, and until when or when next."""
    local_now = to_local(now, calendar.zone)
    today = local_now.date()
    works_today = is_working_day(calendar, today)
    if works_today and opening(calendar, today) <= local_now < closing(calendar, today):
        closes_at = closing(calendar, today)
        return True, f"Sedang buka, sampai pukul {format_time(closes_at)} {closes_at.tzname()}"
    if works_today and local_now < opening(calendar, today):
        opens_at = opening(calendar, today)
    else:
        opens_at = opening(calendar, next_working_day(calendar, today))
    reason = f"; hari ini {calendar.free[today]}" if not works_today and today in calendar.free else ""
    return False, f"Tutup, buka lagi {_when(opens_at, local_now, calendar.zone)}{reason}"


def _when(moment: datetime, local_now: datetime, zone: ZoneInfo) -> str:
    days_ahead = (moment.date() - local_now.date()).days
    if days_ahead >= len(WEEKDAYS):
        return format_moment(moment, zone)
    day = {0: "hari ini", 1: "besok"}.get(days_ahead, WEEKDAYS[moment.weekday()])
    return f"{day} pukul {format_time(moment)} {moment.tzname()}"
