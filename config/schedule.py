"""The schedule's beginning and its heartbeats."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from config.celery import app
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
