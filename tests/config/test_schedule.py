import socket
import time

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.celery import app
from config.schedule import record_heartbeat
from offices.models import Heartbeat

SCHEDULE = settings.CELERY_BEAT_SCHEDULE


@pytest.fixture(autouse=True)
def tasks():
    """As a worker does when it starts."""
    app.loader.import_default_modules()


def interval_of(schedule):
    """Seconds between two starts: of the crontabs, those that run hourly name no hour."""
    if isinstance(schedule, crontab):
        return 60 * 60 if len(schedule.hour) == 24 else 24 * 60 * 60
    return schedule


@pytest.mark.parametrize("name", SCHEDULE)
def test_every_scheduled_task_exists(name):
    assert name in app.tasks


@pytest.mark.parametrize("entry", SCHEDULE.values(), ids=SCHEDULE)
def test_a_late_start_gives_way_to_the_next_one(entry):
    assert 0 < entry["options"]["expires"] < interval_of(entry["schedule"])


def test_tasks_travel_as_json_only_and_are_fetched_one_at_a_time():
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.result_backend is None


@pytest.mark.django_db
def test_a_scheduled_task_that_succeeds_leaves_one_heartbeat():
    sweep = app.tasks["consultations.tasks.sweep_timers"]
    before = timezone.now()
    record_heartbeat(sweep)
    record_heartbeat(sweep)
    assert Heartbeat.objects.get().name == sweep.name
    assert Heartbeat.objects.get().beat_at >= before


@pytest.mark.django_db
def test_other_tasks_leave_none():
    record_heartbeat(app.tasks["celery.chunks"])
    assert not Heartbeat.objects.exists()


@pytest.mark.parametrize("backlog", [None, 5], ids=["refuses", "never answers"])
def test_whoever_sends_a_task_is_not_held_up_by_a_broker_that(backlog):
    with socket.socket() as broker:
        broker.bind(("127.0.0.1", 0))
        if backlog is not None:
            broker.listen(backlog)
        started = time.monotonic()
        with (
            app.connection_for_write(f"redis://127.0.0.1:{broker.getsockname()[1]}/0") as connection,
            pytest.raises(OperationalError),
        ):
            app.send_task("celery.chunks", connection=connection)
        assert time.monotonic() - started < 10
