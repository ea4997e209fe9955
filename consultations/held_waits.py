"""How long held questions have waited, and how much of the promised time that has used up."""

from __future__ import annotations

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
    """

    held: HeldSubmission
    due: Nearness
    waited: str
    used: int


def waiting_in_words(visible: HeldSubmissionQuerySet, office: Office) -> str:
    """How many wait, counted no further than is said, and since when; empty when none does. One query."""
    moments = list(
        visible.longest_waiting_first(None).values_list("submitted_at", flat=True)[: MOST_COUNTED + 1]
    )
    if not moments:
        return ""
    count = str(len(moments)) if len(moments) <= MOST_COUNTED else f"{MOST_COUNTED}+"
    oldest = format_moment(moments[0], office.zone)
    return f"{count} kiriman formulir menunggu pemeriksaan, yang terlama sejak {oldest}."


def waits(
    page: Iterable[HeldSubmission], office: Office, calendar: WorkCalendar, now: datetime
) -> list[Wait]:
    """The waits of one office's held questions, in their order; one query."""
    standards = list(ServiceStandard.objects.filter(office=office).order_by("-valid_from"))
    return [
        _wait(held, _in_force(standards, office.local_date(held.submitted_at)), calendar, now)
        for held in page
    ]


def _in_force(standards: Sequence[ServiceStandard], day: date) -> ServiceStandard:
    """The standard its consultation would get; the usual one where an office has none yet."""
    return next((standard for standard in standards if standard.valid_from <= day), ServiceStandard())


def _wait(held: HeldSubmission, standard: ServiceStandard, calendar: WorkCalendar, now: datetime) -> Wait:
    sent_at = held.submitted_at
    due_at = due_moment(calendar, sent_at, standard.answer_working_days)
    waited = working_time_between(calendar, sent_at, now)
    used = int(100 * waited / working_time_between(calendar, sent_at, due_at))
    return Wait(held, nearness(due_at, calendar, now), format_duration(waited), min(used, 100))
