"""The clock's hand: takes due timers and acts on each exactly once.

Any number of sweeps may run at once, and any may be killed: a timer's act and its mark commit together, rows that
another sweep or an act holds are skipped and found again by the next sweep. Nothing here waits for a lock.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Least
from django.urls import reverse

from consultations.actors import SYSTEM
from consultations.enums import Act, TimerKind
from consultations.ledger import CLOCK_FIELDS, Ledger, serves
from consultations.models import Consultation, DocumentItem, ProgressUpdate, Promise, Timer
from consultations.timeline import NOTED_LATER
from consultations.timers import next_progress_day, timer_at
from consultations.transitions import allows, enter
from offices.calendar import closing, is_working_day, next_working_day, opening
from offices.dates import format_date, format_moment, format_time, to_local
from offices.duties import heads_by_unit, holders_by_office
from offices.enums import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from consultations.models import Entry
    from offices.calendar import WorkCalendar
    from offices.models import Appointment, Staff

logger = logging.getLogger(__name__)

BATCH = 500
PAUSE_AFTER_FAILURE = timedelta(minutes=10)
MOST_FAILURES = 32_767  # what the column holds


def sweep(now: datetime) -> int:
    """Act on every timer due at a moment, oldest first, in bounded transactions; returns how many acted.

    It goes on until nothing is due, since an act after a long silence may arm the next one in the past.
    A timer whose act fails is put off by ten minutes, logged and counted (`failing_timers` of the health report); it
    holds up no other.
    """
    total = 0
    while True:
        try:
            with transaction.atomic():
                handled = _fire(_claim(now, BATCH), now)
        except Exception:
            logger.exception("A batch of timers failed; firing them one by one")
            handled = _fire_one_by_one(now)
        total += handled
        if handled == 0:
            return total


def catch_up(consultation: Consultation, now: datetime) -> None:
    """Act, in the caller's transaction, on what of a consultation's clock lies before its recording."""
    while _fire(_claim(now, BATCH, consultation=consultation.pk), now):
        pass
    consultation.refresh_from_db(fields=CLOCK_FIELDS)


def _claim(now: datetime, limit: int, **only: int) -> list[Timer]:
    """Lock due timers, each with its consultation first as acts do, skipping what is held elsewhere.

    Of one consultation only those of its earliest moment: after a long silence an act may arm the next one in the
    past, which has to come before later ones, so that a timeline reads in the order of its moments.
    """
    due = Timer.objects.due(now).filter(**only).select_related("consultation")
    timers = list(
        due.select_for_update(of=("consultation", "self"), skip_locked=True, no_key=True).only(
            "kind", "key", "fires_at", "consultation__id"
        )[:limit]
    )
    first = {timer.consultation_id: timer.fires_at for timer in reversed(timers)}
    timers = [timer for timer in timers if timer.fires_at == first[timer.consultation_id]]
    parts = Consultation.objects.with_parts().in_bulk(list(first))
    for timer in timers:
        timer.consultation = parts[timer.consultation_id]
    return timers


def _fire_one_by_one(now: datetime) -> int:
    handled = 0
    for pk in list(Timer.objects.due(now).values_list("pk", flat=True)[:BATCH]):
        try:
            with transaction.atomic():
                handled += _fire(_claim(now, 1, pk=pk), now)
        except Exception:
            logger.exception("Timer %s failed and is put off", pk)
            Timer.objects.unfired().filter(pk=pk).update(
                failures=Least(F("failures") + 1, MOST_FAILURES), sweep_at=now + PAUSE_AFTER_FAILURE
            )
    return handled


def _fire(timers: list[Timer], now: datetime) -> int:
    """Act on locked timers and mark them; the number of statements does not grow with theirs."""
    if not timers:
        return 0
    Timer.objects.filter(pk__in=[timer.pk for timer in timers]).update(fired_at=now)
    ledger = Ledger(now)
    ledger.take_in({timer.consultation_id: timer.consultation for timer in timers}.values())
    facts = Facts.about(timers, ledger)
    for timer in timers:
        consultation = timer.consultation
        act, handler = HANDLERS[TimerKind(timer.kind)]
        if allows(act, consultation.status, SYSTEM.kind):
            enter(act, consultation, SYSTEM)
            handler(Firing(timer, consultation, act, ledger, facts))
    _break_promises([timer for timer in timers if timer.kind == TimerKind.DEADLINE])
    ledger.write(CLOCK_FIELDS)
    return len(timers)


def _break_promises(deadlines: list[Timer]) -> None:
    missed = [timer.consultation_id for timer in deadlines]
    if missed:
        broken = Promise.objects.filter(
            consultation__in=missed, answered_at__isnull=True, late_at__isnull=True
        )
        broken.update(late_at=F("due_at"))


@dataclass(frozen=True, slots=True)
class Asked:
    """An open escalation: its key and the unit whose head is to answer."""

    pk: int
    unit_id: int
    unit: str

    def get_absolute_url(self) -> str:
        return reverse("escalation", args=[self.pk])


@dataclass(frozen=True, slots=True)
class Facts:
    """What the handlers need to know beyond the rows, read once for a whole batch."""

    progress_told: Mapping[int, list[datetime]]
    open_requests: Mapping[int, list[str]]
    asked: Mapping[int, Asked]
    unit_heads: Mapping[int, list[Appointment]]
    office_heads: Mapping[int, list[Appointment]]
    officers: Mapping[int, list[Appointment]]

    @classmethod
    def about(cls, timers: list[Timer], ledger: Ledger) -> Facts:
        offices = {timer.consultation.office_id for timer in timers}
        return cls(
            progress_told=_delivered_progress(timers),
            open_requests=_outstanding_documents(timers),
            asked=_asked(timers),
            unit_heads=heads_by_unit(offices, ledger.now),
            office_heads=holders_by_office(offices, Role.OFFICE_HEAD, ledger.now),
            officers=holders_by_office(offices, Role.CSO, ledger.now),
        )


def _delivered_progress(timers: list[Timer]) -> dict[int, list[datetime]]:
    """When officers' progress reached the stakeholders."""
    checked = {timer.consultation_id for timer in timers if timer.kind == TimerKind.PROGRESS_CHECK}
    told: dict[int, list[datetime]] = defaultdict(list)
    if checked:
        updates = ProgressUpdate.objects.filter(consultation__in=checked, is_automatic=False)
        delivered = updates.annotate(at=Coalesce("told_at", "message__sent_at")).filter(at__isnull=False)
        for pk, at in delivered.values_list("consultation_id", "at"):
            told[pk].append(at)
    return told


