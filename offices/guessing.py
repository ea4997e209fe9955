"""Telling people that somebody guesses at an account.

The request only asks for it: whether there is such an account is looked up by the worker, so that neither the answer
nor its time gives it away.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from celery import current_app
from kombu.exceptions import OperationalError

from offices.account_news import AccountEvent, AccountNews, tell
from offices.models import Staff

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)
TASK: Final = "offices.tasks.tell_of_guessing"
LONGEST_NAME = 150


def tell_later(username: str, tries: int) -> None:
    """Have the worker tell of so many wrong passwords; with the broker down it is told at the next round number."""
    try:
        current_app.send_task(TASK, (username[:LONGEST_NAME], tries), retry=False, ignore_result=True)
    except OperationalError:
        logger.warning("The broker is unreachable; wrong passwords of an account are not told of now.")


def tell_of_guessing(username: str, tries: int, now: datetime) -> None:
    """Tell of wrong passwords for an account, if there is one of this name."""
    staff = Staff.objects.select_related("office").filter(username__iexact=username, is_active=True).first()
    if staff is not None:
        tell(AccountNews(AccountEvent.GUESSED_AT, staff, now, tries=tries))
