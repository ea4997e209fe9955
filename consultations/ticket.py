"""One consultation as its officer sees it, read in a number of statements that does not grow with its history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from consultations.enums import DocumentStatus, LinkKind, Status
from consultations.models import DocumentItem, Link, Promise
from consultations.rows import due_in_words
from consultations.timeline import staff_timeline
from notifications.models import Message
from offices.calendar import due_moment, explain_due
from offices.calendars import calendar_of
from offices.dates import format_moment

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.deadlines import Nearness
    from consultations.models import Attachment, Consultation
    from consultations.timeline import Line
    from offices.calendar import WorkCalendar

MOST_MESSAGES = 8
SEEN_FROM_THE_EARLIER = {
    LinkKind.FOLLOW_UP: "Dilanjutkan oleh",
    LinkKind.SPLIT: "Dipecah menjadi",
    LinkKind.DUPLICATE: "Memiliki duplikat",
    LinkKind.RELATED: "Terkait dengan",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A document asked for, what came for it, and what may be done about it."""

    item: DocumentItem
    files: list[Attachment]
    is_to_review: bool
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Related:
    """Another consultation tied to this one; `relation` reads from here."""

    relation: str
    number: str
    url: str
    status: str


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise, in words; `outcome` is empty while it runs."""

    due: str
    event: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Everything the page shows. `trace` is empty when the calendar has changed since the promise was broken."""

    consultation: Consultation
    due: Nearness
    due_at: str
    received_at: str
    trace: list[str]
    promises: list[Promised]
    lines: list[Line]
    documents: list[Document]
    related: list[Related]
    messages: list[Message]


def read_ticket(consultation: Consultation, now: datetime) -> Ticket:
    """At most nine statements, for a consultation read with its parts."""
    calendar = calendar_of(consultation.office)
    lines = staff_timeline(consultation)
    return Ticket(
        consultation=consultation,
        due=due_in_words(consultation, calendar, now),
        due_at=format_moment(consultation.due_at, calendar.zone),
        received_at=format_moment(consultation.received_at, calendar.zone),
        trace=_trace(consultation, calendar),
        promises=_promises(consultation, calendar),
        lines=lines,
        documents=_documents(consultation, lines),
        related=_related(consultation),
        messages=_messages(consultation),
    )


def _is_reopened(consultation: Consultation) -> bool:
    """A reopening promises anew; the first promise is made when the question is recorded."""
    return consultation.promised_at > consultation.recorded_at


def _trace(consultation: Consultation, calendar: WorkCalendar) -> list[str]:
    reopened = _is_reopened(consultation)
    anchor = consultation.promised_at if reopened else consultation.received_at
    days = consultation.standard.answer_working_days
    if due_moment(calendar, anchor, days) != consultation.due_at:
        return []
    event = "pertanyaan dibuka kembali" if reopened else "pertanyaan diterima"
    return explain_due(calendar, anchor, days, event=event)


def _promises(consultation: Consultation, calendar: WorkCalendar) -> list[Promised]:
    """Every promise of a consultation that was reopened; none for one that has its first promise only."""
    if not _is_reopened(consultation):
        return []
    return [
        Promised(
            due=format_moment(promise.due_at, calendar.zone),
            event="dibuka kembali" if promise.sequence > 1 else "diterima",
            outcome={True: "Tepat waktu", False: "Terlambat", None: "Berjalan"}[promise.is_kept],
        )
        for promise in Promise.objects.filter(consultation=consultation)
    ]


def _documents(consultation: Consultation, lines: list[Line]) -> list[Document]:
    sent: dict[int | None, list[Attachment]] = defaultdict(list)
    for line in lines:
        for file in line.attachments:
            sent[file.item_id].append(file)
    items = DocumentItem.objects.filter(request__consultation=consultation)
    return [
        Document(
            item,
            sent[item.pk],
            is_to_review=item.status == DocumentStatus.RECEIVED,
            is_settled=item.status in (DocumentStatus.ACCEPTED, DocumentStatus.WAIVED),
        )
        for item in items
    ]


def _related(consultation: Consultation) -> list[Related]:
    links = Link.objects.filter(Q(consultation=consultation) | Q(to=consultation)).order_by("pk")
    ends = ("kind", "consultation__number", "consultation__status", "to__number", "to__status")
    base = reverse("consultation_list")
    related = []
    for kind, later, later_status, earlier, earlier_status in links.values_list(*ends):
        if later == consultation.number:
            relation, number, status = LinkKind(kind).label, earlier, earlier_status
        else:
            relation, number, status = SEEN_FROM_THE_EARLIER[LinkKind(kind)], later, later_status
        related.append(Related(relation, number, f"{base}{number}/", Status(status).label))
    return related


def _messages(consultation: Consultation) -> list[Message]:
    """The latest messages to the stakeholder, with their delivery."""
    about = Message.objects.filter(office=consultation.office_id, reference=consultation.number)
    told = about.filter(dedupe_key__endswith=":stakeholder")
    return list(told.defer("body").order_by("-pk")[:MOST_MESSAGES])
