"""How many questions come at once. Beyond a ceiling they wait for an officer, and before that browsers work harder for them.

Counted is what nothing else speaks against: who brings no work cannot use up an office's ceiling.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache

from consultations.enums import Doubt
from consultations.proof import TRIES
from throttle import limits

if TYPE_CHECKING:
    from datetime import datetime

    from offices.models import Office

QUESTIONS_PER_NETWORK = (
    10  # of an IPv6 /48, in ten minutes: as many an hour as of one address, but not all at once
)
NETWORK_WINDOW = timedelta(minutes=10)
MORE_WORK = (1, 4, 16)  # in each third of an office's ceiling
REMEMBERED_SECONDS = 600


def doubts_by_network(network: str, now: datetime) -> list[Doubt]:
    """Count a question of a wide network; why it waits for an officer when it is one of too many."""
    over = limits.hit(
        "public_form.network", network, limit=QUESTIONS_PER_NETWORK, per=NETWORK_WINDOW, now=now
    )
    return [Doubt.NETWORK] if over else []


def doubts_by_load(office: Office, asked: int) -> list[Doubt]:
    """Why one of so many questions to an office within the hour waits for an officer; remembers the load for browsers."""
    cache.set(_load_key(office), asked / max(settings.QUESTIONS_PER_OFFICE, 1), REMEMBERED_SECONDS)
    return [Doubt.CROWD] if asked > settings.QUESTIONS_PER_OFFICE else []


def tries_for(office: Office) -> int:
    """How many numbers a browser tries at most for a question to an office: more, the more questions came lately.

    Each process knows the load from the questions it took, so that opening the form costs no statement.
    """
    load: float = cache.get(_load_key(office), 0)
    return TRIES * MORE_WORK[min(int(load * len(MORE_WORK)), len(MORE_WORK) - 1)]


def _load_key(office: Office) -> str:
    return f"public_form.load:{office.pk}"
