"""The clock's hand: takes due timers and acts on each exactly once.

Any number of sweeps may run at once, and any may be killed: a timer's act and its mark commit together, rows that
another sweep or an act holds are skipped and found again by the next sweep. Nothing here waits for a lock.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from consultations.actors import SYSTEM
from consultations.enums import Act, Status, TimerKind
from consultations.ledger import CLOCK_FIELDS, Ledger
from consultations.models import Consultation, DocumentItem, ProgressUpdate, Promise, Timer
from consultations.timers import timer_at
from consultations.transitions import allows, enter
from offices.calendar import next_working_day, opening
from offices.dates import format_date, format_moment
from offices.duties import heads_by_unit, holders_by_office
from offices.enums import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from consultations.models import Entry
    from offices.models import Appointment, Staff

logger = logging.getLogger(__name__)

BATCH = 200
PAUSE_AFTER_FAILURE = timedelta(minutes=10)


def sweep(now: datetime) -> int:
    """Act on every timer due at a moment, oldest first, in bounded transactions; returns how many acted.

    It goes on until nothing is due, since an act after a long silence may arm the next one in the past.
    A timer whose act fails is put off by ten minutes and logged; it holds up no other.
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


def _claim(now: datetime, limit: int, **only: int) -> list[Timer]:
    """Lock due timers together with their consultations, skipping what is held elsewhere."""
    due = Timer.objects.due(now).filter(**only)
    return list(
        due.select_for_update(of=("self", "consultation"), skip_locked=True).select_related(
            "consultation__office",
            "consultation__category__unit",
            "consultation__standard",
            "consultation__stakeholder",
            "consultation__officer",
        )[:limit]
    )


def _fire_one_by_one(now: datetime) -> int:
    handled = 0
    for pk in list(Timer.objects.due(now).values_list("pk", flat=True)[:BATCH]):
        try:
            with transaction.atomic():
                handled += _fire(_claim(now, 1, pk=pk), now)
        except Exception:
            logger.exception("Timer %s failed and is put off", pk)
            Timer.objects.unfired().filter(pk=pk).update(
                failures=F("failures") + 1, sweep_at=now + PAUSE_AFTER_FAILURE
            )
    return handled


def _fire(timers: list[Timer], now: datetime) -> int:
    """Act on locked timers and mark them; the number of statements does not grow with theirs."""
    if not timers:
        return 0
    Timer.objects.filter(pk__in=[timer.pk for timer in timers]).update(fired_at=now)
    consultations = {timer.consultation_id: timer.consultation for timer in timers}
    ledger = Ledger(now)
    ledger.take_in(consultations.values())
    facts = Facts.about(timers, now)
    for timer in timers:
        consultation = consultations[timer.consultation_id]
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
class Facts:
    """What the handlers need to know beyond the rows, read once for a whole batch."""

    progress_days: frozenset[tuple[int, date]]
    open_requests: Mapping[int, list[str]]
    unit_heads: Mapping[int, list[Appointment]]
    office_heads: Mapping[int, list[Appointment]]

    @classmethod
    def about(cls, timers: list[Timer], now: datetime) -> Facts:
        offices = {timer.consultation.office_id for timer in timers}
        return cls(
            progress_days=_delivered_progress(timers),
            open_requests=_outstanding_documents(timers),
            unit_heads=heads_by_unit(offices, now),
            office_heads=holders_by_office(offices, Role.OFFICE_HEAD, now),
        )


def _delivered_progress(timers: list[Timer]) -> frozenset[tuple[int, date]]:
    """On which local days officers' progress reached the stakeholders."""
    checks = [timer.consultation_id for timer in timers if timer.kind == TimerKind.PROGRESS_CHECK]
    delivered = ProgressUpdate.objects.filter(
        Q(told_at__isnull=False) | Q(message__sent_at__isnull=False),
        consultation__in=checks,
        is_automatic=False,
    )
    return frozenset(delivered.values_list("consultation_id", "on") if checks else ())


def _outstanding_documents(timers: list[Timer]) -> dict[int, list[str]]:
    """The missing documents by request."""
    requests = [int(timer.key) for timer in timers if timer.kind == TimerKind.DOCUMENT_REMINDER]
    missing: dict[int, list[str]] = defaultdict(list)
    if requests:
        for item in DocumentItem.objects.outstanding().filter(request__in=requests):
            missing[item.request_id].append(item.name)
    return missing


@dataclass(frozen=True, slots=True)
class Firing:
    """One timer acting on one consultation."""

    timer: Timer
    consultation: Consultation
    act: Act
    ledger: Ledger
    facts: Facts

    def record(self, text: str = "", *, act: Act | None = None, public: bool = False) -> Entry:
        return self.ledger.record(
            self.consultation, act or self.act, SYSTEM, text, public=public, at=self.timer.fires_at
        )

    @property
    def heads(self) -> list[Appointment]:
        """Whom a delay is raised to: the unit's head and the office's, or who stands in."""
        unit_heads = self.facts.unit_heads.get(self.consultation.category.unit_id, [])
        return [*unit_heads, *self.facts.office_heads.get(self.consultation.office_id, [])]

    def tell_staff(
        self, entry: Entry, template: str, *, unit_heads: bool = False, heads: bool = False
    ) -> None:
        people: list[Staff | None] = [self.consultation.officer]
        if unit_heads:
            found = self.facts.unit_heads.get(self.consultation.category.unit_id, [])
            people += [appointment.staff for appointment in found]
        if heads:
            people += [appointment.staff for appointment in self.heads]
        self.ledger.tell_staff(entry, template, people)


