"""The schedule's beginning and its heartbeats."""

from __future__ import annotations

from typing import Any

from celery import signals
from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.celery import app
from config.health import BEAT, SWEEP
from offices.models import Heartbeat


def run_once(**_: Any) -> None:
    """Act on what fell due while nothing ran, without waiting for the first interval to pass."""
    schedule: dict[str, dict[str, Any]] = settings.CELERY_BEAT_SCHEDULE
    for task, entry in schedule.items():
        app.send_task(task, **entry["options"])


def record_heartbeat(sender: Any, **_: Any) -> None:
    """Remember when a scheduled task last succeeded."""
    if sender.name in settings.CELERY_BEAT_SCHEDULE:
        Heartbeat.objects.update_or_create(name=sender.name, defaults={"beat_at": timezone.now()})


def watch_beat(**_: Any) -> None:
    """Have beat leave a heartbeat of its own, by which its silence is told from the worker's."""
    signals.after_task_publish.connect(record_beat)


def record_beat(sender: str, **_: Any) -> None:
    """Remember when beat last sent out the sweep. Celery logs a failure here and goes on."""
    if sender == SWEEP:
        try:
            Heartbeat.objects.update_or_create(name=BEAT, defaults={"beat_at": timezone.now()})
        finally:
            connection.close()  # back to the pool, which renews what a restarted database has cut
