"""Whether the parts of the desk work."""

from __future__ import annotations

from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import Error

from offices.models import Heartbeat

SWEEP = "consultations.tasks.sweep_timers"


def state(now: datetime) -> dict[str, bool]:
    """Each part by name and whether it works; worker and beat are judged by the sweep they run together.

    Never raises; waits at most for the pool's and the broker's timeouts.
    """
    oldest = now - timedelta(seconds=30 + 4 * settings.SWEEP_SECONDS)
    try:
        swept = Heartbeat.objects.filter(name=SWEEP, beat_at__gte=oldest).exists()
    except Error:
        return {"database": False, "broker": _broker_answers(), "worker_and_beat": False}
    return {"database": True, "broker": _broker_answers(), "worker_and_beat": swept}


def _broker_answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
