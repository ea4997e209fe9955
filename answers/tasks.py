"""What Celery beat asks for."""

from celery import shared_task
from django.utils import timezone

from answers.review import remind_of_reviews


@shared_task
def remind_reviews() -> int:
    return remind_of_reviews(timezone.now())
