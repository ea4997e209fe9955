from celery import shared_task
from django.utils import timezone

from frontdesk import bookings, calls, sessions
from offices.models import Office


@shared_task
def send_reminders() -> int:
    return bookings.send_reminders(timezone.now())


@shared_task
def close_past_days() -> int:
    now = timezone.now()
    return sum(calls.close_past_days(office, now=now) for office in Office.objects.all())


@shared_task
def end_forgotten_sessions() -> int:
    return sessions.end_forgotten(timezone.now())
