from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from consultations import actors, lifecycle
from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory

WITA = ZoneInfo("Asia/Makassar")


@pytest.fixture
def at():
    """`at(20, 10)` is 20 November 2026, 10.00 WITA, a Friday; no holiday is near."""

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
def officer(cso):
    return actors.officer(cso)


@pytest.fixture
def answered(office, cso, officer, at):
    """An answer to a question, each at its moment."""

    def answer(asked, at_last):
        consultation = ConsultationFactory(office=office, now=asked, officer=cso)
        return lifecycle.resolve(consultation, "Sudah dapat diajukan.", by=officer, now=at_last)

    return answer
