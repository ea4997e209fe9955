"""Stored files that no row names: left by a transaction that failed after storing, or by a process that was killed."""

from __future__ import annotations

import logging
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final

from django.core.files.storage import default_storage

from consultations.models import Attachment, HeldFile
from offices.models import Office

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

LEFT_ALONE_FOR: Final = timedelta(
    days=7
)  # longer than any sending takes, and time to notice a wrong database
MOST_FORGOTTEN: Final = 500
FEW: Final = 10


def forget_orphans(now: datetime) -> int:
    """Delete the orphans that are a week old, at most 500 of each office; returns how many.

    Where most files of an office have no row, the database is the wrong one or was restored: nothing is deleted there,
    and the log says so.
    """
    return sum(_forget_orphans_of(office, now) for office in Office.objects.all())


def _forget_orphans_of(office: Office, now: datetime) -> int:
    try:
        stored = {f"{office.slug}/{name}" for name in default_storage.listdir(office.slug)[1]}
    except FileNotFoundError:
        return 0
    attached = Attachment.objects.filter(consultation__office=office).values_list("file", flat=True)
    held = HeldFile.objects.filter(submission__office=office).values_list("file", flat=True)
    orphans = stored.difference(chain(attached.iterator(), held.iterator()))
    if len(orphans) > max(FEW, len(stored) // 2):
        logger.error(
            "%s of %s files of %s have no row; none is deleted", len(orphans), len(stored), office.slug
        )
        return 0
    old = [name for name in sorted(orphans) if default_storage.get_modified_time(name) < now - LEFT_ALONE_FOR]
    for name in old[:MOST_FORGOTTEN]:
        default_storage.delete(name)
    return len(old[:MOST_FORGOTTEN])
