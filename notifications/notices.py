"""Notices inside the desk: who is told what happened, whether they have seen it, and when it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from notifications.models import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from offices.models import Staff

MOST_COUNTED = 99
KEPT_FOR = timedelta(days=90)
MOST_FORGOTTEN = 5_000  # a run's bound; what is left goes with the next one


@dataclass(frozen=True, slots=True)
class Bell:
    """How many notices somebody has not read, counted no further than is shown."""

    unread: int

    @property
    def count(self) -> str:
        return str(self.unread) if self.unread <= MOST_COUNTED else f"{MOST_COUNTED}+"

    @property
    def label(self) -> str:
        """What a screen reader says of it."""
        return f"Pemberitahuan, {self.count} belum dibaca" if self.unread else "Pemberitahuan"


def post(notices: Iterable[Notice]) -> None:
    """Store notices with the act they belong to; an occasion already told is left out. One statement."""
    rows = list(notices)
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)


def bell_of(staff: Staff) -> Bell:
    """One query over the unread ones alone."""
    return Bell(Notice.objects.visible_to(staff).unread()[: MOST_COUNTED + 1].count())


def mark_read(staff: Staff, now: datetime, *, up_to: int) -> int:
    """Mark one's own unread notices as read, up to the newest one that was seen; returns how many there were."""
    return Notice.objects.visible_to(staff).unread().filter(pk__lte=up_to).update(read_at=now)


@transaction.atomic
def forget_read(now: datetime) -> int:
    """Delete the notices that were read long ago, the longest first; returns how many."""
    old = Notice.objects.filter(read_at__lt=now - KEPT_FOR).order_by("read_at")[:MOST_FORGOTTEN]
    return Notice.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]
