"""An office's service hours in words, and whether its services are open at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from offices.calendar import format_hours, next_working_day, opening, service_on, why_closed
from offices.calendars import Period, calendars_by_service, weeks_of
from offices.dates import WEEKDAYS, format_days, format_moment, format_time, to_local
from offices.enums import ServiceKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from offices.calendar import Hours, WorkCalendar
    from offices.models import Office

TOLD_AHEAD = timedelta(days=14)  # from when on special hours are told beside the usual ones


@dataclass(frozen=True, slots=True)
class OpeningState:
    """One service at one moment: 'Layanan tatap muka', its usual and special hours, and when it closes or opens next."""

    service: str
    week: str
    special: list[str]
    is_open: bool
    text: str


def hours_in_words(office: Office, today: date) -> list[str]:
    """'Layanan tatap muka: Senin s.d. Jumat pukul 08.00–15.00 WITA', one line a service; one query.

    Special hours that hold on the local date given, or soon after it, have lines of their own.
    """
    weeks = weeks_of([office])[office.pk]
    lines = []
    for service in ServiceKind:
        if usual := weeks.get(Period(service)):
            lines.append(f"{service.label}: {_week_in_words(usual, office)}")
        lines += [f"{service.label}, {special}" for special in _special_in_words(office, service, today)]
    return lines


def opening_states(office: Office, now: datetime) -> list[OpeningState]:
    """Each service of the office at a moment, on its own hours and the office's free and extra days; two queries."""
    states = []
    for service, calendar in calendars_by_service(office).items():
        is_open, text = state_in_words(calendar, now)
        special = _special_in_words(office, service, office.local_date(now))
        states.append(
            OpeningState(service.label, _week_in_words(calendar.week, office), special, is_open, text)
        )
    return states


def _special_in_words(office: Office, service: ServiceKind, today: date) -> list[str]:
    """'Ramadan (8 Februari 2027 s.d. 9 Maret 2027): Senin s.d. Kamis pukul 08.00–15.00 WITA', the first to begin first."""
    weeks = weeks_of([office])[office.pk]
    told = sorted(
        (period.starts_on, period.ends_on, period.name, week)
        for period, week in weeks.items()
        if period.service == service and period.starts_on and period.ends_on
        if period.starts_on - TOLD_AHEAD <= today <= period.ends_on
    )
    return [
        f"{name} ({format_days(first, last)}): {_week_in_words(week, office)}"
        for first, last, name, week in told
    ]


def _week_in_words(week: Mapping[int, Hours], office: Office) -> str:
    """'Senin s.d. Kamis pukul 08.00–15.00, Jumat pukul 08.00–11.30 dan 13.30–15.00 WITA'; 'tutup' without hours."""
    if not week:
        return "tutup"
    parts = []
    # Weekdays in a row keep their distance from their position in the list.
    for (_, hours), run in groupby(
        enumerate(week.items()), key=lambda item: (item[1][0] - item[0], item[1][1])
    ):
        days = [weekday for _, (weekday, _) in run]
        label = WEEKDAYS[days[0]] + (f" s.d. {WEEKDAYS[days[-1]]}" if len(days) > 1 else "")
        parts.append(f"{label} {format_hours(hours)}")
    return f"{', '.join(parts)} {office.zone_label}"


def state_in_words(calendar: WorkCalendar, now: datetime) -> tuple[bool, str]:
    """Whether a service with these hours is open at a moment, and until when or when next."""
    local_now = to_local(now, calendar.zone)
    today = local_now.date()
    ahead = [(opens, closes) for opens, closes in service_on(calendar, today) if local_now < closes]
    if ahead and ahead[0][0] <= local_now:
        again = f", lalu buka lagi pukul {format_time(ahead[1][0])}" if len(ahead) > 1 else ""
        return True, f"Sedang buka, sampai pukul {format_time(ahead[0][1])} {local_now.tzname()}{again}"
    opens_at = ahead[0][0] if ahead else opening(calendar, next_working_day(calendar, today))
    is_break = bool(ahead) and opening(calendar, today) < local_now
    reason = why_closed(calendar, today)
    return False, (
        f"{'Sedang istirahat' if is_break else 'Tutup'}, buka lagi {_when(opens_at, local_now, calendar.zone)}"
        f"{f'; hari ini {reason}' if reason else ''}"
    )


def _when(moment: datetime, local_now: datetime, zone: ZoneInfo) -> str:
    days_ahead = (moment.date() - local_now.date()).days
    if days_ahead >= len(WEEKDAYS):
        return format_moment(moment, zone)
    day = {0: "hari ini", 1: "besok"}.get(days_ahead, WEEKDAYS[moment.weekday()])
    return f"{day} pukul {format_time(moment)} {moment.tzname()}"
