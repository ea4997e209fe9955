"""What Celery beat asks for, and, of the messages, every act that writes one."""

from celery import shared_task
from django.utils import timezone

from notifications.notices import forget_read
from notifications.outbox import deliver_due


@shared_task
def deliver_messages() -> int:
    return deliver_due(timezone.now())


@shared_task
def forget_read_notices() -> int:
    return forget_read(timezone.now())
