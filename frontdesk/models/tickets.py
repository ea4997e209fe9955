"""The day's numbers, and how each visitor's time was spent."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from frontdesk.enums import AT_COUNTER, PRESENT, PriorityReason, SegmentState, TicketKind, TicketStatus
from frontdesk.models.counters import Counter
from offices.models import Category, Office, Staff
from offices.rights import Right
from stakeholders.models import Satker

if TYPE_CHECKING:
    from datetime import date

    from offices.duties import Duties


class QueueDay(models.Model):
    """One office's queue of one local date: the last numbers given, and how the calls alternated.

    Its row lock keeps numbers free of gaps and calls in the order of the priority rule.
    `regulars_since_priority` is null until the day's first priority number is called, which need not wait its turn.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="queue_days")
    day = models.DateField()
    last_regular = models.PositiveSmallIntegerField(default=0)
    last_priority = models.PositiveSmallIntegerField(default=0)
    regulars_since_priority = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("office", "day"), name="queue_day_once"),)

    def __str__(self) -> str:
        return f"{self.office_id}: {self.day}"

    def count(self, kind: TicketKind) -> int:
        """Count one more number of a kind and return it; not saved."""
        if kind is TicketKind.PRIORITY:
            self.last_priority += 1
            return self.last_priority
        self.last_regular += 1
        return self.last_regular


class QueueTicketQuerySet(models.QuerySet["QueueTicket"]):
    def visible_to(self, duties: Duties) -> QueueTicketQuerySet:
        """The numbers of the staff member's own office; whoever has a duty there may read its queue."""
        return self.filter(office=duties.office_id) if duties.may(Right.READ_QUEUE) else self.none()

    def on(self, office: Office, day: date) -> QueueTicketQuerySet:
        """An office's numbers of a local date."""
        return self.filter(office=office, day=day)

    def waiting(self) -> QueueTicketQuerySet:
        """Not called yet, in the order of their turn."""
        return self.filter(status=TicketStatus.WAITING).order_by("turn_at", "pk")

    def at_counter(self) -> QueueTicketQuerySet:
        """Called or being served."""
        return self.filter(status__in=AT_COUNTER)


class QueueTicket(models.Model):
    """One visitor's number. Written only by `queue` and `calls`.

    `queued_at` is when the visitor came; `turn_at` orders the queue: later after a missed call, earlier for a booked
    slot. `called_at` is the latest call or recall. While waiting, `wanted_counter` is the only one that may call;
    `counter` is where the visitor was called last. `priority_reason` and `phone` are never published.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # a visit is evidence of how long the public waited
        db_index=False,  # the composite indexes begin with it
        related_name="queue_tickets",
    )
    day = models.DateField()
    kind = models.CharField(max_length=1, choices=TicketKind)
    number = models.PositiveSmallIntegerField()
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    submission_id = models.UUIDField(null=True, editable=False)
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,  # tells which counters may call
        related_name="queue_tickets",
    )
    priority_reason = models.CharField(max_length=12, choices=PriorityReason, blank=True)
    satker = models.ForeignKey(
        Satker,
        on_delete=models.PROTECT,  # listed rows are never deleted
        null=True,
        blank=True,
        related_name="queue_tickets",
    )
    phone = models.CharField(max_length=16, blank=True)
    status = models.CharField(max_length=8, choices=TicketStatus, default=TicketStatus.WAITING)
    wanted_counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, null=True, blank=True, related_name="wanted_by"
    )
    counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    queued_at = models.DateTimeField()
    turn_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    skips = models.PositiveSmallIntegerField(default=0)

    objects = QueueTicketQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="ticket_sent_once", fields=("office", "submission_id")),
            models.UniqueConstraint(fields=("office", "day", "kind", "number"), name="ticket_number_once"),
            models.CheckConstraint(name="ticket_status_known", condition=Q(status__in=TicketStatus.values)),
            models.CheckConstraint(name="ticket_number_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="ticket_priority_has_reason",
                condition=Q(kind=TicketKind.PRIORITY, priority_reason__in=PriorityReason.values)
                | Q(kind=TicketKind.REGULAR, priority_reason=""),
            ),
            models.CheckConstraint(
                name="ticket_at_counter_has_counter",
                condition=~Q(status__in=AT_COUNTER) | Q(counter__isnull=False, called_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ticket_ended_has_moment",
                condition=Q(status__in=PRESENT, ended_at__isnull=True)
                | (~Q(status__in=PRESENT) & Q(ended_at__isnull=False)),
            ),
        )
        indexes = (
            models.Index(
                fields=("office", "day", "turn_at", "id"),
                condition=Q(status=TicketStatus.WAITING),
                name="ticket_waiting",
            ),
            models.Index(fields=("office", "day", "-called_at"), name="ticket_called"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What is printed, shown and called: 'K-001'."""
        return f"{self.kind}-{self.number:03d}"


class SegmentQuerySet(models.QuerySet["Segment"]):
    def open(self) -> SegmentQuerySet:
        return self.filter(ended_at__isnull=True)


class Segment(models.Model):
    """A stretch of a visit: waiting, being called or being served, where and by whom.

    `is_accurate` is false when nobody ended it and the clock did; such a stretch is left out of averages.
    """

    ticket = models.ForeignKey(QueueTicket, on_delete=models.PROTECT, related_name="segments")
    state = models.CharField(max_length=8, choices=SegmentState)
    officer = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="queue_segments"
    )
    counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, null=True, blank=True, related_name="segments"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    is_accurate = models.BooleanField(default=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        ordering = ("started_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("ticket",), condition=Q(ended_at__isnull=True), name="segment_one_open_per_ticket"
            ),
            models.UniqueConstraint(
                fields=("officer",), condition=Q(ended_at__isnull=True), name="segment_one_open_per_officer"
            ),
            models.CheckConstraint(name="segment_state_known", condition=Q(state__in=SegmentState.values)),
            models.CheckConstraint(
                name="segment_ended_after_started",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="segment_at_counter_has_officer",
                condition=Q(state=SegmentState.WAITING, officer__isnull=True, counter__isnull=True)
                | (~Q(state=SegmentState.WAITING) & Q(officer__isnull=False, counter__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.state}"
