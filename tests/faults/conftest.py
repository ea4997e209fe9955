"""One PostgreSQL, one Valkey and one mail server for all faults; the processes are each test's own."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections
from django.utils import timezone

from config import addresses, embedded
from consultations.models import Entry
from notifications.enums import MessageStatus
from notifications.models import Message
from offices.enums import Role
from tests.factories import PASSWORD, OfficeFactory, StaffFactory
from tests.faults.fleet import BOTH, Fleet
from tests.faults.mailserver import MailServer


@pytest.fixture(scope="session")
def prepared_fleet(tmp_path_factory):
    data_dir = tmp_path_factory.mktemp("fleet") / "data"
    with embedded.running(data_dir, BOTH):
        fleet = Fleet(data_dir)
        fleet.manage("prepare")
        try:
            yield fleet
        finally:
            fleet.kill_all()
            fleet.start_services()  # a stopped Valkey would not end when asked to


@pytest.fixture
def mail(prepared_fleet):
    """The mail server, which takes everything unless told otherwise."""
    with MailServer(prepared_fleet.mail_port) as server:
        yield server


@pytest.fixture
def fleet(prepared_fleet, mail, django_db_blocker):
    """Nothing runs and nothing is stored; Django's default connection is to the fleet's own database."""
    prepared_fleet.start_services()
    prepared_fleet.empty()
    of_the_tests = connections["default"]
    place = {**of_the_tests.settings_dict, **addresses.database(prepared_fleet.data_dir), "PASSWORD": ""}
    with django_db_blocker.unblock():
        connections["default"] = type(of_the_tests)(place, "default")
        try:
            yield prepared_fleet
        finally:
            connections["default"].close()
            connections["default"] = of_the_tests
            mail.may_answer.set()
            prepared_fleet.kill_all()


@pytest.fixture
def office(fleet):
    return OfficeFactory()


@pytest.fixture
def cso(office):
    """An officer who can sign in at the fleet's web."""
    password = Argon2PasswordHasher().encode(PASSWORD, "garam-uji")
    return StaffFactory(office=office, role=Role.CSO, password=password)


@pytest.fixture
def head(office):
    return StaffFactory(office=office, role=Role.OFFICE_HEAD)


@pytest.fixture
def long_ago():
    """Long enough for every deadline to have passed, whatever the holidays."""
    return timezone.now() - timedelta(days=21)


@pytest.fixture
def acts(office):
    """The timeline lines of one kind, of all the office's consultations."""

    def acts(act):
        return Entry.objects.filter(consultation__office=office, act=act)

    return acts


@pytest.fixture
def all_left(fleet):
    """Wait until no message waits any more."""

    def all_left():
        waiting = Message.objects.filter(status=MessageStatus.QUEUED)
        fleet.until(lambda: not waiting.exists(), "every message has left")

    return all_left