def _outstanding_documents(timers: list[Timer]) -> dict[int, list[str]]:
    """The missing documents by request."""
    requests = [int(timer.key) for timer in timers if timer.kind == TimerKind.DOCUMENT_REMINDER]
    missing: dict[int, list[str]] = defaultdict(list)
    if requests:
        for item in DocumentItem.objects.outstanding().filter(request__in=requests):
            missing[item.request_id].append(item.name)
    return missing


def _asked(timers: list[Timer]) -> dict[int, Asked]:
    """The open escalation by consultation; the escalations are of the floor above."""
    escalated = Consultation.objects.filter(
        pk__in={timer.consultation_id for timer in timers},
        escalations__isnull=False,
        escalations__ended_at__isnull=True,
    )
    found = escalated.values_list("pk", "escalations__pk", "escalations__unit_id", "escalations__unit__name")
    return {pk: Asked(asked, unit_id, unit) for pk, asked, unit_id, unit in found}


@dataclass(frozen=True, slots=True)
class Firing:
    """One timer acting on one consultation."""

    timer: Timer
    consultation: Consultation
    act: Act
    ledger: Ledger
    facts: Facts

    @property
    def calendar(self) -> WorkCalendar:
        return self.ledger.calendar(self.consultation)

    def record(self, text: str = "", *, act: Act | None = None, public: bool = False) -> Entry:
        return self.ledger.record(
            self.consultation, act or self.act, SYSTEM, text, public=public, at=self.timer.fires_at
        )

    @property
    def when_told(self) -> str:
        """The moment at which somebody is told, for a line that stands at an earlier one; else nothing."""
        if self.ledger.now - self.timer.fires_at < NOTED_LATER:
            return ""
        return f" pada {format_moment(self.ledger.now, self.calendar.zone)}"

    @property
    def unit_heads(self) -> list[Appointment]:
        """Who heads the unit that is asked, or that the category leads to; the office's heads where there is nobody."""
        asked = self.facts.asked.get(self.consultation.pk)
        unit_id = asked.unit_id if asked else self.consultation.category.unit_id
        return self.facts.unit_heads.get(unit_id) or self.office_heads

    @property
    def office_heads(self) -> list[Appointment]:
        return self.facts.office_heads.get(self.consultation.office_id, [])

    def tell_staff(
        self, entry: Entry, template: str, heads: Iterable[Appointment] = (), **context: Any
    ) -> None:
        """Write to the officer, or to all officers while nobody handles it, and to these heads."""
        officer = self.consultation.officer
        if serves(officer, self.consultation.office_id):
            people: list[Staff | None] = [officer]
        else:
            people = [each.staff for each in self.facts.officers.get(self.consultation.office_id, [])]
        self.ledger.tell_staff(entry, template, [*people, *(head.staff for head in heads)], **context)


