"""The one door to a message and to a notice: what may not be seen does not exist (404)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from notifications.models import Message, Notice

if TYPE_CHECKING:
    from offices.duties import Duties
    from offices.models import Staff


def message_for(duties: Duties, pk: int) -> Message:
    """A message of the staff member's own office; raises Http404."""
    return get_object_or_404(Message.objects.visible_to(duties).select_related("office"), pk=pk)


def notice_for(staff: Staff, pk: int) -> Notice:
    """A notice to this staff member, of the office they work in; raises Http404."""
    return get_object_or_404(Notice.objects.visible_to(staff), pk=pk)
