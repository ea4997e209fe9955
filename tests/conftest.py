"""The harness: services for the run, strictness, and the desk of real processes that browser tests drive."""

import os
import signal
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
import redis
from celery.signals import after_task_publish
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import expect

from config import embedded
from config.health import LAST_SWEEP
from config.terminal import Refused
from tests.live import LiveDesk, fresh_services
from tests.strict import StrictClient, UndefinedVariable

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
CADDY = Path(os.environ.get("CADDY", "/usr/bin/caddy"))
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# No property may depend on how busy the machine is.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")
expect.set_options(timeout=15_000)  # of every browser test, wherever it stands
# Playwright leaves an event loop in the thread that runs the tests; nothing of the desk is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# What a kind of test needs that pip does not install.
PROGRAMS = {
    "browser": (CHROMIUM, f"no Chromium at {CHROMIUM}: install it, or name it in CHROMIUM"),
    "proxy": (CADDY, f"no Caddy at {CADDY}: install it, or name it in CADDY"),
}


def pytest_addoption(parser):
    parser.addoption("--hostile-requests", type=int, default=250, help="how many hostile requests are sent")
    parser.addoption("--hostile-seed", type=int, default=1, help="which of them")


def pytest_configure(config):
    """Start the services once, before xdist's workers; each of those has a database of its own."""
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an ended run cleans up as after Ctrl-C
    services = ExitStack()
    config.add_cleanup(services.close)
    try:
        services.enter_context(embedded.running(settings.DATA_DIR, settings.EMBEDDED_SERVICES))
    except Refused as refusal:
        pytest.exit(str(refusal), returncode=1)
    services.callback(forget_queued_tasks)


def forget_queued_tasks():
    """No worker takes the tasks that tests send."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter(f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}*"):
            client.delete(key)


@pytest.hookimpl(tryfirst=True)  # before xdist looks at the groups
def pytest_collection_modifyitems(items):
    """Browser tests share one live desk, and fault tests one fleet, so one xdist worker runs all of a kind."""
    for item in items:
        if item.get_closest_marker("faults"):
            item.add_marker(pytest.mark.xdist_group("faults"))
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
        for kind, (program, reason) in PROGRAMS.items():
            if (
                item.get_closest_marker(kind)
                and not program.exists()
                and not os.environ.get("REQUIRE_BROWSER")
            ):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_runtest_setup(item):
    for kind, (program, reason) in PROGRAMS.items():
        if item.get_closest_marker(kind) and not program.exists():
            pytest.fail(reason)


def pytest_terminal_summary(terminalreporter):
    for kind, (_, reason) in PROGRAMS.items():
        skipped = sum(kind in report.keywords for report in terminalreporter.stats.get("skipped", []))
        if skipped:
            terminalreporter.write_line(f"{skipped} {kind} tests skipped: {reason}", yellow=True)


@pytest.fixture(autouse=True)
def clock_runs():
    """Known beforehand, so that no page's statements depend on which test came first."""
    cache.set(LAST_SWEEP, None, timeout=None)


@pytest.fixture
def client():
    return StrictClient()


@pytest.fixture
def published():
    """The names of the tasks that reached the broker."""
    names = []

    def note(sender, **_):
        names.append(sender)

    after_task_publish.connect(note)
    yield names
    after_task_publish.disconnect(note)


@pytest.fixture(scope="session")
def live_desk(tmp_path_factory):
    """A desk of real processes with the demo day, on a database of its own, with quick sweeps."""
    with fresh_services() as environment:
        desk = LiveDesk(
            tmp_path_factory.mktemp("desk"), SWEEP_SECONDS="2", DELIVERY_SECONDS="1", **environment
        )
        try:
            desk.wait_until_healthy()
            yield desk
        finally:
            exit_code = desk.stop()
        assert exit_code == 0, desk.log.read_text()


@pytest.fixture(scope="session")
def playwright(playwright):
    """While Playwright's event loop is there, tests have a database connection of their own, which ends with it."""
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, live_desk):
    return {
        **browser_context_args,
        "base_url": live_desk.url,
        "locale": "id-ID",
        "timezone_id": "Asia/Makassar",
    }
