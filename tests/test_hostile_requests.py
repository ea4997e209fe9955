"""Hostile requests to every address as every kind of person: none of them breaks a page.

Some 250 in each run of the tests; `--hostile-requests 20000 --hostile-seed 7` sends as many, and others.
"""

import logging

import pytest

from tests.fuzz import Fuzz
from tests.test_access import World

pytestmark = pytest.mark.django_db


def test_no_request_breaks_a_page(settings, tmp_path, caplog, request):
    settings.MEDIA_ROOT = tmp_path
    caplog.set_level(logging.CRITICAL)
    fuzz = Fuzz(World(), request.config.getoption("hostile_seed"))
    fuzz.run(request.config.getoption("hostile_requests"))
    assert not fuzz.failures, "\n".join(f"{kind}\n    {what}" for kind, what in fuzz.failures.items())
    assert sum(fuzz.statuses.values()) == request.config.getoption("hostile_requests")
