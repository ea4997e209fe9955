"""What may be done with an escalation; each act moves its consultation through the lifecycle's one door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consultations.enums import Act, ActorKind, Status, TimerKind
from consultations.errors import RuleError
from consultations.lifecycle import acting, after_escalation
from consultations.lifecycle.step import require_text
from consultations.timers import disarm, head_answer_moment, timer_at
from consultations.transitions import allows
from escalations.enums import EscalationStatus
from escalations.models import Escalation
from offices.dates import format_moment
from offices.duties import heads_to_ask

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.actors import Actor
    from consultations.lifecycle import Step
    from consultations.models import Consultation
    from offices.models import Appointment, Unit


def refusal_to_escalate(consultation: Consultation) -> str:
    """Why an officer cannot escalate the consultation now, in a sentence; empty when they can."""
    if not allows(Act.ESCALATE, consultation.status, ActorKind.OFFICER):
        label = Status(consultation.status).label
        return f"Konsultasi {consultation.number} berstatus {label}, sehingga tidak dapat dieskalasi."
    if not consultation.has_contact:
        return "Catat dahulu nomor telepon atau surel kontak person stakeholder."
    if consultation.escalations.open().exists():
        return "Masih ada eskalasi yang menunggu jawaban. Tarik dahulu sebelum mengirim yang baru."
    return ""


def escalate(consultation: Consultation, unit: Unit, reason: str, *, by: Actor, now: datetime) -> Escalation:
    """Ask a unit's head for confirmation (steps 7a and 13a). The public deadline goes on running.

    While nobody is appointed to the unit, the head of the office is asked instead.
    Raises RuleError when an earlier one still waits, nobody can be reached for the follow-up, or no reason is given.
    """
    with acting(consultation, Act.ESCALATE, by=by, now=now) as step:
        if refusal := refusal_to_escalate(step.consultation):
            raise RuleError(refusal)
        heads = _heads(step, unit)
        escalation = _ask(step, unit, heads, require_text(reason))
        to = heads[0].title if heads else unit.name
        told = step.ledger.record(
            step.consultation,
            Act.ESCALATE,
            by,
            f"Pertanyaan Bapak/Ibu sedang kami konfirmasikan kepada {to}.",
        )
        step.ledger.tell_stakeholder(told, "escalated", head=to)
    return escalation


def accept(escalation: Escalation, *, by: Actor, now: datetime) -> Escalation:
    """The head has seen it and is working on it."""
    with acting(escalation.consultation, Act.ACCEPT_ESCALATION, by=by, now=now) as step:
        current = _locked(escalation)
        if current.status == EscalationStatus.ACCEPTED:
            raise RuleError("Eskalasi ini sudah diterima.")
        current.status, current.accepted_at = EscalationStatus.ACCEPTED, now
        current.save(update_fields=["status", "accepted_at"])
        step.record(public=False)
    return current


def answer(escalation: Escalation, text: str, *, by: Actor, now: datetime) -> Escalation:
    """The head's direction, which the officer works into the answer to the stakeholder."""
    return _speak(escalation, Act.ANSWER_ESCALATION, EscalationStatus.ANSWERED, text, by=by, now=now)


def give_back(escalation: Escalation, reason: str, *, by: Actor, now: datetime) -> Escalation:
    """Return it to the officer with a reason."""
    return _speak(escalation, Act.RETURN_ESCALATION, EscalationStatus.RETURNED, reason, by=by, now=now)


def forward(escalation: Escalation, unit: Unit, reason: str, *, by: Actor, now: datetime) -> Escalation:
    """Hand the question to another unit of the office, and say why; returns the new escalation. Raises RuleError."""
    with acting(escalation.consultation, Act.FORWARD_ESCALATION, by=by, now=now) as step:
        current = _locked(escalation)
        if unit.pk == current.unit_id:
            raise RuleError("Pilih unit lain sebagai tujuan.")
        _end(current, EscalationStatus.FORWARDED, reason, step)
        return _ask(step, unit, _heads(step, unit), current.reason, forwarded_from=current)


