"""Each queue has a worker of its own: what hangs in one holds up no other, and what is killed is back."""

import os
import signal
import subprocess
import sys

import psutil
import pytest
import yaml
from django.conf import settings

from config import embedded, supervisor, workers
from config.celery import QUEUES, app

SCHEDULE = settings.CELERY_BEAT_SCHEDULE


def queue_of(task):
    return app.amqp.router.route({}, task)["queue"].name


@pytest.fixture
def worker(tmp_path):
    arguments, environment = supervisor.PROCESSES["worker"]
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            **environment,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "LOG_LEVEL": "WARNING",
        },
        start_new_session=True,
    )
    yield psutil.Process(process.pid)
    process.terminate()
    try:
        assert process.wait(30) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_every_task_has_a_queue_and_the_clock_shares_none_with_what_waits_for_others():
    queues = {task: queue_of(task) for task in SCHEDULE}
    assert set(queues.values()) == set(QUEUES)
    assert queues["notifications.tasks.deliver_messages"] == "delivery"
    assert queues["consultations.tasks.scan_files"] == "files"
    assert queues["consultations.tasks.sweep_timers"] == "clock"
    assert {task for task, queue in queues.items() if queue == "delivery"} == {
        "notifications.tasks.deliver_messages",
        "consultations.tasks.answer_link_requests",
    }
    waits = {task for task, queue in queues.items() if queue == "files"}
    assert all("scan" in task or "forget" in task for task in waits)


def test_each_queue_has_a_process_of_its_own_and_limits_below_what_an_alarm_waits_for():
    assert set(QUEUES) == {"clock", "delivery", "files"}
    for queue, (soft, hard) in QUEUES.items():
        assert 0 < soft < hard <= 300
        assert {f"--queues={queue}", "--pool=solo", "--concurrency=1"} <= set(workers.arguments(queue))


def test_a_task_is_interrupted_at_its_soft_limit_and_ended_with_its_process_at_the_hard_one():
    hanging = (
        "import time\n"
        "from celery import signals\n"
        "from config import workers\n"
        "workers.keep_limits(1, 2)\n"
        "signals.task_prerun.send(sender=None); signals.task_postrun.send(sender=None)\n"
        "time.sleep(1.2)\n"  # between two tasks nothing is limited
        "signals.task_prerun.send(sender=None)\n"
        "try: time.sleep(60)\n"
        "except workers.SoftTimeLimitExceeded: print('interrupted', flush=True)\n"
        "time.sleep(60)"
    )
    done = subprocess.run(
        [sys.executable, "-c", hanging], cwd=settings.BASE_DIR, capture_output=True, check=False
    )
    assert (done.stdout, done.returncode) == (b"interrupted\n", -signal.SIGALRM)


def test_a_queues_worker_that_was_killed_is_back_and_all_end_together(worker):
    assert embedded.within(60, lambda: len(worker.children()) == len(QUEUES))
    first = worker.children()
    first[0].kill()
    assert embedded.within(60, lambda: len(worker.children()) == len(QUEUES) and worker.children() != first)
    everybody = worker.children()
    worker.terminate()
    assert embedded.within(30, lambda: not any(each.is_running() for each in everybody))


def test_production_starts_the_same_worker():
    services = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())["services"]
    assert services["worker"]["command"] == ["python", "-m", "config.workers"]
    assert supervisor.PROCESSES["worker"][0][-2:] == ["-m", "config.workers"]
