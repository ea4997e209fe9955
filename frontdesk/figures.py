"""Today's figures of an office's queue: what the desk shows, and what a visitor's estimate rests on."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import TYPE_CHECKING

from django.db.models import Count, F, Min, Q, Value

from frontdesk.enums import SegmentState, TicketStatus
from frontdesk.models import QueueTicket, Segment, ServiceSession

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

    from offices.models import Office

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Figures:
    """One office's day so far. Minutes are whole, rounded up; a figure without a basis is None.

    Of the services `served`, those that nobody ended (`uncertain`) and those `noted` afterwards are in no average.
    """

    waiting: int
    longest_wait: int | None
    served: int
    median_minutes: int | None
    share_within: int | None
    uncertain: int
    noted: int


def todays_figures(office: Office, minutes: int, now: datetime) -> Figures:
    """The office's local day at a moment; `minutes` is what the standard allows one service. Three queries."""
    today = office.local_date(now)
    waiting = Q(status=TicketStatus.WAITING)
    counts = QueueTicket.objects.on(office, today).aggregate(
        waiting=Count("pk", filter=waiting), oldest=Min("queued_at", filter=waiting)
    )
    services = _services(office, today)
    known = [spent.total_seconds() / MINUTE for spent, is_accurate, _ in services if is_accurate]
    noted = sum(is_noted_later for *_, is_noted_later in services)
    within = [each for each in known if each <= minutes]
    return Figures(
        waiting=counts["waiting"],
        longest_wait=in_minutes(now - counts["oldest"]) if counts["oldest"] else None,
        served=len(services),
        median_minutes=ceil(median(known)) if known else None,
        share_within=round(100 * len(within) / len(known)) if known else None,
        uncertain=len(services) - len(known) - noted,
        noted=noted,
    )


def _services(office: Office, day: date) -> list[tuple[timedelta, bool, bool]]:
    """How long each service of a local date took, whether that is known, and whether it was noted later; two queries.

    A service is a session, one for each topic; for a number served without one, its time at the counter.
    """
    sessions = ServiceSession.objects.filter(office=office).started_on(office, day).served()
    stretches = Segment.objects.filter(
        ticket__office=office,
        ticket__day=day,
        state=SegmentState.SERVING,
        ended_at__isnull=False,
        ticket__service_sessions__isnull=True,
    )
    spent = F("ended_at") - F("started_at")
    return [
        *sessions.values_list(spent, "is_time_accurate", "is_noted_later"),
        *stretches.order_by().values_list(spent, "is_accurate", Value(value=False)),
    ]


def service_minutes(office: Office, day: date) -> list[float]:
    """The minutes each service of a local date took that somebody ended; one query."""
    spans = Segment.objects.filter(
        ticket__office=office,
        ticket__day=day,
        state=SegmentState.SERVING,
        ended_at__isnull=False,
        is_accurate=True,
    )
    lengths = spans.order_by().values_list(F("ended_at") - F("started_at"), flat=True)
    return [length.total_seconds() / MINUTE for length in lengths]


def in_minutes(span: timedelta) -> int:
    """Whole minutes, rounded up."""
    return ceil(span.total_seconds() / MINUTE)
