"""Dates and times as official Indonesian letters write them, without Django's active locale."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime, time, timedelta
    from zoneinfo import ZoneInfo

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
MINUTES_PER_HOUR = 60


def format_date(day: date) -> str:
    """'22 November 2026'."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_day_date(day: date) -> str:
    """'Minggu, 22 November 2026'."""
    return f"{WEEKDAYS[day.weekday()]}, {format_date(day)}"


def format_days(first: date, last: date) -> str:
    """'24 Desember 2026' for one day, '8 Februari 2027 s.d. 9 Maret 2027' for more."""
    return format_date(first) if first == last else f"{format_date(first)} s.d. {format_date(last)}"


def format_time(clock: time | datetime) -> str:
    """'09.05', in whatever zone the value has."""
    return f"{clock:%H.%M}"


def format_moment(moment: datetime, zone: ZoneInfo) -> str:
    """'Minggu, 22 November 2026 pukul 09.05 WITA' on the wall of a zone.

    Raises ValueError for a naive datetime, which names no moment.
    """
    local = to_local(moment, zone)
    return f"{format_day_date(local)} pukul {format_time(local)} {local.tzname()}"


def format_duration(duration: timedelta) -> str:
    """'3 jam 20 menit', in whole minutes."""
    hours, minutes = divmod(int(duration.total_seconds()) // 60, MINUTES_PER_HOUR)
    parts = [f"{hours} jam"] if hours else []
    if minutes or not hours:
        parts.append(f"{minutes} menit")
    return " ".join(parts)


def to_local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The same moment in a zone; raises ValueError for a naive datetime instead of guessing its zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone, got a naive datetime.")
    return moment.astimezone(zone)
