"""Production refuses, in words, whatever would make the desk unsafe."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.checks.registry import registry
from django.test import override_settings

from config.checks import clamd_has_an_address, no_demo_accounts, refuse_unsafe
from tests.factories import StaffFactory

SAFE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "d9Qw-7hVtX2_kLm4RzB8sYc3NfJ6pGa1TuEo5WiHbZxKqSvM0y",
    "ALLOWED_HOSTS": "desk.example",
    "SITE_URL": "https://desk.example",
    "DATABASE_URL": "postgres://desk@127.0.0.1:9/desk",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}


def manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def test_safe_settings_pass_the_deployment_check_without_a_database():
    result = manage("check", "--deploy", "--fail-level", "WARNING", **SAFE)
    assert result.returncode == 0, result.stderr


def test_whatever_is_missing_is_named_in_one_line():
    result = manage("check", **{**SAFE, "SECRET_KEY": None, "DATABASE_URL": None})
    assert result.returncode == 1
    assert result.stderr.startswith("Belum diatur: SECRET_KEY, DATABASE_URL. Atur sebagai variabel")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("unsafe", "reason"),
    [
        ({"DEBUG": "1"}, "DEBUG tidak boleh menyala"),
        ({"SECRET_KEY": "development-only-key-that-production-refuses"}, "SECRET_KEY harus rahasia"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY harus rahasia"),
        ({"HEALTH_TOKEN": "short"}, "HEALTH_TOKEN harus acak"),
    ],
)
def test_an_unsafe_value_is_refused_with_its_reason(unsafe, reason):
    result = manage("check", **{**SAFE, **unsafe})
    assert result.returncode == 1
    assert reason in result.stderr
    assert "Traceback" not in result.stderr


def test_a_secret_may_come_from_a_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SAFE["SECRET_KEY"] + "\n")
    code = "from django.conf import settings; print(repr(settings.SECRET_KEY))"
    environment = {**SAFE, "SECRET_KEY": None, "SECRET_KEY_FILE": str(secret)}
    result = manage("shell", "--no-imports", "-c", code, **environment)
    assert result.stdout.strip() == repr(SAFE["SECRET_KEY"]), result.stderr


@pytest.mark.django_db
def test_demo_accounts_are_an_error_with_a_hint():
    StaffFactory(email="cso@desk.invalid")
    (error,) = no_demo_accounts(databases=["default"])
    assert error.id == "desk.E001"
    assert error.hint


@pytest.mark.django_db
def test_real_and_disabled_accounts_are_none_of_its_business():
    StaffFactory(email="cso@kemenkeu.example")
    StaffFactory(email="lama@desk.invalid", is_active=False)
    assert no_demo_accounts(databases=["default"]) == []


def test_the_check_belongs_to_deployment_and_asks_only_a_database_it_was_given():
    assert no_demo_accounts in registry.deployment_checks
    assert no_demo_accounts(databases=None) == []
    assert not [message for message in run_checks() if message.id == "desk.E001"]


@pytest.mark.django_db(transaction=True)
@override_settings(GUARDED=True)
def test_web_worker_and_beat_do_not_start_beside_demo_accounts():
    StaffFactory(email="cso@desk.invalid")
    with pytest.raises(SystemExit, match=r"desk\.E001"):
        refuse_unsafe()


@pytest.mark.django_db(transaction=True)
@override_settings(GUARDED=False, HOST="0.0.0.0")  # noqa: S104 - nothing is bound
def test_nor_does_any_other_desk_that_other_machines_can_reach():
    refuse_unsafe()
    StaffFactory(email="cso@desk.invalid")
    with pytest.raises(SystemExit, match=r"desk\.E001"):
        refuse_unsafe()


@override_settings(GUARDED=False)
def test_a_desk_for_trying_out_may_have_them(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        refuse_unsafe()


@pytest.mark.parametrize("url", ["", "tcp://clamav:3310", "tcp://[::1]:3310", "unix:///run/clamav/clamd.ctl"])
def test_clamav_may_be_reached_by_network_or_file_system_or_not_at_all(settings, url):
    settings.CLAMD_URL = url
    assert clamd_has_an_address() == []


@pytest.mark.parametrize("url", ["clamav", "clamav:3310", "tcp://clamav", "http://clamav:3310", "unix://"])
def test_an_address_of_clamav_that_cannot_be_read_is_an_error_with_a_hint(settings, url):
    settings.CLAMD_URL = url
    (error,) = clamd_has_an_address()
    assert error.id == "desk.E002"
    assert error.hint
