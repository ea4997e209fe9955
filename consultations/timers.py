"""Which moments the clock must act on: derived from a consultation's row, so that they can always be armed anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from consultations.enums import Status, TimerKind
from consultations.models import Consultation, Timer
from offices.calendar import (
    add_working_time,
    closing,
    is_working_day,
    nth_working_day_after,
    opening,
    previous_working_day,
    take_working_time,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from offices.calendar import WorkCalendar
    from offices.models import ServiceStandard

# Armed by one act and not derivable from the row; they stand until they fire or the consultation ends.
STANDING = (TimerKind.LATE_REMINDER, TimerKind.DOCUMENT_REMINDER, TimerKind.HEAD_ANSWER)
WORDING_TIME = timedelta(
    hours=1
)  # of service, left to the officer between the head's direction and the public deadline


class Planned(NamedTuple):
    """A timer that a consultation is to have; kind and key name it."""

    kind: TimerKind
    key: str
    fires_at: datetime


def timer_at(consultation: Consultation, kind: TimerKind, key: str, moment: datetime) -> Timer:
    """An unsaved timer; a kind and key that already fired for the consultation never fire again."""
    return Timer(consultation=consultation, kind=kind, key=key, fires_at=moment, sweep_at=moment)


def first_settled_day(calendar: WorkCalendar, anchor: datetime, recorded: datetime) -> date:
    """The local day after which progress begins to be owed.

    It is the anchor's day. For a consultation noted down on a later day, progress is owed from the day of the
    recording on, or from the day after when that day's service is over.
    """
    anchor_day = anchor.astimezone(calendar.zone).date()
    today = recorded.astimezone(calendar.zone).date()
    if anchor_day == today or not is_working_day(calendar, today) or recorded >= closing(calendar, today):
        return today
    return today - timedelta(days=1)


def next_progress_day(consultation: Consultation, calendar: WorkCalendar) -> date:
    """The working day by whose closing the next progress must have been delivered."""
    every = consultation.standard.progress_every_working_days
    return nth_working_day_after(calendar, consultation.progress_settled_on, every)


def plan(consultation: Consultation, calendar: WorkCalendar) -> list[Planned]:
    """All timers that follow from a consultation's row; the standing kinds are not among them.

    Moments already past are planned too: a timer that fired is known by its kind and key, and one that has not
    fired yet must not be lost because something else happened first.
    """
    if consultation.status == Status.RESOLVED:
        return [_auto_close(consultation, calendar)]
    if not consultation.is_open:
        return []
    day = next_progress_day(consultation, calendar)
    timers = [
        Planned(TimerKind.PROGRESS_REMINDER, day.isoformat(), opening(calendar, day)),
        *_warnings(consultation, calendar),
    ]
    return [
        *(timer for timer in timers if timer.fires_at > consultation.promised_at),
        Planned(TimerKind.PROGRESS_CHECK, day.isoformat(), closing(calendar, day)),
        Planned(TimerKind.DEADLINE, _moment_key(consultation.due_at), consultation.due_at),
    ]


def _moment_key(moment: datetime) -> str:
    """The same for one moment in whatever zone it is written."""
    return moment.astimezone(UTC).isoformat()


def _warnings(consultation: Consultation, calendar: WorkCalendar) -> list[Planned]:
    """One working day before the due day and on its morning."""
    due_day = consultation.due_at.astimezone(calendar.zone).date()
    return [
        Planned(TimerKind.DEADLINE_WARNING, day.isoformat(), opening(calendar, day))
        for day in (previous_working_day(calendar, due_day), due_day)
        if is_working_day(calendar, day)
    ]


def auto_close_moment(resolved_at: datetime, standard: ServiceStandard, calendar: WorkCalendar) -> datetime:
    """When a consultation resolved at a moment closes by itself; until then it can be reopened."""
    day = nth_working_day_after(
        calendar, resolved_at.astimezone(calendar.zone).date(), standard.close_after_working_days
    )
    return closing(calendar, day)


def _auto_close(consultation: Consultation, calendar: WorkCalendar) -> Planned:
    resolved_at = consultation.resolved_at
    if resolved_at is None:
        raise ValueError(f"{consultation.number} is resolved without a moment.")
    moment = auto_close_moment(resolved_at, consultation.standard, calendar)
    return Planned(TimerKind.AUTO_CLOSE, _moment_key(resolved_at), moment)


def head_answer_moment(consultation: Consultation, calendar: WorkCalendar, asked_at: datetime) -> datetime:
    """By when the head of a unit is to answer: in the standard's working hours, counted from asking.

    It is never later than an hour of service before the public deadline. Asked within that hour, or past the deadline, the head
    is to answer at once, and the moment of asking is returned.
    """
    hours = timedelta(hours=consultation.standard.head_answer_working_hours)
    answered = add_working_time(calendar, asked_at, hours)
    return max(asked_at, min(answered, take_working_time(calendar, consultation.due_at, WORDING_TIME)))


def recount_head_answers(
    consultations: Iterable[Consultation], calendars: Mapping[int, WorkCalendar]
) -> None:
    """Let the clocks of the heads who are being asked follow a changed calendar or deadline; three statements."""
    asked = {"consultation__escalations__ended_at": None, "consultation__escalations__isnull": False}
    by_pk = {consultation.pk: consultation for consultation in consultations}
    running = Timer.objects.unfired().filter(kind=TimerKind.HEAD_ANSWER, consultation__in=by_pk, **asked)
    asked_at = dict(running.values_list("pk", "consultation__escalations__asked_at"))
    moved = []
    for timer in Timer.objects.filter(pk__in=asked_at):
        consultation = by_pk[timer.consultation_id]
        calendar = calendars[consultation.office_id]
        moment = head_answer_moment(consultation, calendar, asked_at[timer.pk])
        if moment != timer.fires_at:
            timer.fires_at = timer.sweep_at = moment
            moved.append(timer)
    Timer.objects.bulk_update(moved, ["fires_at", "sweep_at"])


def disarm(consultation: Consultation, kind: TimerKind, key: str) -> None:
    """Take back a standing timer whose matter has ended; the caller has locked the consultation."""
    Timer.objects.unfired().filter(consultation=consultation, kind=kind, key=key).delete()


def rearm(
    consultations: Iterable[Consultation],
    calendars: Mapping[int, WorkCalendar],
    standing: Iterable[Timer] = (),
    *,
    are_new: bool = False,
) -> None:
    """Make the unfired timers of these consultations their plan, plus new standing ones.

    What waits as planned already is left alone, also after failures, which count on; an ended consultation keeps none,
    since nothing can arm them again; new consultations have no timers yet. Three statements at most, whatever the
    number of consultations, whose rows the caller has locked.
    """
    by_pk = {consultation.pk: consultation for consultation in consultations}
    missing: dict[tuple[int, str, str], datetime] = {
        (pk, planned.kind, planned.key): planned.fires_at
        for pk, consultation in by_pk.items()
        for planned in plan(consultation, calendars[consultation.office_id])
    }
    missing |= {(timer.consultation_id, timer.kind, timer.key): timer.fires_at for timer in standing}
    known = [] if are_new else by_pk
    stored = Timer.objects.filter(consultation__in=known).values_list(
        "pk", "consultation_id", "kind", "key", "fires_at", "fired_at"
    )
    obsolete = []
    for pk, consultation_id, kind, key, fires_at, fired_at in stored:
        name, consultation = (consultation_id, kind, key), by_pk[consultation_id]
        stands = kind in STANDING and consultation.is_open
        if consultation.ended_at is None and (fired_at or stands or missing.get(name) == fires_at):
            missing.pop(name, None)
        else:
            obsolete.append(pk)
    if obsolete:
        Timer.objects.filter(pk__in=obsolete).delete()
    Timer.objects.bulk_create(
        timer_at(by_pk[pk], TimerKind(kind), key, moment) for (pk, kind, key), moment in missing.items()
    )
