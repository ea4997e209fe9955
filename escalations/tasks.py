"""What Celery beat asks for."""

from celery import shared_task
from django.utils import timezone

from escalations.digest import send_digests


@shared_task
def send_morning_digests() -> int:
    return send_digests(timezone.now())
