from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from offices.enums import Role
from surveys.elements import ELEMENTS
from tests.factories import OfficeFactory, StaffFactory

WITA = ZoneInfo("Asia/Makassar")


@pytest.fixture
def at():
    """`at(20, 10)` is 20 November 2026, 10.00 WITA, a Friday."""

    def moment(day, hour=10, minute=0, *, month=11):
        return datetime(2026, month, day, hour, minute, tzinfo=WITA)

    return moment


@pytest.fixture
def office(db):
    return OfficeFactory()


@pytest.fixture
def cso(office):
    return StaffFactory(office=office, role=Role.CSO)


@pytest.fixture
def answers():
    """Everything "baik", and nothing said about oneself."""
    return dict.fromkeys((element.name for element in ELEMENTS), 3)
