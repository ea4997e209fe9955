"""Sign-ins that are over leave rows behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.sessions.models import Session

if TYPE_CHECKING:
    from datetime import datetime

MOST_FORGOTTEN: Final = 5_000


def forget_expired(now: datetime) -> int:
    """Delete the sessions that had expired by a moment, the longest first, at most 5,000; returns how many."""
    over = Session.objects.filter(expire_date__lt=now).order_by("expire_date")[:MOST_FORGOTTEN]
    return Session.objects.filter(pk__in=list(over.values_list("pk", flat=True))).delete()[0]