def _remind_progress(firing: Firing) -> None:
    """Unless it was told since the last check; the officer is written to in the morning's digest."""
    consultation, day = firing.consultation, date.fromisoformat(firing.timer.key)
    if consultation.last_progress_on and consultation.last_progress_on > consultation.progress_settled_on:
        return
    firing.record(f"Progres {format_date(day)} belum disampaikan kepada stakeholder.")


def _check_progress(firing: Firing) -> None:
    """The day is over: progress delivered by then settles it; otherwise the miss is recorded and the system says so.

    What was delivered after the closing is of no account, whenever the sweep comes by. After a long silence each missed
    day is recorded, but the stakeholder is written to once, for the latest. Of days before the consultation was
    recorded the confirmation has told enough.
    """
    consultation, day = firing.consultation, date.fromisoformat(firing.timer.key)
    since, consultation.progress_settled_on = consultation.progress_settled_on, day
    zone, told = firing.calendar.zone, firing.facts.progress_told.get(consultation.pk, ())
    if any(since < at.astimezone(zone).date() and at <= firing.timer.fires_at for at in told):
        return
    period = _period(since, day, firing)
    firing.record(f"Tidak ada progres dari petugas yang tersampaikan {period}.")
    is_told_of_later = (
        closing(firing.calendar, next_progress_day(consultation, firing.calendar)) <= firing.ledger.now
    )
    if is_told_of_later or firing.timer.fires_at <= consultation.recorded_at:
        return
    entry = firing.record(
        f"Perkembangan per {format_date(day)}: pertanyaan Bapak/Ibu masih dalam penyelesaian. "
        "Kabar ini dibuat otomatis oleh sistem.",
        act=Act.POST_PROGRESS,
        public=True,
    )
    letter = firing.ledger.tell_stakeholder(entry, "progress_automatic", day=format_date(day), period=period)
    firing.ledger.count_progress(entry, letter)


def _period(since: date, day: date, firing: Firing) -> str:
    """The working days after one and up to the check of another: 'pada 25 November 2026 sampai pukul 17.00 WITA'."""
    first, checked = (
        next_working_day(firing.calendar, since),
        to_local(firing.timer.fires_at, firing.calendar.zone),
    )
    until = f"pukul {format_time(checked)} {checked.tzname()}"
    if first >= day:
        return f"pada {format_date(day)} sampai {until}"
    return f"dari {format_date(first)} sampai {format_date(day)} {until}"


def _warn_deadline(firing: Firing) -> None:
    due_at = firing.consultation.due_at
    due = f"Batas waktu jawaban: {format_moment(due_at, firing.calendar.zone)}."
    if firing.ledger.now < due_at:
        firing.tell_staff(firing.record(due), "deadline_warning", firing.unit_heads)
    else:
        firing.record(f"{due} Peringatan tidak dikirim karena batas waktu itu sudah terlewati.")


