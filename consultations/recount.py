"""A changed calendar moves the promises made on it, and says so.

Nobody waits for that: an office's consultations follow its calendar a few at a time, each few in a transaction of their
own. Until its turn a promise stands as it was, in all its parts.
"""

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
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from django.db import models

    from offices.calendar import WorkCalendar

ROUNDS = 2
STEP = 25  # consultations held at once, for a fraction of the second that an act may wait
NEWEST = 200
UNDER_WAY = ""  # no calendar has this digest: some may follow one calendar and some another
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
    calendars = calendars_of(Office.objects.all())
    moved = sum(sum(steps(office_id, now)) for office_id in behind(calendars))
    return moved + _recount_newest(calendars, now)


def behind(calendars: Mapping[int, WorkCalendar]) -> dict[int, WorkCalendar]:
    """Those of the offices whose consultations do not all follow them yet; one query."""
    applied = dict(AppliedCalendar.objects.values_list("office_id", "digest"))
    return {pk: calendar for pk, calendar in calendars.items() if applied.get(pk) != digest(calendar)}


def set_out(offices: Iterable[int]) -> None:
    """Remember that the consultations of these offices are on their way to another calendar; one statement."""
    AppliedCalendar.objects.bulk_create(
        [AppliedCalendar(office_id=pk, digest=UNDER_WAY) for pk in offices],
        update_conflicts=True,
        unique_fields=["office"],
        update_fields=["digest"],
    )


def under_way(offices: models.QuerySet[Office]) -> dict[int, WorkCalendar]:
    """The calendars of those offices whose consultations are on their way to them; one query when none are."""
    waiting = offices.filter(applied_calendar__digest=UNDER_WAY)
    return calendars_of(waiting) if waiting else {}


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


def steps(office_id: int, now: datetime) -> Iterator[int]:
    """Let everything of an office that waits for a moment follow its calendar; how many due moments each step moved.

    Each step commits by itself, the soonest due first. What an act holds is left for a second round, and if it is still
    held for the next run: only when all have followed is the calendar remembered, and held sendings follow with the
    next sweep. So a run may end between two steps, or be killed within one, and the next finds what is left; and two at
    once do nothing twice.
    """
    set_out([office_id])
    calendars = calendars_of(Office.objects.filter(pk=office_id))
    counted = Consultation.objects.filter(office=office_id, status__in=COUNTED)
    due = sorted(counted.values_list("due_at", "pk"), key=lambda row: (row[0] <= now, row))
    left = [pk for _, pk in due]
    for _ in range(ROUNDS):
        followed: set[int] = set()
        for pks in _few_at_a_time(left):
            moved, seen = _recount(pks, now)
            followed |= seen
            yield moved
        left = list(counted.filter(pk__in=set(left) - followed).values_list("pk", flat=True))
    if not left and not moves(calendars, now):
        with transaction.atomic():
            wake(office_id, now)
            AppliedCalendar.objects.filter(office=office_id).update(digest=digest(calendars[office_id]))


def _few_at_a_time(pks: list[int]) -> Iterator[list[int]]:
    return (pks[first : first + STEP] for first in range(0, len(pks), STEP))


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
    newest = Consultation.objects.order_by("-pk").values("pk")[:NEWEST]
    promises = list(
        _unanswered().filter(consultation__in=newest, consultation__recorded_at__gte=now - IN_FLIGHT)
    )
    stale = {move.promise.consultation_id for move in _moves_among(promises, calendars, now)}
    for promise in promises:
        consultation = promise.consultation
        if consultation.progress_due_on != next_progress_day(consultation, calendars[consultation.office_id]):
            stale.add(consultation.pk)
    return sum(_recount(pks, now)[0] for pks in _few_at_a_time(sorted(stale)))


@transaction.atomic
def _recount(pks: list[int], now: datetime) -> tuple[int, set[int]]:
    """Lock these and move what the calendar moves; how many moved, and which were free to follow.

    All are locked, and only then is the calendar read: an act that began on the old one holds its consultation until
    it commits, and is not waited for, lest others wait for this. Only what moves is written, in a constant number of
    statements. Each move is a line on the timeline. The stakeholder was promised a date: another hour of it is not
    worth a letter.
    """
    ledger = Ledger(now)
    ledger.take_in(Consultation.objects.filter(pk__in=pks, status__in=COUNTED).lock(skip_locked=True))
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
    return len(moved), set(by_pk)


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
