from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from frontdesk import calls
from frontdesk.enums import PriorityReason
from offices.enums import Role
from tests.factories import CounterFactory, OfficeFactory, QueueTicketFactory, StaffFactory

WITA = ZoneInfo("Asia/Makassar")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=WITA)


@pytest.fixture
def now():
    """A Monday, nine o'clock on the wall of the office, which is open."""
    return MONDAY


@pytest.fixture
def minutes(now):
    """`minutes(5)` is five minutes after nine."""
    return lambda count: now + timedelta(minutes=count)


@pytest.fixture
def office(db):
    return OfficeFactory()


@pytest.fixture
def cso(office):
    return StaffFactory(office=office, role=Role.CSO, full_name="Ida Ayu Kartika")


@pytest.fixture
def counter(office):
    return CounterFactory(office=office, number=1)


@pytest.fixture
def shift(counter, cso, now):
    return calls.open_counter(counter, cso, now=now)


@pytest.fixture
def colleague(office, now):
    """The shift of another officer, at counter 2."""
    officer = StaffFactory(office=office, role=Role.CSO, full_name="Made Wirawan")
    return calls.open_counter(CounterFactory(office=office, number=2), officer, now=now)


@pytest.fixture
def take(office, now):
    """`take("K")` or `take("P", minute=3)` gives a number of that kind, by default at nine."""

    def give(kind="K", minute=0, **kwargs):
        reason = PriorityReason.ELDERLY if kind == "P" else ""
        moment = now + timedelta(minutes=minute)
        return QueueTicketFactory(office=office, reason=reason, now=moment, **kwargs)

    return give


@pytest.fixture
def at_nine(time_machine, now):
    """The pages too live at nine o'clock."""
    time_machine.move_to(now, tick=False)
    return time_machine


@pytest.fixture
def signed_in(client, cso, at_nine):
    client.force_login(cso)
    return client
