"""The one door to a row: what may not be seen does not exist (404), for staff and stakeholders alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from consultations.enums import Act
from consultations.models import Attachment, Consultation, HeldFile, HeldSubmission
from consultations.tokens import hash_token
from offices.rights import Right

if TYPE_CHECKING:
    from uuid import UUID

    from offices.duties import Duties
    from offices.models import Staff

WITH_PARTS = ("office", "category__unit", "standard", "stakeholder__satker", "officer")


def consultation_for(duties: Duties, number: str) -> Consultation:
    """A consultation of the staff member's own office by its number; raises Http404."""
    found = Consultation.objects.visible_to(duties).select_related(*WITH_PARTS)
    return get_object_or_404(found, number=number)


def receipt_for(duties: Duties, staff: Staff, number: str) -> Consultation:
    """A consultation whose receipt a staff member may print: one they may read, or one they took down themselves.

    Raises Http404.
    """
    found = Consultation.objects.select_related(*WITH_PARTS).filter(office=duties.office_id)
    if not duties.may(Right.READ_CONSULTATIONS):
        found = found.filter(entries__act=Act.OPEN, entries__actor=staff)
    return get_object_or_404(found, number=number)


def consultation_by_token(token: str) -> Consultation:
    """The consultation a stakeholder's token opens, with what their page shows of it; raises Http404."""
    found = Consultation.objects.select_related("office", "category", "standard").defer("search")
    return get_object_or_404(found, token_hash=hash_token(token))


def held_for(duties: Duties, pk: int) -> HeldSubmission:
    """A held question of the staff member's own office; raises Http404."""
    return get_object_or_404(HeldSubmission.objects.visible_to(duties), pk=pk)


def held_file_for(duties: Duties, pk: int) -> HeldFile:
    """A file of a held question of the staff member's own office; raises Http404."""
    visible = HeldSubmission.objects.visible_to(duties)
    return get_object_or_404(HeldFile, pk=pk, submission__in=visible)


def held_by_token(token: str) -> HeldSubmission:
    """The held question that its sender's token opens; raises Http404."""
    found = HeldSubmission.objects.select_related("office", "consultation")
    return get_object_or_404(found, token_hash=hash_token(token))


def attachment_for(duties: Duties, public_id: UUID) -> Attachment:
    """A file of a consultation of the staff member's own office; raises Http404."""
    visible = Consultation.objects.visible_to(duties)
    return get_object_or_404(Attachment, public_id=public_id, consultation__in=visible)


def attachment_by_token(token: str, public_id: UUID) -> Attachment:
    """A file on the public part of the timeline that a token opens; raises Http404."""
    attachment = get_object_or_404(
        Attachment.objects.select_related("entry"),
        public_id=public_id,
        consultation__token_hash=hash_token(token),
    )
    if not attachment.entry.is_public:
        raise Http404
    return attachment
