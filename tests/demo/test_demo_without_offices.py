"""Without offices there is no demo to show."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from demo.day import play

pytestmark = pytest.mark.django_db


def test_seeding_says_what_to_do_first():
    with pytest.raises(CommandError, match="load_offices"):
        call_command("seed_demo", stdout=StringIO())


def test_no_fortnight_is_played():
    assert play([], datetime(2026, 11, 19, 4, tzinfo=UTC)) == 0
