from datetime import timedelta

import pytest
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from config.health import SWEEP
from offices.models import Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def sweep():
    return Heartbeat.objects.create(name=SWEEP, beat_at=timezone.now())


def test_a_desk_whose_parts_all_work_is_healthy(client, sweep):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "database": True,
        "broker": True,
        "worker_and_beat": True,
        "swept_at": DjangoJSONEncoder().default(sweep.beat_at),
    }


def test_the_sweep_is_a_scheduled_task():
    assert SWEEP in settings.CELERY_BEAT_SCHEDULE


def test_a_desk_that_has_never_swept_is_not_healthy(client):
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": True, "broker": True, "worker_and_beat": False, "swept_at": None}


def test_a_sweep_may_be_missed_but_not_five_in_a_row(client, sweep):
    sweep.beat_at = timezone.now() - timedelta(seconds=2 * settings.SWEEP_SECONDS)
    sweep.save()
    assert client.get("/healthz").status_code == 200
    sweep.beat_at = timezone.now() - timedelta(seconds=30 + 5 * settings.SWEEP_SECONDS)
    sweep.save()
    assert client.get("/healthz").status_code == 503


def test_a_broker_that_is_down_is_named(client, sweep, settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["broker"] is False
    assert response.json()["worker_and_beat"] is True


def test_it_costs_one_query(client, sweep, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/healthz")


def test_only_reading_is_allowed(client):
    assert client.post("/healthz").status_code == 405
