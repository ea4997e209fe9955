"""Whether the parts of the desk work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import redis
from django.conf import settings
from django.db import Error

from offices.models import Heartbeat

SWEEP = "consultations.tasks.sweep_timers"


class Health(NamedTuple):
    """What works; worker and beat are judged by the sweep that they run together."""

    database: bool
    broker: bool
    worker_and_beat: bool
    swept_at: datetime | None

    @property
    def is_good(self) -> bool:
        return self.database and self.broker and self.worker_and_beat


def examine(now: datetime) -> Health:
    """Never raises; waits at most for the pool's and the broker's timeouts."""
    try:
        swept_at = Heartbeat.objects.filter(name=SWEEP).values_list("beat_at", flat=True).first()
    except Error:
        return Health(database=False, broker=_broker_answers(), worker_and_beat=False, swept_at=None)
    oldest = now - timedelta(seconds=30 + 4 * settings.SWEEP_SECONDS)
    return Health(
        database=True,
        broker=_broker_answers(),
        worker_and_beat=swept_at is not None and swept_at >= oldest,
        swept_at=swept_at,
    )


def _broker_answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
