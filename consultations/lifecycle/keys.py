"""Who is given the stakeholder's link, and when it is exchanged for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consultations.enums import Act, ActorKind, LinkKind
from consultations.errors import RuleError
from consultations.lifecycle.step import acting
from consultations.reach import address_in_words, address_of
from consultations.tokens import renew_key

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.actors import Actor
    from consultations.models import Consultation
    from offices.models import Staff


def may_be_shown(consultation: Consultation, staff: Staff) -> bool:
    """Whether staff may still be shown the link: once, who took the question down, for the visitor's receipt.

    A part that was split off was recorded without the stakeholder. Two queries.
    """
    entries = consultation.entries.filter(act__in=[Act.OPEN, Act.SHOW_LINK]).values_list("act", "actor")
    is_part = consultation.links.filter(kind=LinkKind.SPLIT).exists()
    return list(entries) == [(Act.OPEN, staff.pk)] and not is_part


def show_link(consultation: Consultation, *, by: Actor, now: datetime) -> Consultation:
    """Show the link once on the receipt, on the record. Raises RuleError."""
    with acting(consultation, Act.SHOW_LINK, by=by, now=now) as step:
        if by.staff is None or not may_be_shown(step.consultation, by.staff):
            raise RuleError(
                "Tautan hanya ditampilkan satu kali, kepada petugas yang mencatat konsultasi. "
                "Selanjutnya tautan hanya dapat dikirim ke kontak person."
            )
        step.record("Tautan pribadi ditampilkan satu kali untuk dicetak pada tanda terima.")
    return step.consultation


def send_link(consultation: Consultation, *, by: Actor, now: datetime) -> Consultation:
    """Send the link again to the contact person. Raises RuleError when no message reaches them."""
    with acting(consultation, Act.SEND_LINK, by=by, now=now) as step:
        if address_of(step.consultation) is None:
            raise RuleError(
                "Kontak person tidak dapat dikirimi pesan. Catat dahulu alamat surel atau nomor WhatsApp yang dipakainya."
            )
        entry = step.record(f"Melalui {address_in_words(step.consultation)}.", public=False)
        step.ledger.send_link(entry)
    return step.consultation


def renew_link(consultation: Consultation, reason: str, *, by: Actor, now: datetime) -> Consultation:
    """Exchange the link: the old one opens nothing any more, the new one goes to the contact person.

    When the stakeholder reports it, the desk is told.
    """
    with acting(consultation, Act.RENEW_LINK, by=by, now=now) as step:
        renew_key(step.consultation)
        entry = step.record(reason)
        step.ledger.send_link(entry)
        if by.kind == ActorKind.STAKEHOLDER:
            step.ledger.tell_desk(entry, "link_reported")
    return step.consultation
