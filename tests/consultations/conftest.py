from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from consultations import actors
from offices.enums import Role
from tests.clamserver import ClamServer
from tests.factories import OfficeFactory, StaffFactory

WITA = ZoneInfo("Asia/Makassar")


@pytest.fixture
def at():
    """`at(20, 10)` is 20 November 2026, 10.00 WITA, a Friday; no holiday is near."""

    def moment(day, hour=10, minute=0, *, month=11, year=2026):
        return datetime(year, month, day, hour, minute, tzinfo=WITA)

    return moment


@pytest.fixture
def office(db):
    return OfficeFactory()


@pytest.fixture
def cso(office):
    return StaffFactory(office=office, role=Role.CSO)


@pytest.fixture
def officer(cso):
    return actors.officer(cso)


@pytest.fixture
def unit_head(office):
    return StaffFactory(office=office, role=Role.UNIT_HEAD, unit=office.units.get(code="BANK"))


@pytest.fixture
def office_head(office):
    return StaffFactory(office=office, role=Role.OFFICE_HEAD)


@pytest.fixture
def clam(settings, tmp_path):
    """A ClamAV that the desk is configured with; uploads are the test's own."""
    settings.MEDIA_ROOT = tmp_path
    with ClamServer() as server:
        settings.CLAMD_URL = server.url
        yield server
