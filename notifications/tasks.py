"""What Celery beat, and every act that writes a message, asks for."""

from celery import shared_task
from django.utils import timezone

from notifications.outbox import deliver_due


@shared_task
def deliver_messages() -> int:
    return deliver_due(timezone.now())
