"""Today's figures, and the estimate that rests on them."""

import pytest

from frontdesk import calls
from frontdesk.estimate import place_of
from frontdesk.figures import todays_figures


@pytest.fixture
def serve(shift, take, cso, minutes):
    """`serve(0, 12)` is a visit whose service began at nine and took twelve minutes."""

    def visit(start, length, **ending):
        take()
        ticket = calls.call_next(shift, now=minutes(start))
        calls.start_serving(ticket, officer=cso, now=minutes(start))
        return calls.finish(ticket, now=minutes(start + length), **ending)

    return visit


def test_a_day_that_has_not_begun_has_no_figures(office, now):
    figures = todays_figures(office, 20, now)
    assert (figures.waiting, figures.served) == (0, 0)
    assert (figures.longest_wait, figures.median_minutes, figures.share_within) == (None, None, None)


def test_who_waits_and_for_how_long(office, take, minutes):
    take(minute=0)
    take(minute=7)
    figures = todays_figures(office, 20, minutes(10))
    assert (figures.waiting, figures.longest_wait) == (2, 10)


def test_median_and_share_within_the_standard(office, serve, minutes):
    for start, length in ((0, 10), (10, 20), (30, 25)):
        serve(start, length)
    figures = todays_figures(office, 20, minutes(60))
    assert (figures.served, figures.median_minutes, figures.share_within) == (3, 20, 67)


def test_a_service_that_nobody_ended_is_served_but_in_no_average(office, serve, minutes):
    serve(0, 10)
    serve(10, 300, accurate=False)
    figures = todays_figures(office, 20, minutes(400))
    assert (figures.served, figures.median_minutes, figures.share_within) == (2, 10, 100)


def test_yesterday_is_not_today(office, serve, now):
    serve(0, 10)
    assert todays_figures(office, 20, now.replace(day=24)).served == 0


def test_the_estimate_rests_on_todays_services(serve, take, minutes):
    for start in (0, 8, 16):
        serve(start, 8)
    take(minute=24)
    place = place_of(take(minute=24), standard_minutes=20, now=minutes(24))
    assert (place.ahead, place.minutes) == (1, 20)  # two services of eight minutes, in steps of five


@pytest.mark.usefixtures("shift", "colleague")
def test_two_counters_halve_the_wait(take, now):
    take()
    assert place_of(take(), standard_minutes=20, now=now).minutes == 20


def test_a_paused_counter_does_not_count(shift, take, now):
    calls.pause(shift, now=now)
    assert place_of(take(), standard_minutes=20, now=now).minutes is None
