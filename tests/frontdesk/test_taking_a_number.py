"""Numbers: per office, local day and kind, free of gaps, and only while the queue is open."""

from datetime import date, datetime
from uuid import uuid4

import pytest

from consultations.errors import RuleError
from frontdesk.enums import PriorityReason, SegmentState
from frontdesk.models import QueueTicket
from frontdesk.queue import Visit, take_number
from offices.enums import HolidayKind, TimeZone
from offices.models import Holiday
from tests.factories import OfficeFactory
from tests.frontdesk.conftest import WITA


@pytest.fixture
def visit(office):
    return Visit(office.categories.get(code="RETUR"))


def test_regular_and_priority_numbers_count_apart(office, visit, now):
    elderly = Visit(visit.category, reason=PriorityReason.ELDERLY)
    labels = [take_number(office, each, now=now).label for each in (visit, elderly, visit, elderly)]
    assert labels == ["K-001", "P-001", "K-002", "P-002"]


def test_each_office_counts_for_itself(office, visit, now):
    take_number(office, visit, now=now)
    other = OfficeFactory()
    assert take_number(other, Visit(other.categories.first()), now=now).label == "K-001"


def test_each_local_day_begins_anew(office, visit, now):
    take_number(office, visit, now=now)
    assert take_number(office, visit, now=now.replace(day=24)).label == "K-001"


def test_the_day_is_the_offices_own(visit, office):
    early_in_wita = datetime(2026, 11, 24, 8, 0, tzinfo=WITA)  # still the 24th at midnight UTC
    assert take_number(office, visit, now=early_in_wita).day == date(2026, 11, 24)


def test_a_number_waits_from_the_moment_it_is_given(office, visit, now):
    (segment,) = take_number(office, visit, now=now).segments.all()
    assert (segment.state, segment.started_at, segment.ended_at) == (SegmentState.WAITING, now, None)


def test_the_same_form_sent_twice_gives_one_number(office, visit, now):
    once = Visit(visit.category, submission_id=uuid4())
    assert take_number(office, once, now=now) == take_number(office, once, now=now)
    assert QueueTicket.objects.count() == 1


def test_the_same_form_sent_to_two_offices_gives_a_number_of_each(office, visit, now):
    other, once = OfficeFactory(), uuid4()
    here = take_number(office, Visit(visit.category, submission_id=once), now=now)
    there = take_number(other, Visit(other.categories.get(code="RETUR"), submission_id=once), now=now)
    assert (here.office, there.office) == (office, other)
    assert QueueTicket.objects.count() == 2


@pytest.mark.parametrize(
    ("hour", "minute", "says"),
    [
        (7, 59, "buka lagi hari ini pukul 08.00 WITA"),
        (15, 0, "buka lagi besok pukul 08.00 WITA"),
    ],
)
def test_outside_the_queues_hours_it_says_when_it_opens(office, visit, now, hour, minute, says):
    with pytest.raises(RuleError, match=says):
        take_number(office, visit, now=now.replace(hour=hour, minute=minute))
    assert not QueueTicket.objects.exists()


def test_the_hours_are_those_of_the_offices_zone(visit, office, now):
    office.time_zone = TimeZone.WIB
    office.save()
    with pytest.raises(RuleError, match=r"pukul 08\.00 WIB"):
        take_number(office, visit, now=now.replace(hour=8, minute=30))  # half past seven in WIB


def test_a_free_day_is_named(office, visit, now):
    Holiday.objects.create(office=office, date=now.date(), name="Pilkada", kind=HolidayKind.LOCAL)
    with pytest.raises(RuleError, match="Pilkada"):
        take_number(office, visit, now=now)


def test_the_reason_of_a_priority_is_no_part_of_what_is_called(office, visit, now):
    ticket = take_number(office, Visit(visit.category, reason=PriorityReason.PREGNANT), now=now)
    assert str(ticket) == "P-001"