def _remind_progress(firing: Firing) -> None:
    entry = firing.record("Progres hari ini belum disampaikan kepada stakeholder.")
    firing.tell_staff(entry, "progress_due")


def _check_progress(firing: Firing) -> None:
    """The day is over: delivered progress settles it; otherwise the miss is recorded and the system tells the truth."""
    consultation = firing.consultation
    day = date.fromisoformat(firing.timer.key)
    since = consultation.progress_settled_on
    consultation.progress_settled_on = day
    delivered = firing.facts.progress_days
    if any(
        (consultation.pk, since + timedelta(days=n)) in delivered for n in range(1, (day - since).days + 1)
    ):
        return
    firing.record(f"Tidak ada progres yang tersampaikan sampai dengan {format_date(day)}.")
    entry = firing.record(
        f"Perkembangan per {format_date(day)}: pertanyaan Bapak/Ibu masih dalam penyelesaian "
        f"({Status(consultation.status).label}). Pesan ini dikirim otomatis oleh sistem.",
        act=Act.POST_PROGRESS,
        public=True,
    )
    letter = firing.ledger.tell_stakeholder(
        entry, "progress_automatic", day=format_date(day), late=consultation.due_at <= firing.timer.fires_at
    )
    firing.ledger.count_progress(entry, letter)


def _warn_deadline(firing: Firing) -> None:
    due = format_moment(firing.consultation.due_at, firing.ledger.calendar(firing.consultation).zone)
    entry = firing.record(f"Batas waktu jawaban: {due}.")
    firing.tell_staff(entry, "deadline_warning", unit_heads=True)


def _mark_late(firing: Firing) -> None:
    """Late for good, raised to the unit's head and the office's, and again every working day until resolved."""
    consultation = firing.consultation
    consultation.late_at = consultation.late_at or firing.timer.fires_at
    entry = firing.record(f"Diteruskan kepada {_named(firing.heads)}.", public=True)
    firing.tell_staff(entry, "late", heads=True)
    _remind_again(firing)


def _remind_late(firing: Firing) -> None:
    entry = firing.record(f"Disampaikan kembali kepada {_named(firing.heads)}.")
    firing.tell_staff(entry, "late_again", heads=True)
    _remind_again(firing)


def _remind_again(firing: Firing) -> None:
    calendar = firing.ledger.calendar(firing.consultation)
    day = next_working_day(calendar, firing.ledger.local_date(firing.consultation))
    firing.ledger.standing_timers.append(
        timer_at(firing.consultation, TimerKind.LATE_REMINDER, day.isoformat(), opening(calendar, day))
    )


def _named(heads: list[Appointment]) -> str:
    """'Kepala Seksi Bank dan Kepala KPPN'."""
    titles = list(dict.fromkeys(appointment.title for appointment in heads))
    if not titles:
        return "pejabat yang berwenang (belum ada penugasan yang berlaku)"
    return " dan ".join([", ".join(titles[:-1]), titles[-1]]) if len(titles) > 1 else titles[0]


def _remind_documents(firing: Firing) -> None:
    documents = firing.facts.open_requests.get(int(firing.timer.key))
    if not documents:
        return
    entry = firing.record("\n".join(f"- {name}" for name in documents), public=True)
    firing.ledger.tell_stakeholder(entry, "documents_reminder", documents=documents)


def _close(firing: Firing) -> None:
    firing.consultation.ended_at = firing.timer.fires_at
    days = firing.consultation.standard.close_after_working_days
    entry = firing.record(f"Ditutup otomatis {days} hari kerja setelah dijawab.", public=True)
    firing.ledger.tell_stakeholder(entry, "closed")


HANDLERS: dict[TimerKind, tuple[Act, Callable[[Firing], None]]] = {
    TimerKind.PROGRESS_REMINDER: (Act.REMIND_PROGRESS, _remind_progress),
    TimerKind.PROGRESS_CHECK: (Act.MISS_PROGRESS, _check_progress),
    TimerKind.DEADLINE_WARNING: (Act.WARN_DEADLINE, _warn_deadline),
    TimerKind.DEADLINE: (Act.MARK_LATE, _mark_late),
    TimerKind.LATE_REMINDER: (Act.REMIND_LATE, _remind_late),
    TimerKind.DOCUMENT_REMINDER: (Act.REMIND_DOCUMENTS, _remind_documents),
    TimerKind.AUTO_CLOSE: (Act.CLOSE, _close),
}
