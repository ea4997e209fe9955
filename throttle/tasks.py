from celery import shared_task
from django.utils import timezone

from throttle import limits, once


@shared_task
def forget_expired() -> int:
    now = timezone.now()
    return limits.forget_expired(now) + once.forget_sent(now)
