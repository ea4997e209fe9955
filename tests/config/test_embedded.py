"""The project's own PostgreSQL and Valkey: real servers in folders of their own."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress

import psutil
import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connection

from config import addresses, embedded
from config.terminal import Refused

BOTH = (embedded.POSTGRES, embedded.VALKEY)
HOLD = """
import sys
from pathlib import Path
from config import embedded
with embedded.running(Path(sys.argv[1]), ("postgres", "valkey")):
    print("running", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data_dir(tmp_path):
    path = tmp_path / "data"
    yield path
    with embedded.running(path, [embedded.VALKEY]):
        pass  # the last user stops whatever a test has left


@pytest.fixture
def another_user(data_dir):
    """A second process that uses both services until it is killed or its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "running\n"
        yield process
        process.kill()


def connect(data_dir):
    sockets = addresses.socket_dir(data_dir)
    return psycopg.connect(host=sockets, port=5432, user="postgres", dbname=addresses.DATABASE_NAME)


def ask(data_dir, question="SELECT 1"):
    with connect(data_dir) as database:
        return database.execute(question).fetchone()[0]


def valkey(data_dir):
    return redis.Redis.from_url(addresses.redis_url(data_dir), decode_responses=True)


def process(data_dir, pid_file="postgres/postmaster.pid"):
    return embedded.live_process(data_dir / pid_file)


@pytest.mark.django_db
def test_every_machine_speaks_the_same_dialect():
    assert connection.vendor == "postgresql"
    assert 150000 <= connection.pg_version < 190000


def test_services_run_for_the_length_of_their_use_and_leave_nothing_behind(data_dir):
    with embedded.running(data_dir, BOTH):
        assert ask(data_dir) == 1
        assert valkey(data_dir).ping()
    assert process(data_dir) is None
    assert process(data_dir, "valkey/valkey.pid") is None
    assert not addresses.socket_dir(data_dir).exists()


def test_only_what_is_asked_for_is_started(data_dir):
    with embedded.running(data_dir, [embedded.VALKEY]):
        assert valkey(data_dir).ping()
        assert not (data_dir / "postgres").exists()


def test_nothing_is_started_or_written_where_every_address_is_given(data_dir):
    with embedded.running(data_dir, []):
        assert not data_dir.exists()


def test_the_cluster_is_utf8_in_utc_and_reached_by_its_socket_alone(data_dir):
    with embedded.running(data_dir, BOTH):
        assert ask(data_dir, "SHOW server_encoding") == "UTF8"
        assert ask(data_dir, "SHOW TimeZone") == "UTC"
        assert ask(data_dir, "SHOW listen_addresses") == ""
        assert ask(data_dir, "SELECT lower('ÉÇ')") == "éç"
        assert valkey(data_dir).config_get("port") == {"port": "0"}
        assert addresses.socket_dir(data_dir).stat().st_mode & 0o777 == 0o700


def test_tables_and_queued_tasks_survive_a_restart(data_dir):
    with embedded.running(data_dir, BOTH):
        with connect(data_dir) as database:
            database.execute("CREATE TABLE kept AS SELECT 7 AS number")
        valkey(data_dir).lpush("celery", "task")
    with embedded.running(data_dir, BOTH):
        assert ask(data_dir, "SELECT number FROM kept") == 7
        assert valkey(data_dir).lrange("celery", 0, -1) == ["task"]


def test_a_second_user_shares_the_running_servers_and_leaves_them(data_dir, another_user):
    before = process(data_dir)
    with embedded.running(data_dir, BOTH):
        assert process(data_dir) == before
    assert ask(data_dir) == 1
    another_user.communicate("")
    assert process(data_dir) is None


def test_servers_outlive_the_user_that_started_them_while_another_uses_them(data_dir, another_user):
    with embedded.running(data_dir, BOTH):
        another_user.communicate("")
        assert ask(data_dir) == 1
    assert process(data_dir) is None


def test_servers_left_by_a_killed_user_are_used_again_and_then_stopped(data_dir, another_user):
    left = process(data_dir)
    another_user.kill()
    another_user.wait()
    assert ask(data_dir) == 1
    with embedded.running(data_dir, BOTH):
        assert process(data_dir) == left
    assert process(data_dir) is None


def test_servers_that_were_killed_start_again(data_dir):
    with embedded.running(data_dir, BOTH):
        for pid_file in ("postgres/postmaster.pid", "valkey/valkey.pid"):
            process(data_dir, pid_file).send_signal(signal.SIGKILL)
    with embedded.running(data_dir, BOTH):
        assert ask(data_dir) == 1
        assert valkey(data_dir).ping()


def test_what_has_ended_is_named_and_started_again_while_it_is_used(data_dir):
    with embedded.running(data_dir, BOTH):
        assert embedded.ended(data_dir, BOTH) == []
        process(data_dir).kill()
        (addresses.socket_dir(data_dir) / "valkey.sock").unlink()
        assert embedded.within(10, lambda: embedded.ended(data_dir, BOTH) == [*BOTH])
        embedded.revive(data_dir, BOTH)
        assert ask(data_dir) == 1
        assert valkey(data_dir).ping()


def test_a_query_that_outlives_its_killed_server_does_not_prevent_the_start(data_dir):
    with embedded.running(data_dir, BOTH):
        with connect(data_dir) as database, database.cursor() as cursor:
            backend = psutil.Process(database.info.backend_pid)
            cursor.connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000)")
            assert embedded.within(10, lambda: backend.cpu_times().user > 0.2)
            process(data_dir).kill()
            assert embedded.within(10, lambda: process(data_dir) is None)
            embedded.revive(data_dir, BOTH)
            database.pgconn.finish()
        assert ask(data_dir) == 1
        assert not backend.is_running()


def test_a_stale_number_that_has_passed_to_another_program_does_not_prevent_the_start(data_dir):
    with embedded.running(data_dir, BOTH):
        pass
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    (data_dir / "valkey" / "valkey.pid").write_text(f"{os.getpid()}\n")
    with embedded.running(data_dir, BOTH):
        assert ask(data_dir) == 1


def test_servers_whose_sockets_vanished_are_started_anew(data_dir, another_user):
    for socket in addresses.socket_dir(data_dir).iterdir():
        socket.unlink()
    with embedded.running(data_dir, BOTH):
        assert ask(data_dir) == 1
        assert valkey(data_dir).ping()


def test_a_server_that_can_take_no_more_clients_is_left_alone(data_dir, another_user):
    busy = process(data_dir)
    with ExitStack() as clients:
        with suppress(psycopg.OperationalError):
            while True:
                clients.enter_context(connect(data_dir))
        with pytest.raises(Refused, match="tidak menerima sambungan lagi"):
            embedded.running(data_dir, BOTH).__enter__()
        assert process(data_dir) == busy


def test_an_unfinished_cluster_is_made_again(data_dir):
    unfinished = data_dir / "postgres.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with embedded.running(data_dir, BOTH):
        assert ask(data_dir) == 1


def test_a_long_path_is_no_obstacle_to_the_sockets(tmp_path):
    data_dir = tmp_path / ("d" * 100) / ("e" * 100)
    with embedded.running(data_dir, BOTH):
        assert ask(data_dir) == 1


def test_a_data_folder_that_is_a_file_is_refused_in_one_line(tmp_path):
    (tmp_path / "data").touch()
    with pytest.raises(Refused, match=r"tidak dapat ditulis \(.+\)\. Atur DATA_DIR") as refusal:
        embedded.running(tmp_path / "data", BOTH).__enter__()
    assert "\n" not in str(refusal.value)


def test_a_socket_folder_that_others_may_enter_is_refused(data_dir):
    addresses.socket_dir(data_dir).mkdir(mode=0o755)
    with pytest.raises(Refused, match="Hapus folder itu"):
        embedded.running(data_dir, BOTH).__enter__()


@pytest.mark.skipif(os.geteuid() != 0, reason="PostgreSQL refuses root alone")
def test_root_without_user_namespaces_is_told_what_to_do_where_nobody_cannot_go(data_dir, monkeypatch):
    monkeypatch.setenv("PATH", "")
    data_dir.parent.chmod(0o700)
    with pytest.raises(Refused, match=r"PostgreSQL tidak dapat dijalankan|Basis data tidak dapat dibuat"):
        embedded.running(data_dir, BOTH).__enter__()
