"""What a stakeholder sees of a consultation: its stage, its promise, what is asked of them, and its public timeline."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Prefetch

from consultations.clocks import next_progress_moment
from consultations.deadlines import Nearness, nearness
from consultations.enums import ANSWERED_STATUSES, Act, ActorKind, DocumentStatus, Status, Visibility
from consultations.letters import MESSAGE_CHANNELS, addressee, as_written_about
from consultations.models import Attachment, Consultation, DocumentItem, Entry
from consultations.reach import address_of
from consultations.timeline import NOTED_LATER
from consultations.timers import auto_close_moment
from consultations.tokens import tracking_link
from consultations.transitions import allowed_acts
from consultations.writing_end import may_write
from notifications.enums import LetterKind
from notifications.outbox import compose, enqueue
from notifications.texts import own_texts
from offices.calendar import due_moment, explain_due
from offices.calendars import calendar_of
from offices.dates import format_moment
from regulations.models import Regulation
from throttle import limits

if TYPE_CHECKING:
    from datetime import datetime

    from offices.calendar import WorkCalendar

LINKS_PER_HOUR = 3
STAGES = (
    ("Diterima", (Status.NEW,)),
    ("Diproses", (Status.IN_PROGRESS, Status.AWAITING_DOCUMENTS, Status.ESCALATED)),
    ("Dijawab", (Status.RESOLVED,)),
    ("Ditutup", (Status.CLOSED,)),
)
IN_WORDS = {
    Status.NEW: "Pertanyaan Bapak/Ibu telah kami terima dan menunggu ditangani petugas.",
    Status.IN_PROGRESS: "Pertanyaan Bapak/Ibu sedang ditangani petugas.",
    Status.AWAITING_DOCUMENTS: "Kami menunggu dokumen dari Bapak/Ibu. Silakan unggah pada bagian dokumen di bawah ini.",
    Status.ESCALATED: "Pertanyaan Bapak/Ibu sedang kami konfirmasikan kepada kepala unit terkait.",
    Status.RESOLVED: "Pertanyaan Bapak/Ibu telah kami jawab. Mohon beri tahu kami apakah jawabannya sudah sesuai.",
    Status.CLOSED: "Konsultasi ini telah dijawab dan ditutup.",
    Status.REFERRED: "Permasalahan ini merupakan kewenangan instansi lain. Penjelasannya ada pada riwayat.",
    Status.CANCELLED: "Konsultasi ini dibatalkan. Alasannya ada pada riwayat.",
}
ENDED_OTHERWISE = (Status.REFERRED, Status.CANCELLED)
SETTLED = (DocumentStatus.ACCEPTED, DocumentStatus.WAIVED)


@dataclass(frozen=True, slots=True)
class Stage:
    """`state` is "done", "current" or "ahead"."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """One public line of the timeline. `kind` is its look; `author` a capacity, never a staff member's name.

    `noted_at` is when it was recorded, for a line that stands at an earlier moment.
    """

    kind: str
    title: str
    text: str
    author: str
    at: datetime
    noted_at: datetime | None
    files: list[Attachment]
    regulations: list[Regulation]


@dataclass(frozen=True, slots=True)
class Document:
    """A document asked for, and what was sent for it."""

    item: DocumentItem
    files: list[Attachment]
    is_wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """Everything the tracking page shows.

    `trace` is empty and `next_progress` None once the promise has been answered, while the answer comes before the
    next progress, or when that moment has passed; `awaited` counts the documents
    that the stakeholder is asked for and has not sent, or not rightly. `is_raised` is whether officials were told that
    the answer is late.
    """

    consultation: Consultation
    acts: set[Act]
    in_words: str
    stages: list[Stage]
    due: Nearness | None
    is_raised: bool
    trace: list[str]
    next_progress: datetime | None
    awaited: int
    reopen_until: datetime | None
    answer: Line | None
    documents: list[Document]
    timeline: list[Line]
    may_write: bool


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Everything said and sent in public, in the order it happened, and what became of each document asked for."""

    lines: list[Line]
    documents: list[Document]


def tracked(consultation: Consultation, now: datetime) -> Tracked:
    """Read what the page shows; six queries whatever the length of the timeline."""
    calendar = calendar_of(consultation.office)
    entries = _public_entries(consultation)
    writes = may_write(consultation, now)
    acts = allowed_acts(consultation, ActorKind.STAKEHOLDER) if writes else set()
    lines = {entry: _line(entry, consultation) for entry in entries}
    answer = _answer(consultation, entries)
    documents = _documents(consultation, entries, can_send=Act.RECEIVE_DOCUMENTS in acts)
    return Tracked(
        consultation=consultation,
        acts=acts,
        in_words=IN_WORDS[Status(consultation.status)],
        stages=_stages(Status(consultation.status)),
        due=nearness(consultation.due_at, calendar, now) if consultation.is_open else None,
        is_raised=any(
            entry.act == Act.MARK_LATE and entry.recorded_at >= consultation.promised_at for entry in entries
        ),
        trace=_trace(consultation, calendar, entries) if consultation.is_open else [],
        next_progress=_next_progress(consultation, calendar, now),
        awaited=sum(each.is_wanted and each.item.is_outstanding for each in documents),
        reopen_until=_reopen_until(consultation, calendar) if Act.REOPEN in acts else None,
        answer=lines.pop(answer) if answer else None,
        documents=documents,
        timeline=list(lines.values()),
        may_write=writes,
    )


