"""A changed calendar moves the promises made on it, and says so."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from consultations.actors import SYSTEM
from consultations.enums import OPEN_STATUSES, Act, Status
from consultations.ledger import Ledger
from consultations.models import AppliedCalendar, Consultation, Promise
from consultations.transitions import enter
from offices.calendar import due_moment
from offices.calendars import calendars_of
from offices.dates import format_moment
from offices.models import Office

if TYPE_CHECKING:
    from datetime import datetime

    from offices.calendar import WorkCalendar

BATCH = 200
COUNTED = (*OPEN_STATUSES, Status.RESOLVED)
MOVED_FIELDS = ("due_at", "progress_due_on")


def follow_calendars(now: datetime) -> int:
    """Recount the open consultations of each office whose calendar is not the one last counted on.

    The calendars are compared by their content, so that no way of changing one goes unnoticed. Returns how many
    due moments moved.
    """
    offices = list(Office.objects.all())
    applied = dict(AppliedCalendar.objects.values_list("office_id", "digest"))
    moved = 0
    for office_id, calendar in calendars_of(offices).items():
        digest = _digest(calendar)
        if applied.get(office_id) != digest:
            moved += _recount(office_id, now)
            AppliedCalendar.objects.update_or_create(office_id=office_id, defaults={"digest": digest})
    return moved


def _digest(calendar: WorkCalendar) -> str:
    parts = (
        str(calendar.zone),
        sorted(calendar.hours.items()),
        sorted(calendar.free),
        sorted(calendar.extra),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _recount(office_id: int, now: datetime) -> int:
    """All consultations of an office that still wait for a moment, in bounded transactions."""
    moved, last = 0, 0
    while True:
        with transaction.atomic():
            counted = Consultation.objects.filter(office=office_id, status__in=COUNTED)
            pks = list(counted.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not pks:
                return moved
            moved += _recount_batch(counted.filter(pk__in=pks).lock(), now)
            last = pks[-1]


def _recount_batch(consultations: list[Consultation], now: datetime) -> int:
    """Promises already broken stay as they were; the others follow the calendar, and the stakeholder is told."""
    ledger = Ledger(now)
    ledger.take_in(consultations)
    promises = Promise.objects.filter(consultation__in=consultations, answered_at__isnull=True)
    by_consultation = {promise.consultation_id: promise for promise in promises}
    moved = []
    for consultation in consultations:
        if not consultation.is_open:
            continue
        promise, calendar = by_consultation[consultation.pk], ledger.calendar(consultation)
        due_at = due_moment(calendar, promise.anchor_at, consultation.standard.answer_working_days)
        if due_at == consultation.due_at or min(due_at, consultation.due_at) <= now:
            continue
        before = format_moment(consultation.due_at, calendar.zone)
        consultation.due_at = promise.due_at = due_at
        enter(Act.MOVE_DEADLINE, consultation, SYSTEM)
        after = format_moment(due_at, calendar.zone)
        entry = ledger.record(
            consultation, Act.MOVE_DEADLINE, SYSTEM, f"Kalender kerja berubah: dari {before} menjadi {after}."
        )
        ledger.tell_stakeholder(entry, "deadline_moved", before=before)
        moved.append(promise)
    Promise.objects.bulk_update(moved, ["due_at"])
    ledger.write(MOVED_FIELDS)
    return len(moved)
