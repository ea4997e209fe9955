"""Where an answer is judged, on the stakeholder's page, and where the judgement is read, on the officer's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from consultations.enums import ANSWERED_STATUSES
from consultations.invitations import survey_url
from surveys.forms import RatingForm
from surveys.models import Rating

if TYPE_CHECKING:
    from consultations.models import Consultation

register = template.Library()


@register.inclusion_tag("surveys/_judgement.html", takes_context=True)
def judgement(context: template.Context, consultation: Consultation, token: str) -> dict[str, Any]:
    """Ask for a rating of the answer, or show the one that was given; nothing, and no query, before the answer."""
    if consultation.status not in ANSWERED_STATUSES:
        return {}
    return {
        "rating": _rating_of_answer(consultation),
        "form": RatingForm(),
        "survey": survey_url(consultation),
        "token": token,
        "csrf_token": context["csrf_token"],
    }


@register.inclusion_tag("surveys/_rating.html")
def rating(consultation: Consultation) -> dict[str, Rating | None]:
    """What the stakeholder said of the answer; no query before there is one."""
    return {"rating": _rating_of_answer(consultation) if consultation.status in ANSWERED_STATUSES else None}


def _rating_of_answer(consultation: Consultation) -> Rating | None:
    rated = Rating.objects.filter(promise__consultation=consultation)
    return rated.filter(promise__answered_at=consultation.resolved_at).first()
