"""A consultation as one line of a list, every word of it prepared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from consultations import news
from consultations.deadlines import Nearness, nearness
from consultations.enums import Status
from offices.dates import format_date, to_local

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from consultations.models import Consultation, ConsultationQuerySet
    from offices.calendar import WorkCalendar

SHOWN = (
    "number",
    "subject",
    "status",
    "news",
    "due_at",
    "late_at",
    "resolved_at",
    "ended_at",
    "received_at",
    "category__name",
    "stakeholder__name",
    "stakeholder__organisation",
    "stakeholder__said_satker_name",
    "stakeholder__satker__name",
    "stakeholder__satker__code",
    "officer__full_name",
)
ENDINGS = {
    Status.RESOLVED: "Dijawab",
    Status.CLOSED: "Dijawab",
    Status.REFERRED: "Dirujuk",
    Status.CANCELLED: "Dibatalkan",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `officer` is empty while nobody has taken the question, `news` what came in since an officer acted."""

    number: str
    url: str
    subject: str
    stakeholder: str
    affiliation: str
    category: str
    status: str
    status_label: str
    due: Nearness
    officer: str
    news: list[str]


def with_row_parts(found: ConsultationQuerySet) -> ConsultationQuerySet:
    """The same consultations, read with what a line shows and no more."""
    return found.select_related("category", "stakeholder__satker", "officer").only(*SHOWN)


def rows(page: Iterable[Consultation], calendar: WorkCalendar, now: datetime) -> list[Row]:
    """The lines of one office's consultations, read `with_row_parts`."""
    base = reverse("consultation_list")
    return [
        Row(
            number=each.number,
            url=f"{base}{each.number}/",
            subject=each.subject,
            stakeholder=each.stakeholder.name,
            affiliation=each.stakeholder.affiliation,
            category=each.category.name,
            status=each.status,
            status_label=Status(each.status).label,
            due=due_in_words(each, calendar, now),
            officer=each.officer.full_name if each.officer else "",
            news=news.in_words(each),
        )
        for each in page
    ]


def due_in_words(consultation: Consultation, calendar: WorkCalendar, now: datetime) -> Nearness:
    """How near the deadline is, or when the question was answered and whether too late."""
    if consultation.is_open:
        return nearness(consultation.due_at, calendar, now)
    ended = consultation.resolved_at or consultation.ended_at or consultation.due_at
    label = f"{ENDINGS[Status(consultation.status)]} {format_date(to_local(ended, calendar.zone).date())}"
    return Nearness("calm", f"{label}, terlambat" if consultation.late_at else label)


def end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """The midnight that ends today on a zone's wall."""
    tomorrow = to_local(now, zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone)
