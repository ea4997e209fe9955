"""What whoever watches over the desk reads: every part and figure, each with the most it may be."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from config import health
from config.schedule import record_beat
from consultations.models import Timer
from consultations.scanning import scan_files
from notifications.enums import MessageStatus
from notifications.models import Message
from offices.enums import Role
from offices.models import Heartbeat
from tests.clamserver import ClamServer
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory, paper

pytestmark = pytest.mark.django_db
# What each leaves a heartbeat as, the figure that tells its age, and the most it may be.
AGES = {
    health.BEAT: ("beat_age_seconds", 180),
    health.SWEEP: ("sweep_age_seconds", 180),
    health.DELIVERY: ("delivery_age_seconds", 180),
    health.SCAN: ("scan_age_seconds", 600),
}
TOKEN = "a-token-of-more-than-thirty-two-characters"


@pytest.fixture(autouse=True)
def stored_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def running():
    """Beat and sweep as they are while everything works."""
    now = timezone.now()
    return {name: Heartbeat.objects.create(name=name, beat_at=now) for name in AGES}


@pytest.fixture
def detail(client, settings):
    settings.HEALTH_TOKEN = TOKEN

    def detail():
        response = client.get("/healthz/detail", headers={"Authorization": f"Bearer {TOKEN}"})
        body = response.json()
        assert response.status_code == (200 if body["ok"] else 503)
        assert body.pop("ok") == all(part["ok"] for part in body.values())
        return body

    return detail


@pytest.fixture
def consultation():
    """Received now: its timers are in the future, its confirmation waits."""
    consultation = ConsultationFactory(now=timezone.now())
    Message.objects.update(status=MessageStatus.SENT, sent_at=timezone.now(), next_attempt_at=None)
    return consultation


def unwell(body):
    return {name for name, part in body.items() if not part["ok"]}


def test_a_desk_whose_parts_all_work_is_well(running, consultation, detail):
    body = detail()
    assert unwell(body) == set()
    assert body["database"] == body["broker"] == body["storage"] == {"ok": True}
    assert body["overdue_timers"] == {"ok": True, "value": 0, "limit": 0}
    assert body["sweep_age_seconds"]["limit"] == 180


def test_a_desk_that_has_never_run_is_not(detail):
    body = detail()
    assert unwell(body) == {figure for figure, _ in AGES.values()}
    assert body["beat_age_seconds"] == {"ok": False, "value": None, "limit": 180}


@pytest.mark.parametrize("name", AGES)
def test_beat_and_each_queue_are_told_apart_and_may_be_silent_for_minutes(running, detail, name):
    figure, most = AGES[name]
    silent_since(name, timedelta(seconds=most - 10))
    assert unwell(detail()) == set()
    silent_since(name, timedelta(seconds=most + 1))
    body = detail()
    assert unwell(body) == {figure}
    assert most + 1 <= body[figure]["value"] < most + 60


def silent_since(name, age):
    Heartbeat.objects.filter(name=name).update(beat_at=timezone.now() - age)


def test_a_moment_that_another_clock_dated_in_the_future_has_no_age(running, detail):
    silent_since(health.BEAT, -timedelta(hours=1))
    assert detail()["beat_age_seconds"] == {"ok": True, "value": 0, "limit": 180}


def test_the_oldest_message_that_has_not_left_may_be_an_hour_old(running, consultation, detail):
    message = Message.objects.first()
    waiting_since(message, timedelta(minutes=59))
    assert unwell(detail()) == set()
    waiting_since(message, timedelta(minutes=61))
    body = detail()
    assert unwell(body) == {"oldest_unsent_seconds"}
    assert 61 * 60 <= body["oldest_unsent_seconds"]["value"] < 62 * 60


def waiting_since(message, age):
    now = timezone.now()
    message.status, message.created_at = MessageStatus.QUEUED, now - age
    message.sent_at, message.next_attempt_at = None, now + timedelta(hours=2)
    message.save()


def test_failed_messages_are_counted_for_a_day(running, consultation, detail):
    limit = int(detail()["failed_messages"]["limit"])
    pattern = Message.objects.values(
        "office_id", "kind", "recipient", "subject", "body", "created_at"
    ).first()
    Message.objects.bulk_create(
        Message(**pattern, status=MessageStatus.FAILED, last_error="Ditolak.", dedupe_key=f"gagal:{number}")
        for number in range(limit + 1)
    )
    body = detail()
    assert unwell(body) == {"failed_messages"}
    assert body["failed_messages"]["value"] == limit + 1
    Message.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert detail()["failed_messages"] == {"ok": True, "value": 0, "limit": limit}


def test_a_timer_is_overdue_a_minute_after_its_sweep(running, consultation, detail):
    now = timezone.now()
    timer = Timer.objects.filter(consultation=consultation).first()
    due_since(timer, now - timedelta(seconds=50))
    assert unwell(detail()) == set()
    due_since(timer, now - timedelta(seconds=61))
    assert detail()["overdue_timers"] == {"ok": False, "value": 1, "limit": 0}
    Timer.objects.filter(pk=timer.pk).update(fired_at=now)
    assert unwell(detail()) == set()


def test_a_timer_that_fails_is_seen_while_it_is_put_off(running, consultation, detail):
    timer = Timer.objects.filter(consultation=consultation)
    timer.update(failures=1)
    body = detail()
    assert unwell(body) == {"failing_timers"}
    assert body["failing_timers"]["value"] == timer.count()
    timer.update(fired_at=timezone.now())
    assert unwell(detail()) == set()


def due_since(timer, moment):
    Timer.objects.filter(pk=timer.pk).update(fires_at=moment, sweep_at=moment)


def test_a_broker_that_is_down_is_named(running, detail, settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    assert unwell(detail()) == {"broker"}


def test_clamav_is_a_part_only_where_it_is_configured(running, detail, settings):
    assert "scanner" not in detail()
    with ClamServer() as clam:
        settings.CLAMD_URL = clam.url
        assert detail()["scanner"] == {"ok": True}
        clam.is_well = False
        assert unwell(detail()) == {"scanner"}
    assert unwell(detail()) == {"scanner"}


def test_a_file_may_be_in_quarantine_for_a_quarter_of_an_hour(running, detail, settings):
    with ClamServer() as clam:
        settings.CLAMD_URL = clam.url
        sent_at = timezone.now()
        ConsultationFactory(now=sent_at - timedelta(minutes=16), files=[paper()])
        ConsultationFactory(now=sent_at - timedelta(minutes=14), files=[paper()])
        Message.objects.update(status=MessageStatus.SENT, sent_at=sent_at, next_attempt_at=None)
        body = detail()
        assert unwell(body) == {"oldest_unscanned_seconds"}
        assert body["oldest_unscanned_seconds"]["value"] == pytest.approx(16 * 60, abs=30)
        scan_files(sent_at, limit=1)
        assert unwell(detail()) == set()


def test_a_storage_that_takes_no_files_is_named(running, detail, settings, stored_apart):
    assert list(stored_apart.iterdir()) == []
    (stored_apart / "occupied").write_text("a file where a folder should be")
    settings.MEDIA_ROOT = stored_apart / "occupied"
    assert unwell(detail()) == {"storage"}


def test_the_probe_of_the_storage_leaves_nothing(running, detail, stored_apart):
    detail()
    assert list(stored_apart.iterdir()) == []


def test_a_database_that_is_down_is_named_to_whoever_has_the_token(client, settings, running):
    settings.HEALTH_TOKEN = TOKEN

    def refuse(*_):
        raise OperationalError

    with connection.execute_wrapper(refuse):
        response = client.get("/healthz/detail", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 503
    assert unwell({name: part for name, part in response.json().items() if name != "ok"}) == {
        "database",
        *health.FIGURES,
    }


def test_it_costs_nine_statements_whatever_is_stored(client, settings, detail, django_assert_num_queries):
    with django_assert_num_queries(9):
        detail()
    OfficeFactory.create_batch(3)
    ConsultationFactory(now=timezone.now())
    with django_assert_num_queries(9):
        detail()


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.CSO, Role.OFFICE_ADMIN])
def test_staff_of_any_role_may_read_it_without_the_token(client, running, role):
    client.force_login(StaffFactory(role=role))
    assert client.get("/healthz/detail").status_code == 200


def test_an_account_without_a_role_may_not(client, running):
    client.force_login(StaffFactory())
    assert client.get("/healthz/detail").status_code == 403


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", "Bearer kunci-é"],
)
@pytest.mark.parametrize("path", ["/healthz/detail", "/metrics"])
def test_any_other_token_opens_nothing(client, settings, path, header):
    settings.HEALTH_TOKEN = TOKEN
    assert client.get(path, headers={"Authorization": header}).status_code == 403


def test_without_a_token_in_the_settings_an_empty_one_opens_nothing(client):
    assert settings.HEALTH_TOKEN == ""
    assert client.get("/healthz/detail", headers={"Authorization": "Bearer "}).status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_prometheus_reads_the_same_figures(client, settings, running, detail):
    settings.HEALTH_TOKEN = TOKEN
    silent_since(health.BEAT, timedelta(hours=1))
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }
    body = detail()
    assert {key[1] for key in samples if key[0] == "desk_ok"} == set(body)
    for name, part in body.items():
        assert samples["desk_ok", name] == part["ok"]
        if "value" in part:
            assert samples[f"desk_{name}",] == pytest.approx(part["value"], abs=60)


def test_a_figure_that_could_not_be_measured_is_absent_from_the_metrics(client, settings):
    settings.HEALTH_TOKEN = TOKEN
    body = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert "desk_beat_age_seconds" not in body
    assert 'desk_ok{part="beat_age_seconds"} 0.0' in body


@pytest.mark.django_db(transaction=True)
def test_beat_leaves_a_heartbeat_with_each_sweep_it_sends_out():
    record_beat(sender="notifications.tasks.deliver_messages")
    assert not Heartbeat.objects.exists()
    before = timezone.now()
    record_beat(sender=health.SWEEP)
    record_beat(sender=health.SWEEP)
    assert Heartbeat.objects.get(name=health.BEAT).beat_at >= before
