"""The walk-in queue: counters and who sits at them, the day's numbers, the slots booked for a later day, and the service."""

from frontdesk.models.bookings import SlotBooking, SlotBookingQuerySet
from frontdesk.models.counters import Counter, CounterShift, QueueSettings
from frontdesk.models.sessions import ServiceSession, ServiceSessionQuerySet
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
    "ServiceSession",
    "ServiceSessionQuerySet",
    "SlotBooking",
    "SlotBookingQuerySet",
]
