"""manage.py on a machine where no address is given."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings

from config import addresses, embedded
from manage import needs_services

ALONE = {
    name: value
    for name, value in os.environ.items()
    if name not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
}


def start(data_dir, *arguments):
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**ALONE, "DATA_DIR": str(data_dir)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def manage(data_dir, *arguments):
    """Exit code, output and errors of a command."""
    with start(data_dir, *arguments) as process:
        output, errors = process.communicate()
    return process.returncode, output, errors


@pytest.mark.parametrize(
    "arguments",
    [[], ["help"], ["migrate", "--help"], ["--version"], ["collectstatic"], ["check", "--deploy"]],
)
def test_a_command_that_reads_no_data_needs_no_services(arguments):
    assert not needs_services(arguments)


@pytest.mark.parametrize(
    "arguments", [["migrate"], ["shell"], ["check", "--database", "default"], ["unheard_of"]]
)
def test_any_other_command_has_its_services(arguments):
    assert needs_services(arguments)


def test_a_command_works_by_itself_and_leaves_nothing_running(tmp_path):
    code, output, errors = manage(tmp_path / "data", "showmigrations", "offices")
    assert code == 0
    assert output.startswith("offices\n [ ] 0001_initial\n")
    assert errors == "Menyiapkan PostgreSQL ... siap\nMenyiapkan Valkey ... siap\n"
    assert not addresses.socket_dir(tmp_path / "data").exists()


def test_the_database_shell_speaks_to_the_same_database(tmp_path):
    code, output, _ = manage(tmp_path / "data", "dbshell", "--", "-Atc", "SELECT current_database()")
    assert code == 0
    assert output == f"{addresses.DATABASE_NAME}\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_interrupted_stops_what_it_started(tmp_path, number):
    with start(tmp_path / "data", "shell", "-c", "print('ready', flush=True); input()") as process:
        assert any(line == "ready\n" for line in process.stdout)
        process.send_signal(number)
        _, errors = process.communicate()
    assert process.returncode == 128 + number
    assert "Traceback" not in errors
    assert embedded.live_process(tmp_path / "data" / "postgres" / "postmaster.pid") is None


def test_a_data_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "data").touch()
    code, output, errors = manage(tmp_path / "data", "migrate")
    assert code == 1
    assert output == ""
    assert errors == (
        f"Folder data {tmp_path / 'data'} tidak dapat ditulis (File exists). "
        "Atur DATA_DIR ke folder yang dapat ditulis.\n"
    )


def test_the_settings_option_is_heard_before_anything_starts(tmp_path):
    code, _, errors = manage(tmp_path / "data", "migrate", "--settings", "config.settings.production")
    assert code == 1
    assert errors.startswith("Belum diatur: ")
    assert not (tmp_path / "data").exists()
