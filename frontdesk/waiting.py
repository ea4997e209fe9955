"""Who waits, as the desk lists it: numbers in the order of their turn, and nothing that names a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frontdesk.figures import in_minutes
from frontdesk.models import QueueDay, QueueSettings, QueueTicket
from frontdesk.turns import Alternation, Waiting, in_order
from offices.dates import format_time, to_local

if TYPE_CHECKING:
    from datetime import datetime

    from offices.models import Office

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class WaitingRow:
    label: str
    is_priority: bool
    category: str
    since: str
    minutes: int
    note: str


def waiting_rows(office: Office, now: datetime) -> list[WaitingRow]:
    """The first waiting numbers in the order in which they would be called; three queries."""
    today = office.local_date(now)
    waiting = QueueTicket.objects.on(office, today).waiting().select_related("category", "wanted_counter")
    tickets = {ticket.pk: ticket for ticket in waiting}
    day = QueueDay.objects.filter(office=office, day=today).first() or QueueDay()
    rows = [Waiting(ticket.pk, ticket.kind, ticket.turn_at) for ticket in tickets.values()]
    ordered = in_order(rows, Alternation.of(day, QueueSettings.of(office)), now)
    return [_row(tickets[each.pk], office, now) for each in ordered[:MOST_LISTED]]


def _row(ticket: QueueTicket, office: Office, now: datetime) -> WaitingRow:
    notes = []
    if ticket.wanted_counter is not None:
        notes.append(f"Khusus {ticket.wanted_counter}")
    if ticket.skips:
        notes.append(f"Tidak hadir {ticket.skips} kali")
    return WaitingRow(
        label=ticket.label,
        is_priority=bool(ticket.priority_reason),
        category=ticket.category.name,
        since=format_time(to_local(ticket.queued_at, office.zone)),
        minutes=in_minutes(now - ticket.queued_at),
        note=", ".join(notes),
    )
