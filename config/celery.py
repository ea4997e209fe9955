"""The Celery application of worker and beat, and of whoever sends a task."""

import os
from typing import Final

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

# The queues, each with processes of its own, and the seconds after which a task of it is interrupted, and ended.
# What the first interrupts is put off like anything that fails; whatever the second ends, the next run finds.
QUEUES: Final[dict[str, tuple[int, int]]] = {
    "clock": (240, 300),  # after a long silence a sweep has much to do
    "delivery": (60, 90),  # a run begins no message after 20 seconds
    "files": (240, 300),
}

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