def withdraw(escalation: Escalation, *, by: Actor, now: datetime) -> Escalation:
    """The officer no longer needs it."""
    with acting(escalation.consultation, Act.WITHDRAW_ESCALATION, by=by, now=now) as step:
        current = _locked(escalation)
        current.status, current.ended_at = EscalationStatus.WITHDRAWN, now
        current.save(update_fields=["status", "ended_at"])
        disarm(step.consultation, TimerKind.HEAD_ANSWER, str(current.pk))
        after_escalation(step.consultation)
        entry = step.record(f"Eskalasi kepada {current.unit.head_title} ditarik.", public=False)
        people = [head.staff for head in _heads(step, current.unit)]
        step.ledger.tell_staff(entry, "escalation_withdrawn", people, page=current)
    return current


def _heads(step: Step, unit: Unit) -> list[Appointment]:
    return heads_to_ask(unit, step.ledger.local_date(step.consultation))


def _is_passed_up(heads: list[Appointment]) -> bool:
    """Whether the office's heads are asked because the unit has none."""
    return bool(heads) and heads[0].unit_id is None


def _ask(
    step: Step,
    unit: Unit,
    heads: list[Appointment],
    reason: str,
    *,
    forwarded_from: Escalation | None = None,
) -> Escalation:
    consultation, calendar = step.consultation, step.ledger.calendar(step.consultation)
    if unit.office_id != consultation.office_id:
        raise RuleError("Unit ini bukan bagian dari kantor yang sama.")
    if step.by.staff is None:
        raise RuleError("Eskalasi hanya dapat dilakukan petugas.")
    escalation = Escalation.objects.create(
        consultation=consultation,
        unit=unit,
        reason=reason,
        asked_by=step.by.staff,
        asked_at=step.now,
        forwarded_from=forwarded_from,
    )
    to = ", ".join(appointment.title for appointment in heads) or f"{unit.head_title} (belum ada penugasan)"
    why = forwarded_from.answer if forwarded_from else reason
    passed_up = f"{unit.head_title} belum ditetapkan; diteruskan kepada {to}: {why}"
    entry = step.record(passed_up if _is_passed_up(heads) else f"Kepada {to}: {why}", public=False)
    moment = head_answer_moment(consultation, calendar, step.now)
    if moment > step.now:
        step.ledger.standing_timers.append(
            timer_at(consultation, TimerKind.HEAD_ANSWER, str(escalation.pk), moment)
        )
    step.ledger.tell_staff(
        entry,
        "escalation_asked",
        [appointment.staff for appointment in heads],
        to=to,
        escalation=escalation,
        page=escalation,
        answer_by=format_moment(moment, calendar.zone) if moment > step.now else "",
    )
    return escalation


def _speak(
    escalation: Escalation, act: Act, status: EscalationStatus, text: str, *, by: Actor, now: datetime
) -> Escalation:
    with acting(escalation.consultation, act, by=by, now=now) as step:
        current = _locked(escalation)
        _end(current, status, text, step)
        after_escalation(step.consultation)
        entry = step.record(current.answer, public=False)
        step.ledger.tell_staff(
            entry, "escalation_answered", [step.consultation.officer, current.asked_by], escalation=current
        )
    return current


def _end(current: Escalation, status: EscalationStatus, text: str, step: Step) -> None:
    current.status, current.ended_at = status, step.now
    current.answered_by, current.answered_as = step.by.staff, step.by.title
    current.answer = require_text(text)
    current.save(update_fields=["status", "ended_at", "answered_by", "answered_as", "answer"])
    disarm(step.consultation, TimerKind.HEAD_ANSWER, str(current.pk))


def _locked(escalation: Escalation) -> Escalation:
    """The escalation as it stands now, held until the act ends; raises RuleError when it has ended already."""
    current = (
        Escalation.objects.select_for_update(of=("self",))
        .select_related("unit", "asked_by")
        .get(pk=escalation.pk)
    )
    if not current.is_open:
        raise RuleError(f"Eskalasi ini sudah berakhir: {current.get_status_display()}.")
    return current
