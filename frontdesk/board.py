"""What the wall board of an office shows: nobody's name, only numbers and where they are called to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from frontdesk.enums import PRESENT, TicketKind
from frontdesk.hours import queue_calendar
from frontdesk.models import QueueSettings, QueueTicket
from frontdesk.speech import call_in_words
from offices.dates import format_day_date, format_time, to_local
from offices.service_hours import state_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from offices.models import Office

CALLS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Call:
    """A number called to a counter. `key` is another one for each call and recall."""

    key: str
    label: str
    counter: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Board:
    """One office's board at a moment. `calls` are the latest first; `waiting` has a label and a count for each kind."""

    day: str
    time: str
    has_voice: bool
    calls: Sequence[Call]
    waiting: Sequence[tuple[str, int]]
    opening: str
    is_over: bool


def board_of(office: Office, now: datetime) -> Board:
    """The board on the office's local day: six queries, however long the queue.

    The day `is_over` once the queue is closed and every visitor has gone; before the first opening, too.
    """
    local = to_local(now, office.zone)
    today = QueueTicket.objects.on(office, local.date())
    called = today.filter(called_at__isnull=False, counter__isnull=False).select_related("counter")
    counts = dict(today.waiting().order_by().values_list("kind").annotate(Count("pk")))
    is_open, opening = state_in_words(queue_calendar(office), now)
    calls = list(called.order_by("-called_at", "-pk")[:CALLS_SHOWN])
    is_somebody_here = bool(counts) or any(ticket.status in PRESENT for ticket in calls)
    return Board(
        day=format_day_date(local),
        time=format_time(local),
        has_voice=QueueSettings.of(office).has_voice,
        calls=[_call(ticket) for ticket in calls],
        waiting=[(kind.label, counts.get(kind.value, 0)) for kind in TicketKind],
        opening=opening,
        is_over=not is_open and not is_somebody_here,
    )


def _call(ticket: QueueTicket) -> Call:
    assert ticket.counter is not None  # noqa: S101 (for the type checker)
    assert ticket.called_at is not None  # noqa: S101 (same)
    return Call(
        key=f"{ticket.label}@{ticket.called_at.timestamp():.3f}",
        label=ticket.label,
        counter=str(ticket.counter.number),
        spoken=call_in_words(ticket.label, ticket.counter.number),
    )
