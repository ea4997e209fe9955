from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from consultations.enums import Channel
from frontdesk.figures import in_minutes
from frontdesk.models import ServiceSession

if TYPE_CHECKING:
    from consultations.models import Consultation

register = template.Library()


@register.simple_tag
def session_in_words(consultation: Consultation) -> str:
    """How long the visitor was served, or why nobody knows; empty for what came in online, which costs no query."""
    if consultation.channel != Channel.TATAP_MUKA:
        return ""
    session = ServiceSession.objects.filter(consultation=consultation).first()
    if session is None or session.ended_at is None:
        return ""
    if session.is_noted_later:
        return "Dicatat kemudian, waktunya tidak dihitung"
    if not session.is_time_accurate:
        return "Waktu tidak akurat"
    return f"{in_minutes(session.ended_at - session.started_at)} menit"
