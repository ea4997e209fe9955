"""Asking for a lost link: the request is only noted, and a worker looks up whether there is one and sends it."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from django.db import transaction

from consultations.models import LinkRequest
from consultations.my_consultations import send_list_link
from consultations.tracking import send_link
from notifications.outbox import wake_worker

if TYPE_CHECKING:
    from datetime import datetime

ANSWER: Final = "consultations.tasks.answer_link_requests"
MOST_PER_RUN: Final = 200

logger = logging.getLogger(__name__)


@transaction.atomic
def ask(contact: str, *, number: str = "", now: datetime) -> None:
    """Note the wish for the link to one consultation, or to all of a contact's, both cleaned; one statement."""
    LinkRequest.objects.create(number=number, contact=contact, asked_at=now)
    transaction.on_commit(partial(wake_worker, ANSWER), robust=True)


def answer_requests(limit: int = MOST_PER_RUN) -> int:
    """Answer what was asked, the oldest first; returns how many requests. Workers share them, each is answered once."""
    return next((done for done in range(limit) if not _answer_next()), limit)


@transaction.atomic
def _answer_next() -> bool:
    """False when nothing is left. A request that cannot be answered is logged and forgotten: it holds up no other."""
    asked = LinkRequest.objects.select_for_update(skip_locked=True).order_by("pk").first()
    if asked is None:
        return False
    try:
        with transaction.atomic():
            if asked.number:
                send_link(asked.number, asked.contact, now=asked.asked_at)
            else:
                send_list_link(asked.contact, now=asked.asked_at)
    except Exception:
        logger.exception("A request for a link could not be answered.")
    asked.delete()
    return True
