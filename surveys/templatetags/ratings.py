"""Where a judgement of the answer is read: on the stakeholder's page, and on the officer's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from consultations.enums import ANSWERED_STATUSES
from consultations.reach import address_of
from surveys.services import rating_of_answer

if TYPE_CHECKING:
    from consultations.models import Consultation
    from surveys.models import Rating

register = template.Library()


@register.inclusion_tag("surveys/_judgement.html")
def judgement(consultation: Consultation) -> dict[str, Any]:
    """The rating that was given, or that the letter asks for it; nothing, and no query, before the answer."""
    if consultation.status not in ANSWERED_STATUSES:
        return {}
    return {"rating": rating_of_answer(consultation), "is_asked": address_of(consultation) is not None}


@register.inclusion_tag("surveys/_rating.html")
def rating(consultation: Consultation) -> dict[str, Rating | None]:
    """What the stakeholder said of the answer; no query before there is one."""
    return {"rating": rating_of_answer(consultation) if consultation.status in ANSWERED_STATUSES else None}
