"""Who may see an escalation, and in which capacity they may act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from consultations import actors
from escalations.models import Escalation
from offices.duties import heads_of_unit
from offices.enums import Role

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.actors import Actor
    from consultations.models import Consultation
    from offices.duties import Duties
    from offices.models import Staff

WITH_PARTS = (
    "consultation__office",
    "consultation__category__unit",
    "consultation__stakeholder__satker",
    "consultation__officer",
    "unit",
    "asked_by",
    "answered_by",
    "forwarded_from__answered_by",
)


def escalation_for(duties: Duties, pk: int) -> Escalation:
    """An escalation the staff member may see; raises Http404."""
    found = Escalation.objects.visible_to(duties).with_answer_by().select_related(*WITH_PARTS)
    return get_object_or_404(found.defer("consultation__search"), pk=pk)


def escalation_of(consultation: Consultation, pk: int) -> Escalation:
    """One of a consultation's escalations; raises Http404."""
    return get_object_or_404(consultation.escalations.select_related("consultation"), pk=pk)


def capacity_in(duties: Duties, escalation: Escalation, now: datetime) -> str:
    """The title by which the reader may answer; empty for whoever may not.

    The head of the asked unit answers, or who stands in; while nobody is appointed to it, the head of the office.
    """
    if duties.heads(escalation.unit_id):
        return duties.unit_titles[escalation.unit_id]
    if not duties.has_role(Role.OFFICE_HEAD):
        return ""
    today = escalation.consultation.office.local_date(now)
    return "" if heads_of_unit(escalation.unit, today) else duties.titles[Role.OFFICE_HEAD]


def acting_head(duties: Duties, staff: Staff, escalation: Escalation, now: datetime) -> Actor:
    """Whoever may answer, signing by their title; raises PermissionDenied for others."""
    title = capacity_in(duties, escalation, now)
    if not title:
        raise PermissionDenied
    return actors.head(staff, title)


def forwarding_head(duties: Duties, staff: Staff, escalation: Escalation, now: datetime) -> Actor:
    """The head of the asked unit, or the head of the office who reassigns it; raises PermissionDenied for others."""
    if not duties.heads(escalation.unit_id) and duties.has_role(Role.OFFICE_HEAD):
        return actors.head(staff, duties.titles[Role.OFFICE_HEAD])
    return acting_head(duties, staff, escalation, now)
