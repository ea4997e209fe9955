"""A waiting visitor's place, and how long it will probably take."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import TYPE_CHECKING

from frontdesk.figures import service_minutes
from frontdesk.models import CounterShift, QueueDay, QueueSettings, QueueTicket
from frontdesk.turns import Alternation, Waiting, in_order

if TYPE_CHECKING:
    from datetime import datetime

    from offices.models import Office

FEWEST_SERVICES = 3  # with fewer today, the standard's own minutes are the better guess
ROUNDED_TO = 5
STANDARD_MINUTES = 20  # KEP-57/PB/2023, for an office whose own standard is not entered yet


@dataclass(frozen=True, slots=True)
class Place:
    """How many are called before, and the minutes until one's own call; None while no counter calls."""

    ahead: int
    minutes: int | None


def place_of(ticket: QueueTicket, *, standard_minutes: int, now: datetime) -> Place:
    """Where a waiting number stands; five queries, whatever the length of the queue.

    Those ahead are counted by the priority rule as if every counter served everybody. The minutes are those ahead,
    and one's own turn, shared among the counters that are calling, at today's median service time.
    """
    office = ticket.office
    waiting = QueueTicket.objects.on(office, ticket.day).waiting()
    rows = [Waiting(*row) for row in waiting.values_list("pk", "kind", "turn_at")]
    day = QueueDay.objects.get(office=office, day=ticket.day)
    ordered = in_order(rows, Alternation.of(day, QueueSettings.of(office)), now)
    ahead = next((place for place, each in enumerate(ordered) if each.pk == ticket.pk), 0)
    return Place(ahead, _minutes(ticket, ahead, standard_minutes))


def _minutes(ticket: QueueTicket, ahead: int, standard_minutes: int) -> int | None:
    calling = CounterShift.objects.open_on(ticket.day).filter(
        counter__office=ticket.office, paused_at__isnull=True
    )
    if not (counters := calling.count()):
        return None
    today = service_minutes(ticket.office, ticket.day)
    each = median(today) if len(today) >= FEWEST_SERVICES else standard_minutes
    return ROUNDED_TO * ceil((ahead + 1) * each / counters / ROUNDED_TO)


def standard_minutes_of(office: Office, now: datetime) -> int:
    """What the standard in force allows one service, 20 minutes where no standard is entered; one query."""
    standard = office.standards.filter(valid_from__lte=office.local_date(now)).first()
    return standard.session_minutes if standard is not None else STANDARD_MINUTES
