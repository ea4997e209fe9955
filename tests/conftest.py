"""The harness: services for the run, and what every test may ask for."""

from contextlib import ExitStack

import pytest
from django.conf import settings

from config import embedded
from config.terminal import Refused


def pytest_configure(config):
    """Start the services once, before xdist's workers; each of those has a database of its own."""
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
    services = ExitStack()
    config.add_cleanup(services.close)
    try:
        services.enter_context(embedded.running(settings.DATA_DIR, settings.EMBEDDED_SERVICES))
    except Refused as refusal:
        pytest.exit(str(refusal), returncode=1)
