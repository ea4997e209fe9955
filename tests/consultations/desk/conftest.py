import pytest

from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory


@pytest.fixture(autouse=True)
def _monday_morning(time_machine, at):
    time_machine.move_to(at(23, 9), tick=False)


@pytest.fixture
def desk(client, cso):
    """The browser of an officer who is signed in."""
    client.force_login(cso)
    return client


@pytest.fixture
def colleague(office):
    return StaffFactory(office=office, role=Role.CSO, full_name="Rekan Petugas")


@pytest.fixture
def receptionist(office):
    return StaffFactory(office=office, role=Role.RECEPTIONIST)


@pytest.fixture
def office_admin(office):
    return StaffFactory(office=office, role=Role.OFFICE_ADMIN)


@pytest.fixture
def other_cso(db):
    return StaffFactory(office=OfficeFactory(), role=Role.CSO)


@pytest.fixture
def consultation(office, cso, at):
    """Received on Friday 20 November through the form, taken by the officer; due on Wednesday 25 November."""
    return ConsultationFactory(office=office, now=at(20), officer=cso)


@pytest.fixture
def page_of():
    def page_of(consultation, act=""):
        return f"/meja/konsultasi/{consultation.number}/{act and f'{act}/'}"

    return page_of
