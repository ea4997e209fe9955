"""Slots booked for a later working day."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from frontdesk.models.tickets import QueueTicket
from offices.models import Category, Office
from offices.rights import Right

if TYPE_CHECKING:
    from datetime import date

    from offices.duties import Duties


class SlotBookingQuerySet(models.QuerySet["SlotBooking"]):
    def visible_to(self, duties: Duties) -> SlotBookingQuerySet:
        """The bookings of the staff member's own office; whoever has a duty there may read its queue."""
        return self.filter(office=duties.office_id) if duties.may(Right.READ_QUEUE) else self.none()

    def expected(self, office: Office, day: date) -> SlotBookingQuerySet:
        """Standing bookings of an office local date whose visitors have not come yet, earliest first."""
        return self.standing().filter(office=office, day=day, ticket__isnull=True).order_by("starts_at", "pk")

    def standing(self) -> SlotBookingQuerySet:
        """Not cancelled."""
        return self.filter(cancelled_at__isnull=True)


class SlotBooking(models.Model):
    """A seat in a slot of a later day. Each standing booking of a slot holds one of its numbered seats."""

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # somebody was promised a time
        db_index=False,  # the composite indexes begin with it
        related_name="slot_bookings",
    )
    day = models.DateField()
    starts_at = models.DateTimeField()
    seat = models.PositiveSmallIntegerField()
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    submission_id = models.UUIDField(null=True, editable=False)
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,  # tells which counters may call
        related_name="slot_bookings",
    )
    name = models.CharField("nama", max_length=120)
    phone = models.CharField("telepon/WhatsApp", max_length=16, blank=True)
    email = models.EmailField("alamat surel", blank=True)
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    ticket = models.OneToOneField(
        QueueTicket, on_delete=models.PROTECT, null=True, blank=True, related_name="booking"
    )

    objects = SlotBookingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="booking_sent_once", fields=("office", "submission_id")),
            models.UniqueConstraint(
                fields=("office", "starts_at", "seat"),
                condition=Q(cancelled_at__isnull=True),
                name="booking_seat_once_per_slot",
            ),
            models.CheckConstraint(name="booking_seat_from_one", condition=Q(seat__gte=1)),
            models.CheckConstraint(
                name="booking_has_contact",
                condition=~Q(phone="", email=""),
                violation_error_message="Telepon atau surel wajib diisi.",
            ),
            models.CheckConstraint(
                name="booking_cancelled_or_checked_in",
                condition=Q(cancelled_at__isnull=True) | Q(ticket__isnull=True),
            ),
        )
        indexes = (
            models.Index(
                fields=("day", "office"),
                condition=Q(cancelled_at__isnull=True, reminded_at__isnull=True),
                name="booking_to_remind",
            ),
            models.Index(fields=("office", "day", "starts_at"), name="booking_of_day"),
        )

    def __str__(self) -> str:
        return f"{self.office_id}: {self.starts_at:%Y-%m-%d %H:%M}"
