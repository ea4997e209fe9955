"""How a consultation ends, and begins again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Max

from consultations.enums import Act, DocumentStatus
from consultations.lifecycle.step import acting, change_contact, require_contact, require_text
from consultations.models import DocumentItem, Promise
from consultations.timers import auto_close_moment
from offices.calendar import due_moment
from offices.dates import format_moment
from offices.duties import heads_to_ask

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from consultations.actors import Actor
    from consultations.attachments import CheckedFile
    from consultations.lifecycle.opening import Contact
    from consultations.lifecycle.step import Step
    from consultations.models import Consultation, Entry
    from regulations.models import Regulation


def resolve(
    consultation: Consultation,
    answer: str,
    *,
    by: Actor,
    now: datetime,
    regulations: Iterable[Regulation] = (),
    files: Iterable[CheckedFile] = (),
    spoken: bool = False,
) -> Consultation:
    """Give the answer: the product of the standard, a response with status "Resolved".

    Documents still outstanding and an open escalation end with it; neither ever blocks an answer. An answer after
    the due moment leaves the promise marked late, whether or not the sweep has come by. With `spoken` the stakeholder
    has heard it already, and no call is owed.
    """
    with acting(consultation, Act.RESOLVE, by=by, now=now) as step:
        regulations, answer = list(regulations), require_text(answer)
        step.consultation.resolved_at = now
        _settle_promise(step)
        entry = _end_open_matters(step, answer)
        step.ledger.attach(entry, files)
        step.ledger.cite(entry, regulations)
        step.ledger.tell_stakeholder(
            entry, "resolved", regulations=regulations, reopen_until=reopen_until(step)
        )
        if spoken:
            step.consultation.to_call_since = None
    return step.consultation


def reopen_until(step: Step) -> str:
    """The last moment to reopen, in words: when the automatic close comes."""
    calendar = step.ledger.calendar(step.consultation)
    moment = auto_close_moment(step.now, step.consultation.standard, calendar)
    return format_moment(moment, calendar.zone)


def close(consultation: Consultation, *, by: Actor, now: datetime) -> Consultation:
    """The stakeholder confirms that the answer helped."""
    with acting(consultation, Act.CLOSE, by=by, now=now) as step:
        step.consultation.ended_at = now
        step.record("Stakeholder menyatakan pertanyaannya telah terjawab.")
    return step.consultation


def reopen(
    consultation: Consultation,
    reason: str,
    *,
    by: Actor,
    now: datetime,
    files: Iterable[CheckedFile] = (),
    contact: Contact | None = None,
    submission_id: UUID | None = None,
) -> Consultation:
    """Take a resolved consultation up again, with a new promise counted from today; the earlier one stays on record.

    What was answered on the spot may have no contact person; reopened it needs one, `contact`. Raises RuleError.
    """
    with acting(consultation, Act.REOPEN, by=by, now=now, submission_id=submission_id) as step:
        reopened, calendar = step.consultation, step.ledger.calendar(step.consultation)
        if contact is not None:
            change_contact(reopened, contact)
        require_contact(reopened)
        reopened.resolved_at = None
        reopened.promised_at = now
        reopened.due_at = due_moment(calendar, now, reopened.standard.answer_working_days)
        reopened.progress_settled_on = step.ledger.local_date(reopened)
        last = Promise.objects.filter(consultation=reopened).aggregate(last=Max("sequence"))["last"]
        Promise.objects.create(
            consultation=reopened, sequence=last + 1, anchor_at=now, due_at=reopened.due_at
        )
        entry = step.record(require_text(reason))
        step.ledger.attach(entry, files)
        step.ledger.tell_stakeholder(entry, "reopened")
        if reopened.officer != by.staff:
            step.ledger.tell_desk(entry, "reopened_for_officer")
    return step.consultation


def refer(
    consultation: Consultation, agency: str, channel: str, *, by: Actor, now: datetime, spoken: bool = False
) -> Consultation:
    """The matter is another agency's: say whose, and through which channel it is reached; `spoken` as in `resolve`."""
    with acting(consultation, Act.REFER, by=by, now=now) as step:
        agency, channel = require_text(agency), require_text(channel)
        step.consultation.ended_at = now
        _settle_promise(step)
        entry = _end_open_matters(
            step,
            f"Permasalahan ini merupakan kewenangan {agency}. Bapak/Ibu dapat menyampaikannya melalui {channel}.",
        )
        step.ledger.tell_stakeholder(entry, "referred", agency=agency, channel=channel)
        if spoken:
            step.consultation.to_call_since = None
    return step.consultation


def cancel(consultation: Consultation, reason: str, *, by: Actor, now: datetime) -> Consultation:
    """End what should not have been opened, a duplicate or a misuse; the reason stays on record."""
    with acting(consultation, Act.CANCEL, by=by, now=now) as step:
        step.consultation.ended_at = now
        _settle_promise(step)
        entry = _end_open_matters(step, require_text(reason))
        step.ledger.tell_stakeholder(entry, "cancelled")
    return step.consultation


def _end_open_matters(step: Step, text: str) -> Entry:
    """Nobody is asked for anything any more; whoever was, and the officer, learn by whom it ended.

    Escalations live on the floor above; they end with their consultation and are reached through it.
    """
    consultation = step.consultation
    DocumentItem.objects.filter(request__consultation=consultation).outstanding().update(
        status=DocumentStatus.WAIVED
    )
    units = consultation.escalations.end_open(text, by=step.by, now=step.now)
    entry = step.record(text)
    today = step.ledger.local_date(consultation)
    heads = [appointment.staff for unit in units for appointment in heads_to_ask(unit, today)]
    colleagues = [person for person in (*heads, consultation.officer) if person != step.by.staff]
    step.ledger.tell_staff(entry, "ended", colleagues)
    return entry


def _settle_promise(step: Step) -> None:
    """The promise ends with the consultation, kept or broken; the sweep need not have come by."""
    consultation = step.consultation
    promise = Promise.objects.filter(consultation=consultation, answered_at__isnull=True)
    if step.now > consultation.due_at:
        consultation.late_at = consultation.late_at or consultation.due_at
        promise.filter(late_at__isnull=True).update(late_at=F("due_at"))
    promise.update(answered_at=step.now)
