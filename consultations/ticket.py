"""One consultation as its officer sees it, read in a number of statements that does not grow with its history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from consultations import news
from consultations.clocks import (
    answer_clock,
    closing_clock,
    documents_clock,
    head_clock,
    progress_clock,
    timer_moment,
)
from consultations.enums import Act, DocumentStatus, Holder, LinkKind, Status, TimerKind
from consultations.models import DocumentItem, Link, Promise
from consultations.rows import due_in_words
from consultations.time_held import held_by, time_held
from consultations.timeline import NOTED_LATER, staff_timeline
from notifications.models import Message
from offices.calendar import due_moment, explain_due
from offices.calendars import calendar_of
from offices.dates import format_duration, format_moment

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.clocks import Clock
    from consultations.deadlines import Nearness
    from consultations.models import Attachment, Consultation
    from consultations.time_held import Held
    from consultations.timeline import Line
    from offices.calendar import WorkCalendar

MOST_MESSAGES = 8
MOST_NOTICES = 60
NOTICES = {
    "deadline_warning": "Peringatan batas waktu",
    "late": "Keterlambatan",
    "late_again": "Pengingat keterlambatan",
}
SEEN_FROM_THE_EARLIER = {
    LinkKind.FOLLOW_UP: "Dilanjutkan oleh",
    LinkKind.SPLIT: "Dipecah menjadi",
    LinkKind.DUPLICATE: "Memiliki duplikat",
    LinkKind.RELATED: "Terkait dengan",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A document asked for, what came for it, what may be done about it, and when its sender is reminded."""

    item: DocumentItem
    files: list[Attachment]
    remind_at: datetime | None
    is_to_review: bool
    is_settled: bool

    @property
    def newest(self) -> int | None:
        """The key of the file that came last."""
        return max((file.pk for file in self.files), default=None)


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


@dataclass(frozen=True, slots=True)
class Share:
    """A holder's working time in all, in words; `title` names the heads that were asked."""

    holder: Holder
    title: str
    worked: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """One turn on the bar, from `start` on, both in thousandths of the whole working time."""

    holder: Holder
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Told:
    """One person of the office who was written to; `sent` in words, with the moment when it left noticeably later."""

    name: str
    sent: str
    message: Message


@dataclass(frozen=True, slots=True)
class Notice:
    """One occasion on which the office was told of the deadline, and whom."""

    about: str
    when: str
    people: list[Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Everything the page shows. `trace` is empty when the calendar has changed since the promise was broken.

    `escalations` are of the floor above, read with their unit, people and `answer_by`. `notices` say who was told
    that the consultation is late; empty for one that is not.
    """

    consultation: Consultation
    due: Nearness
    clocks: list[Clock]
    received_at: str
    news: list[str]
    trace: list[str]
    promises: list[Promised]
    lines: list[Line]
    escalations: list[Any]
    shares: list[Share]
    stretches: list[Stretch]
    documents: list[Document]
    related: list[Related]
    messages: list[Message]
    notices: list[Notice]


def read_ticket(consultation: Consultation, now: datetime) -> Ticket:
    """At most eleven statements, for a consultation read with its parts."""
    calendar = calendar_of(consultation.office)
    lines = staff_timeline(consultation)
    people = ("unit", "asked_by", "answered_by")
    escalations = list(consultation.escalations.with_answer_by().select_related(*people))
    documents = _documents(consultation, lines)
    turns = time_held((line.entry for line in lines), calendar, now)
    return Ticket(
        consultation=consultation,
        due=due_in_words(consultation, calendar, now),
        clocks=_clocks(consultation, calendar, now, lines, escalations, documents),
        received_at=format_moment(consultation.received_at, calendar.zone),
        news=news.in_words(consultation),
        trace=_trace(consultation, calendar),
        promises=_promises(consultation, calendar),
        lines=lines,
        escalations=escalations,
        shares=_shares(turns, escalations),
        stretches=_stretches(turns),
        documents=documents,
        related=_related(consultation),
        messages=_messages(consultation),
        notices=_notices(consultation, calendar) if consultation.late_at else [],
    )


def _clocks(
    consultation: Consultation,
    calendar: WorkCalendar,
    now: datetime,
    lines: list[Line],
    escalations: list[Any],
    documents: list[Document],
) -> list[Clock]:
    """The clocks that run, the answer's first; of an ended consultation what was kept."""
    missed = sum(line.entry.act == Act.MISS_PROGRESS for line in lines)
    reminders = [each.remind_at for each in documents if each.item.is_outstanding]
    clocks = [
        answer_clock(consultation, calendar, now),
        progress_clock(consultation, calendar, now, missed=missed),
        *(
            head_clock(
                asked.answer_by,
                asked.unit.head_title,
                calendar,
                now,
                asked_at=asked.asked_at,
                due_at=consultation.due_at,
            )
            for asked in escalations
            if asked.is_open
        ),
        documents_clock(reminders, calendar, now) if consultation.is_open else None,
        closing_clock(consultation, calendar, now),
    ]
    return [clock for clock in clocks if clock is not None]


def _shares(turns: list[Held], escalations: list[Any]) -> list[Share]:
    asked = dict.fromkeys(escalation.unit.head_title for escalation in escalations)
    titles = {Holder.UNIT_HEAD: ", ".join(asked)} if asked else {}
    return [
        Share(holder, titles.get(holder, holder.label), format_duration(worked))
        for holder, worked in held_by(turns).items()
    ]


def _stretches(turns: list[Held]) -> list[Stretch]:
    """The turns as parts of one bar; none while no working time has passed."""
    whole = sum((turn.worked for turn in turns), timedelta())
    if not whole:
        return []
    passed, stretches = timedelta(), []
    for turn in turns:
        start, passed = passed, passed + turn.worked
        stretches.append(
            Stretch(turn.holder, 1000 * start // whole, 1000 * passed // whole - 1000 * start // whole)
        )
    return stretches


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
    """What was asked for; no statement where the timeline knows of no request."""
    if not any(line.entry.act == Act.REQUEST_DOCUMENTS for line in lines):
        return []
    sent: dict[int | None, list[Attachment]] = defaultdict(list)
    for line in lines:
        for file in line.attachments:
            sent[file.item_id].append(file)
    reminder = timer_moment(TimerKind.DOCUMENT_REMINDER, consultation="request__consultation", key="request")
    items = DocumentItem.objects.filter(request__consultation=consultation).annotate(remind_at=reminder)
    return [
        Document(
            item,
            sent[item.pk],
            item.remind_at,  # type: ignore[attr-defined]  # annotated above
            is_to_review=item.status == DocumentStatus.RECEIVED
            and not any(file.is_quarantined for file in sent[item.pk]),
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


def _notices(consultation: Consultation, calendar: WorkCalendar) -> list[Notice]:
    """Who of the office was told of the deadline, and when; the first occasion first, one statement."""
    about = Message.objects.filter(office=consultation.office_id, reference=consultation.number)
    messages = about.filter(kind__in=NOTICES).defer("body").order_by("pk")[:MOST_NOTICES]
    return [
        Notice(NOTICES[kind], format_moment(at, calendar.zone), [_told(each, calendar) for each in group])
        for (kind, at), group in groupby(messages, attrgetter("kind", "created_at"))
    ]


def _told(message: Message, calendar: WorkCalendar) -> Told:
    sent = message.get_status_display().lower()
    if message.sent_at and message.sent_at - message.created_at >= NOTED_LATER:
        sent += f" {format_moment(message.sent_at, calendar.zone)}"
    return Told(message.recipient_name or message.recipient, sent, message)
