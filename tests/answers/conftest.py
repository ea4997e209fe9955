from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from answers.services import Content
from offices.enums import Role
from tests.factories import OfficeFactory, StaffFactory

WITA = ZoneInfo("Asia/Makassar")


@pytest.fixture
def at():
    """`at(20, 10)` is 20 November 2026, 10.00 WITA, a Friday; no holiday is near."""

    def moment(day, hour=10, minute=0, *, month=11, year=2026):
        return datetime(year, month, day, hour, minute, tzinfo=WITA)

    return moment


@pytest.fixture(autouse=True)
def _a_friday(time_machine, at):
    time_machine.move_to(at(20), tick=False)


@pytest.fixture
def office(db):
    return OfficeFactory(slug="mataram", name="KPPN Mataram")


@pytest.fixture
def cso(office):
    return StaffFactory(office=office, role=Role.CSO)


@pytest.fixture
def content(office):
    """`content(question="...")` is what an answer says; each test changes what it is about."""

    def make(**changed):
        said = {
            "category": office.categories.get(code="RETUR"),
            "question": "Mengapa SP2D diretur oleh bank?",
            "summary": "Karena nama dan nomor rekening penerima tidak sama.",
            "answer": "Sampaikan surat ralat rekening kepada KPPN.",
            "valid_from": date(2026, 11, 1),
            "review_on": date(2027, 5, 1),
        }
        return Content(**{**said, **changed})

    return make
