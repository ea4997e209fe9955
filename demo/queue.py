"""A morning's queue to look at: visitors who came, one officer who calls and serves, and some who still wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from demo import sessions
from frontdesk import calls
from frontdesk.enums import PriorityReason, TicketStatus
from frontdesk.models import Counter, CounterShift, QueueTicket
from frontdesk.queue import Visit, issue
from notifications.outbox import deliver_due
from offices.dates import to_local
from offices.models import Staff
from stakeholders.models import Satker

if TYPE_CHECKING:
    from datetime import datetime

    from offices.models import Office

COUNTERS = ("Konsultasi SAKTI dan pembayaran", "Konsultasi umum", "")
LENGTH = timedelta(minutes=125)
# Minutes after the first visitor; what for, by the categories' order; and why some go before.
VISITORS = (
    (0, 0, ""), (4, 1, ""), (9, 2, PriorityReason.ELDERLY), (21, 0, ""), (30, 3, ""), (44, 1, ""),
    (52, 4, PriorityReason.PREGNANT), (63, 2, ""), (78, 0, ""), (88, 3, ""), (97, 1, PriorityReason.WITH_CHILD),
    (104, 0, ""), (111, 2, ""), (118, 4, ""),
)  # fmt: skip
SERVICES = (11, 9, 17, 8, 22, 12, 14)  # minutes
WALK = timedelta(seconds=40)  # from the call to the counter


def play_queue(office: Office, now: datetime) -> int:
    """Let the last two hours happen at an office without a queue today; returns how many numbers were given."""
    today = office.local_date(now)
    shifts = CounterShift.objects.open_on(today).filter(counter__office=office)
    if shifts.exists() or QueueTicket.objects.on(office, today).exists():
        return 0
    counters = _counters(office)
    sessions.leave_one_unended(office, now)
    start = max(now - LENGTH, to_local(now, office.zone).replace(hour=0, minute=0, second=1, microsecond=0))
    officer = Staff.objects.get(username=f"cso2.{office.slug}")
    shift = calls.open_counter(counters[1], officer, now=start)
    categories = list(office.categories.offered())
    satkers = list(Satker.objects.filter(is_listed=True).order_by("code")[: len(VISITORS)])
    coming = [
        (start + timedelta(minutes=after), Visit(categories[kind % len(categories)], reason, satker))
        for (after, kind, reason), satker in zip(VISITORS, satkers, strict=False)
    ]
    coming = [(moment, visit) for moment, visit in coming if moment <= now]
    for moment, visit in coming:
        _serve_until(moment, shift)
        with transaction.atomic():
            issue(office, visit, now=moment, turn_at=moment)
    _serve_until(now, shift)
    deliver_due(now)
    return len(coming)


def _counters(office: Office) -> list[Counter]:
    """The office's counters, set up if it has none."""
    if not office.counters.exists():
        Counter.objects.bulk_create(
            Counter(office=office, number=number, name=name) for number, name in enumerate(COUNTERS, start=1)
        )
    return list(office.counters.all())


def _serve_until(moment: datetime, shift: CounterShift) -> None:
    """What the officer does up to a moment: ends each service after its minutes, and calls the next at once."""
    free_at = shift.opened_at
    while True:
        ticket = calls.ticket_at(shift) or calls.call_next(shift, now=max(free_at, _last_given(shift)))
        if ticket is None or ticket.called_at is None:
            return
        begun_at = ticket.called_at + WALK
        free_at = begun_at + timedelta(minutes=SERVICES[ticket.number % len(SERVICES)])
        if begun_at <= moment and ticket.status == TicketStatus.CALLING:
            sessions.begin(shift, ticket, begun_at)
        if free_at > moment:
            return
        sessions.end(shift, ticket, free_at)


def _last_given(shift: CounterShift) -> datetime:
    """When the latest number was given; nobody is called before."""
    waiting = QueueTicket.objects.on(shift.counter.office, shift.day).waiting()
    return max(waiting.values_list("queued_at", flat=True), default=shift.opened_at)
