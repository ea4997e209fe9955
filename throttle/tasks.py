from celery import shared_task
from django.utils import timezone

from throttle import limits


@shared_task
def forget_expired() -> int:
    return limits.forget_expired(timezone.now())
