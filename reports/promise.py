"""How an office keeps its promise this month, for everybody to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from django.db.models import F

from consultations.enums import Status
from consultations.models import Consultation, HeldSubmission, Promise
from offices.calendar import DEFAULT_HOURS, working_time_between
from offices.calendars import calendar_of
from offices.dates import MONTHS, format_duration, to_local

if TYPE_CHECKING:
    from datetime import datetime

    from offices.calendar import Interval, WorkCalendar
    from offices.models import Office

FEWEST_FOR_PERCENT = 10  # below this one answer would move the percentage by more than ten points
WITHOUT_ANSWER = (Status.CANCELLED, Status.REFERRED)
HALF_DAY = 0.5


@dataclass(frozen=True, slots=True)
class PromiseKept:
    """One office's month up to a moment: `month` is 'November 2026' on the office's calendar.

    `answered` counts answers given in the month, `on_time` those of them given by their due moment. `median_time` says
    within how much online service time half of them came, "" without any. `overdue` are unanswered past their due
    moment now, whenever they were asked, those that no officer has let in yet included.
    """

    month: str
    answered: int
    on_time: int
    median_time: str
    overdue: int

    @property
    def on_time_share(self) -> str:
        """'98% (49 dari 50)', rounded down, so that only a promise always kept reads 100%; few are not made a percentage."""
        counted = f"{self.on_time} dari {self.answered}"
        if self.answered < FEWEST_FOR_PERCENT:
            return counted
        return f"{100 * self.on_time // self.answered}% ({counted})"


def promise_kept(office: Office, now: datetime) -> PromiseKept:
    """The office's figures from the first of its local month up to a moment; at most four queries.

    A reopened question was promised anew, and counts once for each answer. What was cancelled or referred elsewhere
    was ended, not answered.
    """
    calendar = calendar_of(office)
    start = to_local(now, office.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    answered = (
        Promise.objects.filter(consultation__office=office, answered_at__gte=start, answered_at__lte=now)
        .exclude(consultation__status__in=WITHOUT_ANSWER, consultation__ended_at=F("answered_at"))
        .only("anchor_at", "due_at", "late_at", "answered_at")
        .order_by()
    )
    worked = [
        working_time_between(calendar, promise.anchor_at, promise.answered_at).total_seconds()
        for promise in answered
        if promise.answered_at is not None
    ]
    overdue = Consultation.objects.filter(office=office).overdue(now).values("pk")
    held = HeldSubmission.objects.filter(office=office).overdue(now).values("pk")
    return PromiseKept(
        month=f"{MONTHS[start.month - 1]} {start.year}",
        answered=len(answered),
        on_time=sum(promise.is_kept is True for promise in answered),
        median_time=service_time_in_words(timedelta(seconds=median(worked)), calendar) if worked else "",
        overdue=overdue.union(held, all=True).count(),
    )


def service_time_in_words(worked: timedelta, calendar: WorkCalendar) -> str:
    """'3 jam 20 menit waktu layanan'; from a day of service on in half days of it, '1,5 hari kerja'."""
    if worked < timedelta(minutes=1):
        return "kurang dari satu menit"
    day = _service_day(calendar)
    if worked < day:
        return f"{format_duration(worked)} waktu layanan"
    days = round(worked / day / HALF_DAY) * HALF_DAY
    return f"{days:g} hari kerja".replace(".", ",")


def _service_day(calendar: WorkCalendar) -> timedelta:
    """How long online service is open on an average day of the week's working days."""
    days = list(calendar.week.values()) or [DEFAULT_HOURS]
    return sum((_length(interval) for hours in days for interval in hours), timedelta()) / len(days)


def _length(interval: Interval) -> timedelta:
    opens, closes = interval
    return timedelta(hours=closes.hour - opens.hour, minutes=closes.minute - opens.minute)
