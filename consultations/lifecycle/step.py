"""The shape of every act: lock, check, change, write."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from consultations import news
from consultations.attachments import discarded_on_error
from consultations.enums import Act, Status
from consultations.errors import RuleError, SentBefore
from consultations.ledger import Ledger
from consultations.models import Consultation, DocumentItem, Entry
from consultations.reach import settle_channel
from consultations.transitions import enter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from consultations.actors import Actor
    from consultations.lifecycle.opening import Contact


NO_CONTACT = "Nomor telepon atau surel kontak person wajib diisi, agar jawaban dapat disampaikan."


@dataclass(frozen=True, slots=True)
class Step:
    """One act under way: the locked consultation and the ledger it writes into."""

    consultation: Consultation
    ledger: Ledger
    act: Act
    by: Actor
    submission_id: UUID | None = None

    @property
    def now(self) -> datetime:
        return self.ledger.now

    def record(self, text: str = "", *, public: bool = True) -> Entry:
        """The act's own timeline entry; call it after the consultation has its new state."""
        return self.ledger.record(
            self.consultation, self.act, self.by, text, public=public, submission_id=self.submission_id
        )


@contextmanager
def acting(
    consultation: Consultation, act: Act, *, by: Actor, now: datetime, submission_id: UUID | None = None
) -> Iterator[Step]:
    """Lock a consultation, let the act enter its state, and write what it leaves when the block ends.

    The lock makes the state that is checked the state that is changed. A `submission_id` names the sending of a form that
    is recorded once. Raises TransitionNotAllowed, and SentBefore.
    """
    ledger = Ledger(now)
    with discarded_on_error(ledger.attachments), transaction.atomic():
        (locked,) = Consultation.objects.filter(pk=consultation.pk).lock()
        if submission_id and Entry.objects.filter(consultation=locked, submission_id=submission_id).exists():
            raise SentBefore("Kiriman ini sudah kami terima.")
        enter(act, locked, by)
        ledger.take_in([locked])
        yield Step(locked, ledger, act, by, submission_id)
        news.follow(locked, act, by=by, now=now)
        ledger.write()


def outstanding_documents(consultation: Consultation) -> bool:
    return DocumentItem.objects.filter(request__consultation=consultation).outstanding().exists()


def after_stakeholder(consultation: Consultation) -> None:
    """The stakeholder has answered: the turn is the desk's again, or still the unit head's."""
    if consultation.status == Status.AWAITING_DOCUMENTS:
        escalated = consultation.escalations.open().exists()
        consultation.status = Status.ESCALATED if escalated else Status.IN_PROGRESS


def after_escalation(consultation: Consultation) -> None:
    """The unit head has spoken: the turn is the desk's again, or still the stakeholder's."""
    if consultation.status == Status.ESCALATED:
        awaiting = outstanding_documents(consultation)
        consultation.status = Status.AWAITING_DOCUMENTS if awaiting else Status.IN_PROGRESS


def require_contact(consultation: Consultation) -> None:
    """Whoever waits for an answer can be reached (step 7b of the standard); raises RuleError."""
    if not consultation.has_contact:
        raise RuleError("Catat dahulu nomor telepon atau surel kontak person stakeholder.")


def change_contact(consultation: Consultation, contact: Contact) -> None:
    """Put a contact person in the place of the one before; raises RuleError for one who cannot be reached."""
    if not contact.is_reachable:
        raise RuleError(NO_CONTACT)
    consultation.contact_name = contact.name
    consultation.contact_phone = contact.phone
    consultation.contact_email = contact.email
    consultation.contact_channel = settle_channel(
        consultation.office,
        phone=contact.phone,
        email=contact.email,
        wanted=contact.channel or consultation.contact_channel,
    )


def require_text(text: str) -> str:
    """The text without surrounding space; raises RuleError when nothing is left."""
    text = text.strip()
    if not text:
        raise RuleError("Isi tidak boleh kosong.")
    return text
