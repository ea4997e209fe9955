from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from consultations import actors
from escalations import services
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
def bank(office):
    return office.units.get(code="BANK")


@pytest.fixture
def treasury(office):
    return office.units.get(code="PD")


@pytest.fixture
def cso(office):
    return StaffFactory(office=office, role=Role.CSO, full_name="Ayu Lestari")


@pytest.fixture
def officer(cso):
    return actors.officer(cso)


@pytest.fixture
def bank_head(office, bank):
    return StaffFactory(office=office, role=Role.UNIT_HEAD, unit=bank, full_name="Budi Santoso")


@pytest.fixture
def treasury_head(office, treasury):
    return StaffFactory(office=office, role=Role.UNIT_HEAD, unit=treasury, full_name="Citra Dewi")


@pytest.fixture
def office_head(office):
    return StaffFactory(office=office, role=Role.OFFICE_HEAD, full_name="Dian Permata")


@pytest.fixture
def consultation(office, cso, at):
    """Taken by the officer on Friday 20 November; its category routes to Seksi Bank."""
    return ConsultationFactory(office=office, now=at(20), officer=cso)


@pytest.fixture
def escalation(consultation, bank, bank_head, officer, at):
    return services.escalate(
        consultation, bank, "Apakah rekening pasif boleh dipakai?", by=officer, now=at(20, 11)
    )
