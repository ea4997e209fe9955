"""A changed calendar moves the promises made on it, and says so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from consultations.actors import SYSTEM
from consultations.enums import OPEN_STATUSES, Act, Status, TimerKind
from consultations.held_clock import wake
from consultations.ledger import Ledger
from consultations.models import AppliedCalendar, Consultation, Promise, Timer
from consultations.timers import next_progress_day, recount_head_answers
from consultations.transitions import enter
from offices.calendar import due_moment, is_working_day, next_working_day, opening
from offices.calendars import calendars_of
from offices.dates import format_moment
from offices.models import Office

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from django.db import models

    from offices.calendar import WorkCalendar

BATCH = 200
COUNTED = (*OPEN_STATUSES, Status.RESOLVED)
AT_OPENING = (TimerKind.LATE_REMINDER, TimerKind.DOCUMENT_REMINDER)
MOVED_FIELDS = ("due_at", "progress_due_on", "to_call_since")
# Longer than any opening takes from reading the calendar to its commit.
IN_FLIGHT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Move:
    """A promise that another calendar moves, with its consultation, and the moment it moves to."""

    promise: Promise
    due_at: datetime
    changes_date: bool


def follow_calendars(now: datetime) -> int:
    """Recount the open consultations of each office whose calendar is not the one last counted on.

    The calendars are compared by their content, so that no way of changing one goes unnoticed. What was opened on
    the old calendar while an office was recounted is found among the newest. Returns how many due moments moved.
    """
    applied = dict(AppliedCalendar.objects.values_list("office_id", "digest"))
    calendars = calendars_of(Office.objects.all())
    moved = 0
    for office_id, calendar in calendars.items():
        if applied.get(office_id) != digest(calendar):
            moved += apply_calendar(office_id, calendar, now)
    return moved + _recount_newest(calendars, now)


def digest(calendar: WorkCalendar) -> str:
    """The same for calendars on which everything falls due at the same moments."""
    parts = (
        str(calendar.zone),
        sorted((weekday, *hours) for weekday, hours in calendar.week.items()),
        sorted(calendar.free),
        sorted(calendar.extra),
        sorted((day, *special.hours) for day, special in calendar.special.items()),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def moves(calendars: Mapping[int, WorkCalendar], now: datetime) -> list[Move]:
    """Which promises of these offices the calendars would move, the soonest due first; one query, no lock."""
    promises = _unanswered().filter(consultation__office__in=calendars).order_by("due_at", "pk")
    return list(_moves_among(promises.iterator(), calendars, now))


def apply_calendar(office_id: int, calendar: WorkCalendar, now: datetime) -> int:
    """Let everything of an office that waits for a moment follow its calendar, and remember the calendar.

    Bounded batches; one transaction each, or the caller's. Held sendings follow with the next sweep. Returns how many
    due moments moved.
    """
    moved, last = 0, 0
    while True:
        with transaction.atomic():
            counted = Consultation.objects.filter(office=office_id, status__in=COUNTED)
            pks = list(counted.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not pks:
                wake(office_id, now)
                AppliedCalendar.objects.update_or_create(
                    office_id=office_id, defaults={"digest": digest(calendar)}
                )
                return moved
            moved += _recount(pks, now)
            last = pks[-1]


def _unanswered() -> models.QuerySet[Promise]:
    """The promises that still wait for an answer, with what counting and showing them needs."""
    return (
        Promise.objects.filter(answered_at__isnull=True, consultation__status__in=OPEN_STATUSES)
        .select_related("consultation__standard", "consultation__officer")
        .only(
            "anchor_at",
            "due_at",
            "consultation__office_id",
            "consultation__number",
            "consultation__subject",
            "consultation__progress_settled_on",
            "consultation__progress_due_on",
            "consultation__standard__answer_working_days",
            "consultation__standard__progress_every_working_days",
            "consultation__officer__full_name",
        )
    )


def _moves_among(
    promises: Iterator[Promise] | list[Promise], calendars: Mapping[int, WorkCalendar], now: datetime
) -> Iterator[Move]:
    """Promises already broken stay as they were, and none is moved into the past."""
    for promise in promises:
        calendar = calendars[promise.consultation.office_id]
        due_at = due_moment(calendar, promise.anchor_at, promise.consultation.standard.answer_working_days)
        if due_at != promise.due_at and min(due_at, promise.due_at) > now:
            before = promise.due_at.astimezone(calendar.zone).date()
            yield Move(promise, due_at, changes_date=before != due_at.date())


def _recount_newest(calendars: Mapping[int, WorkCalendar], now: datetime) -> int:
    """An opening that read the calendar before a change and committed after the recount is put right here."""
    newest = Consultation.objects.order_by("-pk").values("pk")[:BATCH]
    promises = list(
        _unanswered().filter(consultation__in=newest, consultation__recorded_at__gte=now - IN_FLIGHT)
    )
    stale = {move.promise.consultation_id for move in _moves_among(promises, calendars, now)}
    for promise in promises:
        consultation = promise.consultation
        if consultation.progress_due_on != next_progress_day(consultation, calendars[consultation.office_id]):
            stale.add(consultation.pk)
    if not stale:
        return 0
    with transaction.atomic():
        return _recount(stale, now)


def _recount(pks: Collection[int], now: datetime) -> int:
    """Lock these and move what the calendar moves; a constant number of statements.

    All are locked, since an act that began on the old calendar has to be waited for before one can say that nothing
    of its consultation moves. Only what moves is written.
    Each move is a line on the timeline. The stakeholder was promised a date: another hour of it is not worth a letter.
    """
    ledger = Ledger(now)
    ledger.take_in(Consultation.objects.filter(pk__in=pks, status__in=COUNTED).lock())
    by_pk = {consultation.pk: consultation for consultation in ledger.consultations}
    promises = list(_unanswered().filter(consultation__in=by_pk))
    moved = []
    for move in _moves_among(promises, ledger.calendars, now):
        consultation, promise = by_pk[move.promise.consultation_id], move.promise
        zone = ledger.calendar(consultation).zone
        before, after = format_moment(promise.due_at, zone), format_moment(move.due_at, zone)
        consultation.due_at = promise.due_at = move.due_at
        enter(Act.MOVE_DEADLINE, consultation, SYSTEM)
        entry = ledger.record(
            consultation, Act.MOVE_DEADLINE, SYSTEM, f"Kalender kerja berubah: dari {before} menjadi {after}."
        )
        if move.changes_date:
            ledger.tell_stakeholder(entry, "deadline_moved", before=before)
        moved.append(promise)
    Promise.objects.bulk_update(moved, ["due_at"])
    ledger.write(MOVED_FIELDS)
    _open_with_the_office(by_pk, ledger.calendars)
    recount_head_answers(ledger.consultations, ledger.calendars)
    return len(moved)


def _open_with_the_office(
    consultations: Mapping[int, Consultation], calendars: Mapping[int, WorkCalendar]
) -> None:
    """Reminders that come as service opens come at its new hour; those on a day that became free, on the next one."""
    shifted = []
    for timer in Timer.objects.unfired().filter(kind__in=AT_OPENING, consultation__in=consultations):
        calendar = calendars[consultations[timer.consultation_id].office_id]
        day = timer.fires_at.astimezone(calendar.zone).date()
        if not is_working_day(calendar, day):
            day = next_working_day(calendar, day)
        if timer.fires_at != opening(calendar, day):
            timer.fires_at = timer.sweep_at = opening(calendar, day)
            shifted.append(timer)
    Timer.objects.bulk_update(shifted, ["fires_at", "sweep_at"])
