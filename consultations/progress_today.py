"""The progress an office owes its stakeholders today, each piece with a message to begin from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Q, SmallIntegerField, Value, When

from consultations import news
from consultations.deadlines import Nearness, nearness
from consultations.enums import ProgressChannel, Status
from consultations.forms.conversation import SEND, OwedProgressForm
from consultations.forms.desk import read_place, write_place
from consultations.models import Consultation
from consultations.progress_draft import draft_all
from consultations.reach import address_in_words
from offices.dates import format_date, format_time, to_local
from stakeholders.identity import display_phone

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from consultations.models import ConsultationQuerySet
    from offices.calendar import WorkCalendar
    from offices.duties import Duties
    from offices.models import Staff

MOST_COUNTED = 99
MINE, OTHERS = 0, 1
PARTS = ("office", "stakeholder__satker", "officer")


@dataclass(frozen=True, slots=True)
class Way:
    """A way to tell it: the value the form takes, and the words on its button."""

    value: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One progress that is owed. `sent_to` is where a message goes, empty when only a call reaches the contact person."""

    consultation: Consultation
    form: OwedProgressForm
    due: Nearness
    news: list[str]
    last: str
    sent_to: str
    phone: str
    ways: list[Way]


def owed_today(duties: Duties, staff: Staff, today: date) -> ConsultationQuerySet:
    """Those that owe progress on the office's local date, one's own first, then the nearest deadline."""
    owing = Consultation.objects.visible_to(duties).owing_progress(today)
    order = Case(When(officer=staff, then=Value(MINE)), default=OTHERS, output_field=SmallIntegerField())
    return owing.annotate(order=order).order_by("order", "due_at", "pk")


def after(owed: ConsultationQuerySet, place: str) -> ConsultationQuerySet:
    """Those behind a place; all for what is no place."""
    order, _, rest = place.partition("_")
    if order not in (str(MINE), str(OTHERS)) or (start := read_place(rest)) is None:
        return owed
    moment, pk = start
    same = Q(order=order)
    return owed.filter(Q(order__gt=order) | same & Q(due_at__gt=moment) | same & Q(due_at=moment, pk__gt=pk))


def place_of(consultation: Consultation, staff: Staff) -> str:
    """Where a consultation stands among the owed ones, as an address carries it."""
    order = MINE if consultation.officer == staff else OTHERS
    return f"{order}_{write_place(consultation.due_at, consultation.pk)}"


def count_in_words(owed: ConsultationQuerySet) -> str:
    """How many are left, counted no further than is said; one query."""
    count = owed.order_by()[: MOST_COUNTED + 1].count()
    if not count:
        return "Semua progres hari ini sudah disampaikan."
    return f"{count if count <= MOST_COUNTED else f'{MOST_COUNTED}+'} konsultasi menunggu progres hari ini."


def tasks(
    consultations: Collection[Consultation],
    calendar: WorkCalendar,
    now: datetime,
    refused: OwedProgressForm | None = None,
) -> list[Task]:
    """What to do for each, with its draft; the form that was refused keeps what was typed. One query."""
    drafts = draft_all(consultations, now)
    return [
        _task(
            each,
            refused
            if refused is not None and refused.consultation == each
            else OwedProgressForm(consultation=each, initial={"text": drafts[each.pk]}),
            calendar,
            now,
        )
        for each in consultations
    ]


def _task(consultation: Consultation, form: OwedProgressForm, calendar: WorkCalendar, now: datetime) -> Task:
    sent_to = address_in_words(consultation)
    last = consultation.last_progress_on
    return Task(
        consultation=consultation,
        form=form,
        due=nearness(consultation.due_at, calendar, now),
        news=news.in_words(consultation),
        last=f"Progres terakhir {format_date(last)}" if last else "Belum ada progres dari petugas",
        sent_to=sent_to,
        phone=display_phone(consultation.contact_phone),
        ways=_ways(consultation, can_send=bool(sent_to)),
    )


def _ways(consultation: Consultation, *, can_send: bool) -> list[Way]:
    """The usual way first."""
    send = Way(SEND, "Kirim progres", "send")
    called = Way(ProgressChannel.PHONE, "Sudah ditelepon", "phone")
    told = Way(ProgressChannel.IN_PERSON, "Sudah disampaikan langsung", "user-check")
    ways = [send] if can_send else []
    if consultation.contact_phone:
        ways.append(called)
    return ways or [told]


def settled_in_words(consultation: Consultation) -> str:
    """Why a consultation owes no progress today any more: who told it and when, or that it has ended."""
    if not consultation.is_open:
        return f"Progres tidak lagi diperlukan: konsultasi berstatus {Status(consultation.status).label}."
    latest = consultation.progress_updates.filter(is_automatic=False).select_related("entry__actor")
    update = latest.order_by("-entry__at", "-pk").first()
    if update is None:
        return "Progres hari ini tidak lagi diperlukan."
    at = to_local(update.entry.at, consultation.office.zone)
    return f"Progres sudah disampaikan oleh {update.entry.actor} pukul {format_time(at)} {at.tzname()}."