def _mark_late(firing: Firing) -> None:
    """Late for good, raised to the unit's head and the office's, and again every working day until resolved."""
    consultation = firing.consultation
    consultation.late_at = consultation.late_at or firing.timer.fires_at
    _raise(firing, "late", public=True)


def _remind_late(firing: Firing) -> None:
    if is_working_day(firing.calendar, firing.ledger.local_date(firing.consultation)):
        _raise(firing, "late_again", public=False)
    else:
        _remind_again(firing)


def _raise(firing: Firing, template: str, *, public: bool) -> None:
    heads = [*firing.unit_heads, *firing.office_heads]
    if heads:
        told = f"Keterlambatan dilaporkan kepada {_named(heads)}{firing.when_told}."
        entry = firing.record(told, public=public)
    else:
        nobody = "Belum ada pejabat yang ditugaskan untuk menerima pemberitahuan ini"
        entry = firing.record(f"{nobody}{firing.when_told}.")
    firing.tell_staff(entry, template, heads)
    _remind_again(firing)


def _remind_again(firing: Firing) -> None:
    day = next_working_day(firing.calendar, firing.ledger.local_date(firing.consultation))
    firing.ledger.standing_timers.append(
        timer_at(firing.consultation, TimerKind.LATE_REMINDER, day.isoformat(), opening(firing.calendar, day))
    )


def _named(heads: list[Appointment]) -> str:
    """'Kepala Seksi Bank dan Kepala KPPN'."""
    titles = list(dict.fromkeys(appointment.title for appointment in heads))
    return " dan ".join([", ".join(titles[:-1]), titles[-1]]) if len(titles) > 1 else titles[0]


def _remind_documents(firing: Firing) -> None:
    documents = firing.facts.open_requests.get(int(firing.timer.key))
    if not documents:
        return
    entry = firing.record("\n".join(f"- {name}" for name in documents), public=True)
    firing.ledger.tell_stakeholder(entry, "documents_reminder", documents=documents)


def _remind_head(firing: Firing) -> None:
    """The head's time to answer is over: the head is reminded, the officer told. Ended escalations have no timer left."""
    asked = firing.facts.asked.get(firing.consultation.pk)
    if asked is None or str(asked.pk) != firing.timer.key:
        return
    heads, moment = firing.unit_heads, format_moment(firing.timer.fires_at, firing.calendar.zone)
    reminded = f"Diingatkan: {_named(heads)}" if heads else "Belum ada pejabat yang dapat diingatkan"
    reminded += f"{firing.when_told}."
    entry = firing.record(f"Arahan dari {asked.unit} belum diterima sampai dengan {moment}. {reminded}")
    firing.tell_staff(entry, "head_answer_overdue", moment=moment, unit=asked.unit, reminded=reminded)
    people = [head.staff for head in heads]
    firing.ledger.tell_staff(entry, "head_answer_due", people, moment=moment, page=asked)


def _close(firing: Firing) -> None:
    firing.consultation.ended_at = firing.timer.fires_at
    entry = firing.record("Ditutup otomatis karena masa untuk membukanya kembali berakhir.", public=True)
    firing.ledger.tell_stakeholder(entry, "closed")


HANDLERS: dict[TimerKind, tuple[Act, Callable[[Firing], None]]] = {
    TimerKind.PROGRESS_REMINDER: (Act.REMIND_PROGRESS, _remind_progress),
    TimerKind.PROGRESS_CHECK: (Act.MISS_PROGRESS, _check_progress),
    TimerKind.DEADLINE_WARNING: (Act.WARN_DEADLINE, _warn_deadline),
    TimerKind.DEADLINE: (Act.MARK_LATE, _mark_late),
    TimerKind.LATE_REMINDER: (Act.REMIND_LATE, _remind_late),
    TimerKind.DOCUMENT_REMINDER: (Act.REMIND_DOCUMENTS, _remind_documents),
    TimerKind.HEAD_ANSWER: (Act.REMIND_HEAD, _remind_head),
    TimerKind.AUTO_CLOSE: (Act.CLOSE, _close),
}
