"""How long held questions have waited, and how much of the promised time that has used up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consultations.deadlines import Nearness, nearness
from offices.calendar import due_moment, working_time_between
from offices.dates import format_duration, format_moment
from offices.models import ServiceStandard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from consultations.models import HeldSubmission, HeldSubmissionQuerySet
    from offices.calendar import WorkCalendar
    from offices.models import Office

MOST_COUNTED = 999


@dataclass(frozen=True, slots=True)
class Wait:
    """A held question whose deadline already runs: `due` is how near it is, `used` the percentage of its time gone.

    `waited` is service time in words. Both counts are those of the consultation that the question would become.
    `missed_until` is the last day that its sender was owed progress and had none; None before the first.
    """

    held: HeldSubmission
    due: Nearness
    waited: str
    used: int
    missed_until: date | None


def waiting_in_words(visible: HeldSubmissionQuerySet, office: Office, now: datetime) -> str:
    """How many wait, counted no further than is said, since when, and how many are late; empty when none does. One query."""
    moments = list(
        visible.longest_waiting_first(None).values_list("submitted_at", "due_at")[: MOST_COUNTED + 1]
    )
    if not moments:
        return ""
    late = sum(due_at is not None and due_at <= now for _, due_at in moments)
    oldest = format_moment(moments[0][0], office.zone)
    past_due = f" {_counted(late)} di antaranya telah melewati batas waktu jawaban." if late else ""
    return f"{_counted(len(moments))} kiriman formulir menunggu pemeriksaan, yang terlama sejak {oldest}.{past_due}"


def _counted(number: int) -> str:
    return str(number) if number <= MOST_COUNTED else f"{MOST_COUNTED}+"


def missed_until(held: HeldSubmission) -> date | None:
    """The last day that its sender was owed progress and had none, as far as the clock has come."""
    settled_on = held.progress_settled_on
    return settled_on if settled_on and settled_on > sent_locally_on(held) else None


def waits(
    page: Iterable[HeldSubmission], office: Office, calendar: WorkCalendar, now: datetime
) -> list[Wait]:
    """The waits of one office's held questions, in their order; one query."""
    standards = standards_by_office([office.pk])[office.pk]
    return [
        _wait(held, standard_in_force(standards, office.local_date(held.submitted_at)), calendar, now)
        for held in page
    ]


def sent_locally_on(held: HeldSubmission) -> date:
    """The date of the sending on the wall of its office, whose row must be at hand."""
    return held.office.local_date(held.submitted_at)


def standards_by_office(office_ids: Iterable[int]) -> dict[int, list[ServiceStandard]]:
    """The versions of each office's standard by office id, the latest first; one query."""
    found: dict[int, list[ServiceStandard]] = defaultdict(list)
    for standard in ServiceStandard.objects.filter(office__in=office_ids).order_by("-valid_from"):
        found[standard.office_id].append(standard)
    return found


def standard_in_force(standards: Sequence[ServiceStandard], day: date) -> ServiceStandard:
    """The one that a question of a local date would get; the usual one where an office has none yet."""
    return next((standard for standard in standards if standard.valid_from <= day), ServiceStandard())


def _wait(held: HeldSubmission, standard: ServiceStandard, calendar: WorkCalendar, now: datetime) -> Wait:
    sent_at = held.submitted_at
    due_at = due_moment(calendar, sent_at, standard.answer_working_days)
    waited = working_time_between(calendar, sent_at, now)
    used = int(100 * waited / working_time_between(calendar, sent_at, due_at))
    return Wait(
        held, nearness(due_at, calendar, now), format_duration(waited), min(used, 100), missed_until(held)
    )
