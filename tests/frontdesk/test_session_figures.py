"""Today's figures at the desk: a service is a session; for a number served without one, its time at the counter."""

import pytest

from consultations import actors, lifecycle
from consultations.enums import Source
from frontdesk import calls, sessions
from frontdesk.enums import SessionOutcome
from frontdesk.figures import todays_figures
from frontdesk.sessions import Ending
from tests.factories import StakeholderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(office, now):
    person = StakeholderFactory(office=office)
    contact = lifecycle.Contact(person.name, person.phone)
    category = office.categories.get(code="RETUR")

    def ending(question):
        intake = lifecycle.Intake(
            source=Source.COUNTER,
            category=category,
            stakeholder=person,
            contact=contact,
            question=question,
            received_at=now,
        )
        return Ending(outcome=SessionOutcome.FOLLOW_UP, intake=intake)

    return ending


def call_and_serve(office, shift, take, begin, minutes):
    take(minute=begin)
    ticket = calls.call_next(shift, now=minutes(begin))
    return sessions.start(office, shift.officer, now=minutes(begin), ticket=ticket)


def test_two_topics_of_one_number_are_two_services(office, shift, take, minutes, answered):
    first = call_and_serve(office, shift, take, 0, minutes)
    by = actors.officer(shift.officer)
    second = sessions.finish(first, answered("Satu"), by=by, now=minutes(18), version=0, goes_on=True)
    sessions.finish(second, answered("Dua"), by=by, now=minutes(30), version=0)
    figures = todays_figures(office, 20, minutes(31))
    assert (figures.served, figures.median_minutes, figures.share_within) == (2, 15, 100)


def test_a_number_served_without_a_session_counts_by_its_time_at_the_counter(office, shift, take, minutes):
    take()
    ticket = calls.call_next(shift, now=minutes(0))
    calls.start_serving(ticket, officer=shift.officer, now=minutes(1))
    calls.finish(ticket, now=minutes(26))
    figures = todays_figures(office, 20, minutes(31))
    assert (figures.served, figures.median_minutes, figures.share_within) == (1, 25, 0)


def test_a_forgotten_service_is_counted_but_not_measured(office, shift, take, minutes, now):
    call_and_serve(office, shift, take, 0, minutes)
    sessions.end_forgotten(now.replace(hour=17))
    figures = todays_figures(office, 20, now.replace(hour=18))
    assert (figures.served, figures.median_minutes, figures.share_within) == (1, None, None)


def test_who_left_was_not_served(office, shift, take, minutes):
    session = call_and_serve(office, shift, take, 0, minutes)
    gone = Ending(outcome=SessionOutcome.LEFT, visitor=StakeholderFactory(office=office))
    sessions.finish(session, gone, by=actors.officer(shift.officer), now=minutes(2), version=0)
    assert todays_figures(office, 20, minutes(3)).served == 0