def correspondence(consultation: Consultation) -> Correspondence:
    """Read what the printed page holds; four queries whatever its length."""
    entries = _public_entries(consultation)
    return Correspondence(
        lines=[_line(entry, consultation) for entry in reversed(entries)],
        documents=_documents(consultation, entries, can_send=False),
    )


def _public_entries(consultation: Consultation) -> list[Entry]:
    """The latest first, with their files and citations."""
    return list(
        Entry.objects.filter(consultation=consultation, visibility=Visibility.PUBLIC)
        .order_by("-at", "-pk")
        .prefetch_related("attachments", Prefetch("regulations", Regulation.objects.defer("search")))
    )


def _stages(status: Status) -> list[Stage]:
    if status in ENDED_OTHERWISE:
        return [Stage("Diterima", "done"), Stage(status.label, "done")]
    reached = next(place for place, (_, statuses) in enumerate(STAGES) if status in statuses)
    if status is Status.CLOSED:
        reached += 1
    states = ["done"] * reached + ["current"] + ["ahead"] * len(STAGES)
    return [Stage(label, state) for (label, _), state in zip(STAGES, states, strict=False)]


def _trace(consultation: Consultation, calendar: WorkCalendar, entries: list[Entry]) -> list[str]:
    """Day by day why the promise falls where it does; empty when the calendar has changed after it was broken."""
    reopened = [entry.at for entry in entries if entry.act == Act.REOPEN]
    anchor = reopened[0] if reopened else consultation.received_at
    days = consultation.standard.answer_working_days
    if due_moment(calendar, anchor, days) != consultation.due_at:
        return []
    event = "pertanyaan dibuka kembali" if reopened else "pertanyaan diterima"
    return explain_due(calendar, anchor, days, event=event)


def _next_progress(consultation: Consultation, calendar: WorkCalendar, now: datetime) -> datetime | None:
    if not consultation.is_open:
        return None
    moment = next_progress_moment(consultation, calendar)
    return None if moment <= now or now < consultation.due_at <= moment else moment


def _reopen_until(consultation: Consultation, calendar: WorkCalendar) -> datetime | None:
    if consultation.resolved_at is None:
        return None
    return auto_close_moment(consultation.resolved_at, consultation.standard, calendar)


def _answer(consultation: Consultation, entries: list[Entry]) -> Entry | None:
    """The entry that answered the question, unless it was reopened since."""
    if consultation.status not in ANSWERED_STATUSES:
        return None
    return next((entry for entry in entries if entry.act == Act.RESOLVE), None)


def _line(entry: Entry, consultation: Consultation) -> Line:
    return Line(
        kind=_kind(entry),
        title=Act(entry.act).label,
        text=consultation.question if entry.act == Act.OPEN else entry.text,
        author="Bapak/Ibu" if entry.actor_kind == ActorKind.STAKEHOLDER else entry.actor_label,
        at=entry.at,
        noted_at=entry.recorded_at if entry.recorded_at - entry.at >= NOTED_LATER else None,
        files=list(entry.attachments.all()),
        regulations=list(entry.regulations.all()),
    )


def _kind(entry: Entry) -> str:
    """The look of a line: the stakeholder's own words, words to them, or something that just happened."""
    if entry.actor_kind == ActorKind.STAKEHOLDER or entry.act == Act.OPEN:
        return "stakeholder"
    if not entry.text or (entry.actor_kind == ActorKind.SYSTEM and entry.act != Act.POST_PROGRESS):
        return "event"
    return "public"


def _documents(consultation: Consultation, entries: list[Entry], *, can_send: bool) -> list[Document]:
    sent: dict[int | None, list[Attachment]] = defaultdict(list)
    for entry in reversed(entries):
        for file in entry.attachments.all():
            sent[file.item_id].append(file)
    return [
        Document(item, sent[item.pk], can_send and item.status not in SETTLED)
        for item in DocumentItem.objects.filter(request__consultation=consultation)
    ]


def send_link(number: str, contact: str, *, now: datetime) -> None:
    """Send a consultation's tracking link the way its news goes, if this contact was given with it.

    `contact` is an e-mail address in small letters or a telephone number in E.164. Whoever asks learns nothing from
    it; the address gets at most three links an hour. Nothing is sent to whom only a call reaches.
    """
    consultation = (
        Consultation.objects.select_related("office", "category")
        .defer("search")
        .filter(number=number)
        .first()
    )
    if consultation is None or contact not in (
        consultation.contact_phone,
        consultation.contact_email.lower(),
    ):
        return
    reached = address_of(consultation)
    if reached is None:
        return
    channel, address = reached
    if limits.hit(
        "tracking_link.contact", address.lower(), limit=LINKS_PER_HOUR, per=timedelta(hours=1), now=now
    ):
        return
    texts = own_texts([(consultation.office_id, LetterKind.TRACKING_LINK)])
    message = compose(
        office=consultation.office,
        kind=LetterKind.TRACKING_LINK,
        template=LetterKind.TRACKING_LINK,
        context={
            "consultation": as_written_about(consultation),
            "office": consultation.office,
            "name": addressee(consultation),
            "url": tracking_link(consultation),
            "due": format_moment(consultation.due_at, consultation.office.zone),
            "late": consultation.due_at <= now,
        },
        channel=MESSAGE_CHANNELS[channel],
        recipient=address,
        recipient_name=addressee(consultation),
        reference=number,
        dedupe_key=f"{number}:tracking_link:{now.isoformat()}",
        now=now,
        own=texts.get((consultation.office_id, LetterKind.TRACKING_LINK)),
    )
    with transaction.atomic():
        enqueue([message])
