"""`make run` as a person meets it: real processes, real signals."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
from django.conf import settings

from config import embedded
from tests.live import LiveDesk, free_port, fresh_services

pytestmark = pytest.mark.xdist_group("live")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def services():
    with fresh_services() as environment:
        yield environment


@pytest.fixture
def desk(data_dir, services):
    desk = LiveDesk(data_dir, SWEEP_SECONDS="1", **services)
    try:
        desk.wait_until_healthy()
        yield desk
    finally:
        desk.supervisor.send_signal(signal.SIGTERM)
        desk.supervisor.wait()


def numbers(desk):
    """The process numbers of web, of worker and of beat, as the run has recorded them."""
    record = json.loads((desk.data_dir / "run.json").read_text() or "{}")
    return [number for number, _born in record.get("processes", [])]


def children(desk):
    return [psutil.Process(number) for number in numbers(desk)]


def is_over(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def run(desk, **environment):
    """A further `make run`, which is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "config.supervisor"],
        cwd=settings.BASE_DIR,
        env={**desk.environment, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_every_process_without_a_complaint(desk, number):
    started = children(desk)
    workers = [grandchild for child in started for grandchild in child.children(recursive=True)]
    assert len(started) == 3
    assert desk.stop(number) == 0
    assert all(is_over(process) for process in [*started, *workers])
    assert desk.status("/healthz") is None
    assert "Traceback" not in desk.log.read_text()


def test_a_second_run_on_the_same_data_is_refused_in_one_line(desk):
    result = run(desk)
    assert result.returncode == 1
    assert result.stderr == (
        f"Desk ini sudah berjalan dengan data di {desk.data_dir}: {desk.url}, pid {desk.supervisor.pid}. "
        "Hentikan dahulu, atau pilih DATA_DIR dan PORT lain.\n"
    )
    assert desk.status("/healthz") == 200


def test_the_next_run_recovers_from_a_killed_one(desk, services):
    orphans = children(desk)
    desk.supervisor.kill()
    desk.supervisor.wait()
    again = LiveDesk(desk.data_dir, port=desk.port, **services)
    again.wait_until_healthy()
    assert all(is_over(process) for process in orphans)
    assert again.stop() == 0


def test_a_process_that_ends_by_itself_is_named_and_started_again(desk):
    web, *others = numbers(desk)
    os.kill(web, signal.SIGKILL)
    assert embedded.within(30, lambda: web not in numbers(desk) and desk.status("/healthz") == 200)
    assert numbers(desk)[1:] == others
    assert "Proses web berhenti sendiri (kode -9), dimulai lagi." in desk.log.read_text()
    assert desk.stop() == 0


def test_a_process_that_cannot_start_ends_the_run_and_says_why(data_dir, services):
    desk = LiveDesk(data_dir, GUNICORN_CMD_ARGS="--worker-class=unheard_of", **services)
    assert desk.supervisor.wait(60) == 1
    assert "unheard_of" in desk.log.read_text()
    assert "Proses web berhenti sendiri (kode 1), sebabnya tercetak di atas.\n" in desk.log.read_text()


LAST_SWEEP = "from offices.models import Heartbeat; print(Heartbeat.objects.get(name__contains='sweep').beat_at.timestamp())"


@pytest.mark.skipif("valkey" not in settings.EMBEDDED_SERVICES, reason="the given broker is not ours to end")
def test_pages_are_served_without_the_broker_and_work_goes_on_when_it_is_back(desk):
    embedded.live_process(desk.data_dir / "valkey" / "valkey.pid").kill()
    killed_at = time.time()
    assert desk.status("/mataram/") == 200
    assert embedded.within(
        60, lambda: float(desk.manage("shell", "--no-imports", "-c", LAST_SWEEP)) > killed_at
    )
    assert desk.status("/healthz") == 200


def test_the_person_at_the_terminal_is_told_addresses_and_logins(desk):
    told = desk.log.read_text()
    assert f"{desk.url}/masuk/" in told
    for role in ("Resepsionis", "Petugas CSO", "Kepala unit", "Kepala KPPN", "Administrator kantor"):
        assert role in told


def test_a_taken_port_is_refused_with_its_holder_and_a_way_out(tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-m", "config.supervisor"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATA_DIR": str(tmp_path / "data"), "PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert result.stderr == (
        f"Port {port} dipakai program lain (pid {os.getpid()}). Hentikan program itu, atau pilih port lain: "
        f"make run PORT={port + 1}\n"
    )


def test_an_address_that_is_not_this_machines_is_refused(tmp_path):
    result = subprocess.run(
        [sys.executable, "-m", "config.supervisor"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATA_DIR": str(tmp_path / "data"), "HOST": "192.0.2.1", "PORT": "8000"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("Alamat 192.0.2.1 port 8000 tidak dapat dipakai (")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])  # noqa: S104 - which it refuses
def test_a_desk_with_demo_accounts_is_not_opened_to_other_machines(tmp_path, host):
    result = subprocess.run(
        [sys.executable, "-m", "config.supervisor"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATA_DIR": str(tmp_path / "data"), "HOST": host, "PORT": str(free_port())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.startswith(
        f"HOST={host} membuka desk bagi komputer lain, padahal make run memuat akun"
    )
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("port", ["0", "abc", "70000", "-1"])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    result = subprocess.run(
        [sys.executable, "-m", "config.supervisor"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATA_DIR": str(tmp_path / "data"), "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr == f"PORT harus angka 1 sampai 65535, bukan {port!r}. Contoh: make run PORT=8001\n"
