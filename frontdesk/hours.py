"""When an office's queue is open, on its own hours for face-to-face service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offices.calendars import calendar_of
from offices.enums import ServiceKind

if TYPE_CHECKING:
    from offices.calendar import WorkCalendar
    from offices.models import Office


def queue_calendar(office: Office) -> WorkCalendar:
    """The office's calendar with the hours of its queue; with its online hours where none are entered. Two queries."""
    return calendar_of(office, ServiceKind.QUEUE)
