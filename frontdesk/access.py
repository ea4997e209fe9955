"""The one door to a row: what may not be seen does not exist (404), for staff and visitors alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from consultations.tokens import hash_token
from frontdesk.models import Counter, QueueTicket, SlotBooking

if TYPE_CHECKING:
    from offices.duties import Duties


def ticket_for(duties: Duties, pk: int) -> QueueTicket:
    """A number of the staff member's own office; raises Http404."""
    found = QueueTicket.objects.visible_to(duties).select_related("office", "category", "counter")
    return get_object_or_404(found, pk=pk)


def counter_for(duties: Duties, pk: int) -> Counter:
    """A counter of the staff member's own office; raises Http404."""
    return get_object_or_404(Counter.objects.visible_to(duties).select_related("office"), pk=pk)


def booking_for(duties: Duties, pk: int) -> SlotBooking:
    """A booking at the staff member's own office; raises Http404."""
    return get_object_or_404(SlotBooking.objects.visible_to(duties), pk=pk)


def ticket_by_token(token: str) -> QueueTicket:
    """The number a visitor's token opens; raises Http404."""
    found = QueueTicket.objects.select_related("office", "category", "counter")
    return get_object_or_404(found, token_hash=hash_token(token))


def booking_by_token(token: str) -> SlotBooking:
    """The booking a visitor's token opens; raises Http404."""
    found = SlotBooking.objects.select_related("office", "category", "ticket")
    return get_object_or_404(found, token_hash=hash_token(token))
