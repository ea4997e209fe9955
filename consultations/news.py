"""What has come in on a consultation and waits for its officer: a reply, documents, a head's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consultations.enums import Act, ActorKind, News
from consultations.models import DocumentItem

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.actors import Actor
    from consultations.models import Consultation

BROUGHT = {
    (Act.MESSAGE, ActorKind.STAKEHOLDER): News.REPLY,
    (Act.RECEIVE_DOCUMENTS, ActorKind.STAKEHOLDER): News.DOCUMENT,
    (Act.REOPEN, ActorKind.STAKEHOLDER): News.REOPENED,
    (Act.ANSWER_ESCALATION, ActorKind.HEAD): News.DIRECTION,
    (Act.RETURN_ESCALATION, ActorKind.HEAD): News.RETURNED,
    (Act.NOTE, ActorKind.HEAD): News.DIRECTION,
}
# An officer who does one of these has not dealt with what came in.
ASIDE = frozenset(
    {
        Act.TAKE,
        Act.TAKE_OVER,
        Act.CATEGORISE,
        Act.RECORD_CONTACT,
        Act.LINK,
        Act.SHOW_LINK,
        Act.SEND_LINK,
        Act.RENEW_LINK,
    }
)
PAPERS = frozenset({News.DOCUMENT, News.DOCUMENTS})


def follow(consultation: Consultation, act: Act, *, by: Actor, now: datetime) -> None:
    """Let the news of a locked consultation follow an act that has just changed it.

    News stays until an officer acts on the matter, or the consultation ends. Documents are complete while none is
    outstanding, which a file withheld since can undo. One query at most.
    """
    news = set(consultation.news)
    if not consultation.is_open or (by.kind == ActorKind.OFFICER and act not in ASIDE):
        news.clear()
    elif came := BROUGHT.get((act, by.kind)):
        news.add(came)
    if act in (Act.RECEIVE_DOCUMENTS, Act.WITHHOLD_FILE) and news & PAPERS:
        outstanding = DocumentItem.objects.filter(request__consultation=consultation).outstanding()
        news = news - PAPERS | {News.DOCUMENT if outstanding.exists() else News.DOCUMENTS}
    consultation.news = [each for each in News if each in news]
    consultation.news_since = (consultation.news_since or now) if news else None


def in_words(consultation: Consultation) -> list[str]:
    """What rows say of it: 'balasan masuk', 'arahan kepala'."""
    return [News(each).label for each in consultation.news]
