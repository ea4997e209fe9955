"""The clock set across midnight: each office's day is that of its own wall, in WIB, WITA and WIT."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from consultations.enums import Act
from consultations.tasks import sweep_timers
from escalations.tasks import send_morning_digests
from notifications.models import Message
from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]
MOMENTS = ((0, 1), (7, 59), (8, 1), (16, 59), (17, 1), (23, 59))  # around the edges of a day


def at(zone, day, hour, minute=0):
    """A moment of November 2026: the 19th is a Thursday, and no holiday is near."""
    return datetime(2026, 11, day, hour, minute, tzinfo=zone)


@pytest.fixture
def set_clock(time_machine):
    """Set the clock; whatever beat asks for then happens."""

    def set_clock(moment):
        time_machine.move_to(moment, tick=False)
        sweep_timers()
        send_morning_digests()

    return set_clock


@pytest.fixture
def set_clock_through_the_weekend(set_clock, zone):
    def through():
        for day in (20, 21, 22, 23):  # Friday to Monday
            for hour, minute in MOMENTS:
                set_clock(at(zone, day, hour, minute))

    return through


@pytest.fixture(params=ZONES, ids=str)
def zone(request):
    return request.param


@pytest.fixture
def office(zone):
    return OfficeFactory(time_zone=str(zone))


@pytest.fixture
def cso(office):
    return StaffFactory(office=office, role=Role.CSO)


def test_a_minute_before_and_at_midnight_are_two_days_of_receipt(office, zone):
    before = ConsultationFactory(office=office, now=at(zone, 19, 23, 59))
    after = ConsultationFactory(office=office, now=at(zone, 20, 0, 0))
    assert before.due_at == at(zone, 24, 17)
    assert after.due_at == at(zone, 25, 17)


@pytest.mark.parametrize(
    ("asked_at", "missed"), [((19, 23, 59), [20, 23]), ((20, 0, 0), [23])], ids=["before", "after"]
)
def test_progress_is_missed_at_the_closing_of_local_working_days(
    office, zone, cso, set_clock_through_the_weekend, asked_at, missed
):
    asked = ConsultationFactory(office=office, officer=cso, now=at(zone, *asked_at))
    set_clock_through_the_weekend()
    found = asked.entries.filter(act=Act.MISS_PROGRESS).order_by("at")
    assert [entry.at for entry in found] == [at(zone, day, 17) for day in missed]


def test_the_digest_comes_once_each_local_working_day_and_names_that_day(
    office, zone, cso, set_clock_through_the_weekend
):
    ConsultationFactory(office=office, officer=cso, now=at(zone, 18, 10))
    set_clock_through_the_weekend()
    digests = Message.objects.filter(kind="digest").order_by("pk")
    assert [digest.created_at.astimezone(zone).date().day for digest in digests] == [20, 23]
    assert [digest.created_at.astimezone(zone).time() for digest in digests] == [time(8, 1)] * 2
    assert [digest.subject for digest in digests] == [
        "Pekerjaan hari ini, 20 November 2026",
        "Pekerjaan hari ini, 23 November 2026",
    ]


def test_a_clock_set_back_over_midnight_repeats_nothing(office, zone, cso, set_clock):
    asked = ConsultationFactory(office=office, officer=cso, now=at(zone, 18, 10))
    set_clock(at(zone, 20, 9))
    told, written = Message.objects.count(), asked.entries.count()
    set_clock(at(zone, 19, 23, 59))
    set_clock(at(zone, 20, 0, 1))
    set_clock(at(zone, 20, 9))
    assert (Message.objects.count(), asked.entries.count()) == (told, written)


def test_three_offices_open_and_close_one_after_the_other(db, set_clock):
    asked = [
        ConsultationFactory(
            office=(office := OfficeFactory(time_zone=str(zone))),
            officer=StaffFactory(office=office, role=Role.CSO),
            now=at(zone, 19, 23, 59),
        )
        for zone in ZONES
    ]
    closed = []
    for hour in (14, 15, 16, 17, 18):  # in Jakarta
        set_clock(at(ZONES[0], 20, hour, 30))
        closed.append(sum(each.entries.filter(act=Act.MISS_PROGRESS).exists() for each in asked))
    assert closed == [0, 1, 2, 3, 3]
