"""The shape of every act: lock, check, change, write."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from consultations import news
from consultations.attachments import discarded_on_error
from consultations.enums import Act, ActorKind, Status
from consultations.errors import RuleError, SentBefore
from consultations.ledger import Ledger
from consultations.models import Consultation, DocumentItem, Entry
from consultations.reach import settle_channel
from consultations.tokens import renew_key
from consultations.transitions import enter
from consultations.writing_end import require_writing
from stakeholders.identity import parse_name

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
    is recorded once. Raises TransitionNotAllowed, SentBefore, and RuleError for a stakeholder's link that writes no more.
    """
    ledger = Ledger(now)
    with discarded_on_error(ledger.attachments), transaction.atomic():
        (locked,) = Consultation.objects.filter(pk=consultation.pk).lock()
        if submission_id and Entry.objects.filter(consultation=locked, submission_id=submission_id).exists():
            raise SentBefore("Kiriman ini sudah kami terima.")
        if by.kind == ActorKind.STAKEHOLDER:
            _require_link(consultation, locked, act, now)
        enter(act, locked, by)
        ledger.take_in([locked])
        yield Step(locked, ledger, act, by, submission_id)
        news.follow(locked, act, by=by, now=now)
        ledger.write()


def _require_link(opened: Consultation, locked: Consultation, act: Act, now: datetime) -> None:
    """What the stakeholder's link opened is written to with the link that holds, while it lets write; reporting it always."""
    if opened.token_hash != locked.token_hash:
        raise RuleError("Tautan ini baru saja diganti. Tautan yang baru telah dikirim ke kontak person.")
    if act is not Act.RENEW_LINK:
        require_writing(locked, now)


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


def change_contact(consultation: Consultation, contact: Contact) -> bool:
    """Put a contact person in the place of the one before; raises RuleError for one who cannot be reached.

    An address that is replaced or given up may be somebody else's: the link that was sent there holds no longer. Returns
    whether it was exchanged.
    """
    if not contact.is_reachable:
        raise RuleError(NO_CONTACT)
    if contact.name != consultation.contact_name:
        require_name(contact.name)
    before = consultation.contact_phone, consultation.contact_email.lower()
    after = contact.phone, contact.email.lower()
    if is_exchanged := any(old and old != new for old, new in zip(before, after, strict=True)):
        renew_key(consultation)
    consultation.contact_name = contact.name
    consultation.contact_phone = contact.phone
    consultation.contact_email = contact.email
    consultation.contact_channel = settle_channel(
        consultation.office,
        phone=contact.phone,
        email=contact.email,
        wanted=contact.channel or consultation.contact_channel,
    )
    return is_exchanged


def require_name(name: str) -> None:
    """Raises RuleError for a name that holds an address."""
    try:
        parse_name(name)
    except ValidationError as error:
        raise RuleError(error.message) from error


def require_text(text: str) -> str:
    """The text without surrounding space; raises RuleError when nothing is left."""
    text = text.strip()
    if not text:
        raise RuleError("Isi tidak boleh kosong.")
    return text
