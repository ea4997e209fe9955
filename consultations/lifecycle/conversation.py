"""What is said and done while a consultation is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consultations.actors import STAKEHOLDER
from consultations.enums import Act, ProgressChannel
from consultations.errors import RuleError
from consultations.lifecycle.step import acting, after_stakeholder, change_contact, require_text
from consultations.reach import sending_channels

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from consultations.actors import Actor
    from consultations.attachments import CheckedFile
    from consultations.lifecycle.opening import Contact
    from consultations.models import Consultation
    from offices.models import Category
    from regulations.models import Regulation


def take(consultation: Consultation, *, by: Actor, now: datetime) -> Consultation:
    """An officer makes a new consultation theirs; of two who try, the second is refused."""
    with acting(consultation, Act.TAKE, by=by, now=now) as step:
        step.consultation.officer = by.staff
        step.record()
    return step.consultation


def take_over(consultation: Consultation, *, by: Actor, now: datetime) -> Consultation:
    """An officer continues what a colleague began; the colleague is told."""
    with acting(consultation, Act.TAKE_OVER, by=by, now=now) as step:
        colleague = step.consultation.officer
        if colleague == by.staff:
            raise RuleError("Konsultasi ini sudah Bapak/Ibu tangani.")
        step.consultation.officer = by.staff
        entry = step.record(f"Sebelumnya ditangani {colleague}.", public=False)
        step.ledger.tell_staff(entry, "taken_over", [colleague])
    return step.consultation


def reply(
    consultation: Consultation,
    text: str,
    *,
    by: Actor,
    now: datetime,
    files: Iterable[CheckedFile] = (),
    regulations: Iterable[Regulation] = (),
) -> Consultation:
    """Write to the stakeholder without resolving; it also tells them how things stand, so it counts as progress."""
    with acting(consultation, Act.REPLY, by=by, now=now) as step:
        entry = step.record(require_text(text))
        regulations = list(regulations)
        step.ledger.attach(entry, files)
        step.ledger.cite(entry, regulations)
        letter = step.ledger.tell_stakeholder(entry, "replied", regulations=regulations)
        step.ledger.count_progress(entry, letter)
    return step.consultation


def note(
    consultation: Consultation, text: str, *, by: Actor, now: datetime, files: Iterable[CheckedFile] = ()
) -> Consultation:
    """An internal note; the stakeholder never sees it or its files."""
    with acting(consultation, Act.NOTE, by=by, now=now) as step:
        entry = step.record(require_text(text), public=False)
        step.ledger.attach(entry, files)
    return step.consultation


def message(
    consultation: Consultation,
    text: str,
    *,
    now: datetime,
    files: Iterable[CheckedFile] = (),
    submission_id: UUID | None = None,
) -> Consultation:
    """The stakeholder writes; what waited for their documents is the desk's turn again."""
    with acting(consultation, Act.MESSAGE, by=STAKEHOLDER, now=now, submission_id=submission_id) as step:
        after_stakeholder(step.consultation)
        entry = step.record(require_text(text))
        step.ledger.attach(entry, files)
        step.ledger.tell_desk(entry, "stakeholder_wrote")
    return step.consultation


def post_progress(
    consultation: Consultation,
    text: str,
    *,
    by: Actor,
    now: datetime,
    told_through: ProgressChannel | None = None,
    only_if_owed: bool = False,
) -> Consultation:
    """Tell the stakeholder how the answer is coming along, a duty of the standard (steps 7b and 13b).

    Without `told_through` it is sent through the channel chosen; with it the officer records having told it that way.
    Raises RuleError when there is nothing to send it to; with `only_if_owed` also when nothing is owed any more today,
    so that of two officers who send what is owed, the stakeholder hears one.
    """
    with acting(consultation, Act.POST_PROGRESS, by=by, now=now) as step:
        found = step.consultation
        if only_if_owed and not found.owes_progress(step.ledger.local_date(found)):
            raise RuleError("Progres hari ini sudah disampaikan.")
        if told_through is None and found.contact_channel not in sending_channels(found.office):
            raise RuleError(
                "Kontak person tidak dapat dikirimi pesan. Sampaikan progres secara lisan, lalu pilih cara penyampaiannya."
            )
        entry = step.record(require_text(text))
        letter = None if told_through else step.ledger.tell_stakeholder(entry, "progress")
        step.ledger.count_progress(entry, letter, told_through)
        found.to_call_since = None
    return step.consultation


def record_call(consultation: Consultation, text: str = "", *, by: Actor, now: datetime) -> Consultation:
    """Record that the stakeholder was told by telephone; while the question is open it counts as progress."""
    with acting(consultation, Act.RECORD_CALL, by=by, now=now) as step:
        entry = step.record(text.strip() or "Kabar telah disampaikan lewat telepon.")
        if step.consultation.is_open:
            step.ledger.count_progress(entry, None, ProgressChannel.PHONE)
        step.consultation.to_call_since = None
    return step.consultation


def categorise(consultation: Consultation, category: Category, *, by: Actor, now: datetime) -> Consultation:
    """Correct the category, and with it the unit a question is escalated to."""
    with acting(consultation, Act.CATEGORISE, by=by, now=now) as step:
        if category.office_id != step.consultation.office_id:
            raise RuleError("Kategori ini bukan milik kantor yang sama.")
        before = step.consultation.category
        step.consultation.category = category
        step.record(f"Dari {before} menjadi {category}.", public=False)
    return step.consultation


def record_contact(
    consultation: Consultation, contact: Contact, *, by: Actor, now: datetime, send_link: bool = True
) -> Consultation:
    """Note whom to reach for the follow-up (step 7b of the standard).

    Where the link was exchanged with it, `send_link` has the new one sent to the new contact.
    """
    with acting(consultation, Act.RECORD_CONTACT, by=by, now=now) as step:
        is_exchanged = change_contact(step.consultation, contact)
        entry = step.record(contact.name, public=False)
        if is_exchanged and send_link:
            step.ledger.send_link(entry)
    return step.consultation
