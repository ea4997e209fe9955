"""What waits for a head's word, the nearest deadline first, and what has ended."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from django.db.models import Q

from consultations import news
from consultations.clocks import Clock, head_clock
from consultations.deadlines import Nearness, nearness
from offices.calendar import working_time_between
from offices.dates import format_duration
from offices.parameters import read_place

if TYPE_CHECKING:
    from datetime import datetime

    from escalations.models import Escalation, EscalationQuerySet
    from offices.calendar import WorkCalendar

PAGE_SIZE = 20
SHOWN = (
    "reason",
    "status",
    "asked_at",
    "ended_at",
    "answered_as",
    "forwarded_from",
    "consultation__number",
    "consultation__subject",
    "consultation__due_at",
    "consultation__news",
    "unit__name",
    "asked_by__full_name",
    "answered_by__full_name",
)


@dataclass(frozen=True, slots=True)
class Line:
    """An escalation as the pages show it.

    `worked` is how long it has waited, or took, in working hours; `deadline` how near the consultation's public
    deadline is, None once the escalation has ended. `news` is what came in meanwhile.
    """

    escalation: Escalation
    worked: str
    deadline: Nearness | None
    clock: Clock | None
    news: list[str]

    @classmethod
    def of(cls, escalation: Escalation, calendar: WorkCalendar, now: datetime) -> Line:
        """Of an escalation read `with_answer_by`."""
        worked = working_time_between(calendar, escalation.asked_at, escalation.ended_at or now)
        if not escalation.is_open:
            return cls(escalation, format_duration(worked), deadline=None, clock=None, news=[])
        return cls(
            escalation,
            format_duration(worked),
            deadline=nearness(escalation.consultation.due_at, calendar, now),
            clock=head_clock(
                escalation.answer_by,
                escalation.unit.head_title,
                calendar,
                now,
                asked_at=escalation.asked_at,
                due_at=escalation.consultation.due_at,
            ),
            news=news.in_words(escalation.consultation),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next` is the place to go on from, empty on the last page."""

    lines: list[Line]
    next: str


def waiting(escalations: EscalationQuerySet, calendar: WorkCalendar, now: datetime, *, after: str) -> Page:
    """The open ones by the consultation's public deadline, from a place in the list on; one query."""
    return _page(escalations.open(), "consultation__due_at", after, calendar, now)


def ended(escalations: EscalationQuerySet, calendar: WorkCalendar, now: datetime, *, before: str) -> Page:
    """The ended ones, the latest first, from a place in the list on; one query."""
    return _page(escalations.ended(), "-ended_at", before, calendar, now)


def _page(
    escalations: EscalationQuerySet, order: str, place: str, calendar: WorkCalendar, now: datetime
) -> Page:
    """A page ordered by a moment and the key: it starts where the last one ended, whatever came in since."""
    field = order.removeprefix("-")
    sign, beyond = ("-", "lt") if order.startswith("-") else ("", "gt")
    if start := read_place(place, ","):
        moment, pk = start
        escalations = escalations.filter(
            Q(**{f"{field}__{beyond}": moment}) | Q(**{f"pk__{beyond}": pk}),
            **{f"{field}__{beyond}e": moment},
        )
    found = (
        escalations.with_answer_by()
        .select_related("consultation", "unit", "asked_by", "answered_by")
        .only(*SHOWN)
    )
    rows = list(found.order_by(order, f"{sign}pk")[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    more = ""
    if len(rows) > PAGE_SIZE:
        moment = attrgetter(field.replace("__", "."))(shown[-1])
        more = f"{moment.isoformat()},{shown[-1].pk}"
    return Page([Line.of(escalation, calendar, now) for escalation in shown], more)
