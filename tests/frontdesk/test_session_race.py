"""Two tabs, two presses, the clock and the officer: each thing happens once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from consultations import actors, lifecycle
from consultations.enums import Source
from consultations.errors import RuleError
from consultations.models import Consultation
from frontdesk import sessions
from frontdesk.enums import SessionOutcome
from frontdesk.models import ServiceSession
from frontdesk.sessions import Ending
from offices.enums import Role
from tests.factories import OfficeFactory, StaffFactory, StakeholderFactory

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 6


@pytest.fixture
def office(transactional_db):
    return OfficeFactory()


@pytest.fixture
def cso(office):
    return StaffFactory(office=office, role=Role.CSO)


@pytest.fixture
def session(office, cso, now):
    return sessions.start(office, cso, now=now)


def at_once(job):
    """Run a job in as many threads as there are tabs; each answers its result or what refused it."""
    start = Barrier(TABS)

    def run(tab):
        try:
            start.wait()
            return job(tab)
        except RuleError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(TABS) as pool:
        return list(pool.map(run, range(TABS)))


def test_of_many_presses_one_begins_a_session(office, cso, now):
    begun = at_once(lambda _: sessions.start(office, cso, now=now))
    assert sum(isinstance(each, ServiceSession) for each in begun) == 1
    assert ServiceSession.objects.count() == 1


def test_of_tabs_that_save_at_once_one_is_kept_and_the_others_told(session, now):
    saved = at_once(lambda tab: sessions.save_draft(session, {"name": [f"Tab {tab}"]}, version=0, now=now))
    (winner,) = [tab for tab, result in enumerate(saved) if result == 1]
    session.refresh_from_db()
    assert (session.draft, session.draft_version) == ({"name": [f"Tab {winner}"]}, 1)
    assert sum(isinstance(each, sessions.DraftConflictError) for each in saved) == TABS - 1


def test_an_end_sent_many_times_at_once_records_one_consultation(session, office, cso, now, minutes):
    person = StakeholderFactory(office=office)
    intake = lifecycle.Intake(
        source=Source.COUNTER,
        category=office.categories.get(code="RETUR"),
        stakeholder=person,
        contact=lifecycle.Contact(person.name, person.phone),
        question="Mengapa SP2D kami diretur?",
        received_at=now,
    )
    ending, by = Ending(outcome=SessionOutcome.FOLLOW_UP, intake=intake), actors.officer(cso)
    ended = at_once(lambda _: sessions.finish(session, ending, by=by, now=minutes(9), version=0))
    assert {each.consultation_id for each in ended} == {Consultation.objects.get().pk}


def test_two_workers_forget_a_session_once(session, now):
    assert sum(at_once(lambda _: sessions.end_forgotten(now.replace(hour=17)))) == 1
