"""The walk-in queue: counters and who sits at them, the day's numbers, and the slots booked for a later day."""

from frontdesk.models.bookings import SlotBooking, SlotBookingQuerySet
from frontdesk.models.counters import Counter, CounterShift, QueueSettings
from frontdesk.models.tickets import QueueDay, QueueTicket, QueueTicketQuerySet, Segment, SegmentQuerySet

__all__ = [
    "Counter",
    "CounterShift",
    "QueueDay",
    "QueueSettings",
    "QueueTicket",
    "QueueTicketQuerySet",
    "Segment",
    "SegmentQuerySet",
    "SlotBooking",
    "SlotBookingQuerySet",
]
