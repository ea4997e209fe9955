"""Staff read on every page when reminders and messages do not leave."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone

from config import health
from offices.dates import format_moment
from offices.enums import Role
from offices.models import Heartbeat
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def running():
    Heartbeat.objects.create(name=health.SWEEP, beat_at=timezone.now())


def silent_for(age):
    Heartbeat.objects.filter(name=health.SWEEP).update(beat_at=timezone.now() - age)


@pytest.fixture
def desk_page(client):
    staff = StaffFactory(role=Role.CSO)
    client.force_login(staff)

    def desk_page():
        cache.delete(health.LAST_SWEEP)
        return client.get("/meja/").content.decode()

    desk_page.office = staff.office
    return desk_page


def test_staff_are_told_when_the_clock_has_stood_for_three_minutes(desk_page, running):
    silent_for(timedelta(seconds=170))
    assert "Penjadwal" not in desk_page()
    silent_for(timedelta(hours=1))
    since = format_moment(Heartbeat.objects.get(name=health.SWEEP).beat_at, desk_page.office.zone)
    assert (
        f"Penjadwal tidak berjalan sejak {since}; pengingat dan pesan tertunda. Hubungi administrator."
        in desk_page()
    )


def test_a_desk_whose_clock_has_never_run_is_not_interrupted(desk_page):
    assert "Penjadwal" not in desk_page()


def test_pages_ask_once_in_a_while(running, django_assert_num_queries):
    cache.delete(health.LAST_SWEEP)
    with django_assert_num_queries(1):
        health.standstill(timezone.now())
        health.standstill(timezone.now())


def test_somebody_without_an_office_reads_it_in_the_projects_zone(rf, running):
    silent_for(timedelta(hours=1))
    cache.delete(health.LAST_SWEEP)
    request = rf.get("/sandi/")
    request.user = AnonymousUser()
    assert health.clock(request)["clock_stands_since"]().endswith("WITA")
