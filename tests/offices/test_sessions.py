"""Expired sign-ins do not stay in the database."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from offices import sessions

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored():
    now = timezone.now()
    ends = {"lama": -timedelta(days=2), "baru": -timedelta(hours=1), "jalan": timedelta(hours=1)}
    Session.objects.bulk_create(Session(session_key=key, expire_date=now + end) for key, end in ends.items())
    return now


def kept():
    return set(Session.objects.values_list("session_key", flat=True))


def test_expired_ones_are_deleted_and_the_others_stay(stored):
    assert sessions.forget_expired(stored) == 2
    assert kept() == {"jalan"}


def test_a_run_is_bounded_and_takes_the_longest_expired_first(stored, monkeypatch):
    monkeypatch.setattr(sessions, "MOST_FORGOTTEN", 1)
    assert sessions.forget_expired(stored) == 1
    assert kept() == {"baru", "jalan"}
