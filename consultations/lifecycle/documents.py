"""Supporting documents, item by item (steps 5 and 11 of the standard)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from consultations.actors import STAKEHOLDER, SYSTEM
from consultations.enums import (
    Act,
    ActorKind,
    DocumentStatus,
    FileState,
    ProgressChannel,
    Status,
    TimerKind,
)
from consultations.errors import RuleError
from consultations.lifecycle.step import (
    acting,
    after_stakeholder,
    outstanding_documents,
    require_contact,
)
from consultations.models import DocumentItem, DocumentRequest
from consultations.timers import timer_at
from offices.calendar import nth_working_day_after, opening

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from consultations.actors import Actor
    from consultations.attachments import CheckedFile
    from consultations.lifecycle.step import Step
    from consultations.models import Attachment, Consultation

REMINDER_WORKING_DAYS = 2
NAME_LENGTH = 160
INFECTED = (
    "Berkas “{}” memuat program berbahaya sehingga kami tahan. Mohon periksa perangkat Bapak/Ibu dengan antivirus, "
    "lalu kirim kembali dokumennya."
)


class Verdict(Enum):
    """What an officer finds of a document."""

    ACCEPT = DocumentStatus.ACCEPTED
    REJECT = DocumentStatus.REJECTED
    WAIVE = DocumentStatus.WAIVED


def request_documents(
    consultation: Consultation,
    names: Iterable[str],
    *,
    by: Actor,
    now: datetime,
    note: str = "",
    spoken: bool = False,
) -> DocumentRequest:
    """Ask the stakeholder for documents; it also tells them how things stand, so it counts as progress.

    A reminder goes out when one is still missing after two working days. The answer's deadline goes on running.
    With `spoken` the stakeholder was told face to face, and no call is owed. Raises RuleError.
    """
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not wanted:
        raise RuleError("Sebutkan paling sedikit satu dokumen.")
    if by.staff is None:
        raise RuleError("Dokumen hanya dapat diminta oleh petugas.")
    if any(len(name) > NAME_LENGTH for name in wanted):
        raise RuleError(f"Nama dokumen paling panjang {NAME_LENGTH} karakter.")
    note = note.strip()
    with acting(consultation, Act.REQUEST_DOCUMENTS, by=by, now=now) as step:
        require_contact(step.consultation)
        request = DocumentRequest.objects.create(
            consultation=step.consultation, requested_at=now, requested_by=by.staff, note=note
        )
        DocumentItem.objects.bulk_create(DocumentItem(request=request, name=name) for name in wanted)
        entry = step.record("\n".join([*(f"- {name}" for name in wanted), note]).strip())
        letter = step.ledger.tell_stakeholder(entry, "documents_requested", documents=wanted, note=note)
        step.ledger.count_progress(entry, letter, ProgressChannel.IN_PERSON if spoken else None)
        if spoken:
            step.consultation.to_call_since = None
        calendar = step.ledger.calendar(step.consultation)
        remind_on = nth_working_day_after(
            calendar, step.ledger.local_date(step.consultation), REMINDER_WORKING_DAYS
        )
        step.ledger.standing_timers.append(
            timer_at(
                step.consultation,
                TimerKind.DOCUMENT_REMINDER,
                str(request.pk),
                opening(calendar, remind_on),
            )
        )
    return request


def receive_documents(
    consultation: Consultation,
    files: Mapping[DocumentItem, Sequence[CheckedFile]],
    *,
    now: datetime,
    by: Actor = STAKEHOLDER,
    submission_id: UUID | None = None,
) -> Consultation:
    """Store what came for the items of a request; a new file for an item not yet accepted replaces the earlier.

    Raises RuleError when nothing came, or for an item of another consultation or one already settled.
    """
    files = {item: uploads for item, uploads in files.items() if uploads}
    if not files:
        raise RuleError("Pilih paling sedikit satu berkas.")
    with acting(consultation, Act.RECEIVE_DOCUMENTS, by=by, now=now, submission_id=submission_id) as step:
        items = {
            item.pk: item
            for item in DocumentItem.objects.filter(
                request__consultation=step.consultation, pk__in=[i.pk for i in files]
            )
        }
        if len(items) != len(files):
            raise RuleError("Dokumen ini tidak diminta dalam konsultasi tersebut.")
        for item in items.values():
            if item.status in (DocumentStatus.ACCEPTED, DocumentStatus.WAIVED):
                raise RuleError(f"Dokumen “{item.name}” sudah tidak diperlukan.")
            item.status = DocumentStatus.RECEIVED
            item.reason = ""
        DocumentItem.objects.bulk_update(items.values(), ["status", "reason"])
        after_stakeholder(step.consultation)
        entry = step.record("\n".join(f"- {item.name}" for item in items.values()))
        for item, uploads in files.items():
            step.ledger.attach(entry, uploads, items[item.pk])
        if by.kind == ActorKind.STAKEHOLDER:
            step.ledger.tell_desk(entry, "documents_received")
    return step.consultation


def review_document(
    item: DocumentItem,
    verdict: Verdict,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    newest_seen: int | None = None,
) -> Consultation:
    """Accept, reject with a reason, or waive one document; a rejected one is asked for again.

    `newest_seen` is the key of the last file that was looked at. Raises RuleError without a reason for a rejection, for
    an item already settled, while nobody can open its files, or when another file came since.
    """
    reason = reason.strip()
    if verdict is Verdict.REJECT and not reason:
        raise RuleError("Alasan wajib diisi apabila dokumen belum sesuai.")
    with acting(item.request.consultation, Act.REVIEW_DOCUMENT, by=by, now=now) as step:
        item = DocumentItem.objects.select_for_update().get(pk=item.pk)
        settled = item.status in (DocumentStatus.ACCEPTED, DocumentStatus.WAIVED)
        if settled or (verdict is not Verdict.WAIVE and item.status != DocumentStatus.RECEIVED):
            raise RuleError(f"Dokumen “{item.name}” belum diterima atau sudah diperiksa.")
        if verdict is not Verdict.WAIVE and item.attachments.quarantined().exists():
            raise RuleError(f"Berkas dokumen “{item.name}” masih diperiksa dari program berbahaya.")
        if newest_seen is not None and item.attachments.filter(pk__gt=newest_seen).exists():
            raise RuleError(f"Dokumen “{item.name}” baru saja dilengkapi. Silakan periksa berkas terbarunya.")
        _mark(item, DocumentStatus(verdict.value), reason, step)
        entry = step.record(f"{item.name}: {DocumentStatus(item.status).label}. {reason}".strip())
        if verdict is Verdict.REJECT:
            letter = step.ledger.tell_stakeholder(entry, "document_rejected", item=item)
            step.ledger.count_progress(entry, letter)
    return step.consultation


def withhold_file(attachment: Attachment, finding: str, *, now: datetime) -> Consultation:
    """Never hand out a file in which the scanner found malware, by its name for it; the desk is told.

    A document for which nothing came since is asked for again, with the reason.
    """
    with acting(attachment.consultation, Act.WITHHOLD_FILE, by=SYSTEM, now=now) as step:
        attachment.state, attachment.finding, attachment.scan_at = FileState.INFECTED, finding, None
        attachment.save(update_fields=["state", "finding", "scan_at"])
        item = _document_awaiting_review(attachment) if step.consultation.is_open else None
        if item:
            _mark(item, DocumentStatus.REJECTED, INFECTED.format(attachment.name), step)
        entry = step.record(
            f"“{attachment.name}” memuat program berbahaya. Berkas ini ditahan dan tidak dapat diunduh siapa pun.",
            public=attachment.entry.is_public,
        )
        letter = step.ledger.tell_stakeholder(entry, "document_rejected", item=item) if item else None
        step.ledger.tell_desk(
            entry, "file_withheld", file=attachment, item=item, is_asked_again=letter is not None
        )
    return step.consultation


def _mark(item: DocumentItem, status: DocumentStatus, reason: str, step: Step) -> None:
    """Settle a document, or have it sent again, and with it whose turn it is."""
    item.status, item.reason = status, reason
    item.save(update_fields=["status", "reason"])
    if status == DocumentStatus.REJECTED and step.consultation.status == Status.IN_PROGRESS:
        step.consultation.status = Status.AWAITING_DOCUMENTS
    elif not outstanding_documents(step.consultation):
        after_stakeholder(step.consultation)


def _document_awaiting_review(attachment: Attachment) -> DocumentItem | None:
    """The document a file was the latest to come for, unless it has been settled or asked for again meanwhile."""
    received = DocumentItem.objects.filter(attachments=attachment, status=DocumentStatus.RECEIVED)
    return received.exclude(attachments__entry__gt=attachment.entry_id).first()
