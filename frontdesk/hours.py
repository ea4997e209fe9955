"""When an office's queue is open, on its own hours for face-to-face service."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from offices.calendar import closing, is_working_day, opening
from offices.calendars import calendar_of
from offices.dates import to_local
from offices.enums import ServiceKind

if TYPE_CHECKING:
    from datetime import datetime

    from offices.calendar import WorkCalendar
    from offices.models import Office


def queue_calendar(office: Office) -> WorkCalendar:
    """The office's calendar with the hours of its queue; with its online hours where none are entered. Three queries."""
    rows = office.service_hours.filter(service=ServiceKind.QUEUE)
    hours = {row.weekday: (row.opens_at, row.closes_at) for row in rows}
    calendar = calendar_of(office)
    return replace(calendar, hours=hours) if hours else calendar


def is_open(calendar: WorkCalendar, now: datetime) -> bool:
    """Whether numbers are given at a moment: from opening (included) to closing (excluded) of a working day."""
    today = to_local(now, calendar.zone).date()
    return is_working_day(calendar, today) and opening(calendar, today) <= now < closing(calendar, today)
