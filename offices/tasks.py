"""What the ground floor does by the clock."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from offices import guessing, national_days, sessions


@shared_task
def sync_holidays() -> None:
    """Keep last year's, this year's and next year's national days up to date; beat runs it daily."""
    national_days.sync_national_days(national_days.years_around(timezone.localdate()))


@shared_task
def forget_expired_sessions() -> int:
    return sessions.forget_expired(timezone.now())


@shared_task
def tell_of_guessing(username: str, tries: int) -> None:
    guessing.tell_of_guessing(username, tries, timezone.now())
