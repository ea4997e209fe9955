"""Giving out numbers: `K-001` and `P-001`, free of gaps in each office's local day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction

from consultations.errors import RuleError
from consultations.tokens import hash_token
from frontdesk.announce import announce
from frontdesk.enums import SegmentState, TicketKind
from frontdesk.hours import queue_calendar
from frontdesk.models import QueueDay, QueueTicket, Segment
from frontdesk.tokens import new_token
from offices.calendar import is_open
from offices.dates import to_local
from offices.service_hours import state_in_words

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from offices.models import Category, Office
    from stakeholders.models import Satker


class QueueClosed(RuleError):  # noqa: N818 - a state, told to the visitor
    """No numbers are given now; the message says when they will be."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visitor comes for. With a `reason` the number is a priority one; a `submission_id` gives it once."""

    category: Category
    reason: str = ""
    satker: Satker | None = None
    phone: str = ""
    submission_id: UUID | None = None


@transaction.atomic
def take_number(office: Office, visit: Visit, *, now: datetime) -> QueueTicket:
    """Give a visitor the next number of the office's local day; raises QueueClosed outside the queue's hours."""
    calendar = queue_calendar(office)
    if not is_open(calendar, now):
        _, text = state_in_words(calendar, now)
        raise QueueClosed(f"Nomor antrean belum dapat diambil. {text}.")
    return issue(office, visit, now=now, turn_at=now)


def issue(office: Office, visit: Visit, *, now: datetime, turn_at: datetime) -> QueueTicket:
    """Store the next number; inside a transaction, whose end frees the day's row.

    The row stays locked until then, so a rolled back number leaves no gap and two visitors never share one.
    """
    day = lock_day(office, to_local(now, office.zone).date())
    if visit.submission_id is not None:
        given = QueueTicket.objects.filter(office=office, submission_id=visit.submission_id).first()
        if given is not None:
            return given
    kind = TicketKind.PRIORITY if visit.reason else TicketKind.REGULAR
    public_id = uuid4()
    ticket = QueueTicket.objects.create(
        office=office,
        day=day.day,
        kind=kind,
        number=day.count(kind),
        public_id=public_id,
        token_hash=hash_token(new_token(public_id)),
        submission_id=visit.submission_id,
        category=visit.category,
        priority_reason=visit.reason,
        satker=visit.satker,
        phone=visit.phone,
        queued_at=now,
        turn_at=turn_at,
    )
    day.save(update_fields=["last_regular", "last_priority"])
    Segment.objects.create(ticket=ticket, state=SegmentState.WAITING, started_at=now)
    announce(office.pk)
    return ticket


def lock_day(office: Office, day: date) -> QueueDay:
    """The row of an office's day, begun if need be, held until the transaction ends."""
    row, _ = QueueDay.objects.select_for_update(no_key=True).get_or_create(office=office, day=day)
    return row
