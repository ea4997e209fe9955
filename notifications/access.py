"""The one door to a message: what may not be seen does not exist (404)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from notifications.models import Message

if TYPE_CHECKING:
    from offices.duties import Duties


def message_for(duties: Duties, pk: int) -> Message:
    """A message of the staff member's own office; raises Http404."""
    return get_object_or_404(Message.objects.visible_to(duties).select_related("office"), pk=pk)
