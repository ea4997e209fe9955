"""What holds for every calendar, not only for this year's."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from offices.calendar import (
    Interval,
    Special,
    WorkCalendar,
    add_working_time,
    closing,
    due_moment,
    explain_due,
    is_open,
    is_working_day,
    opening,
    service_on,
    take_working_time,
    working_time_between,
)
from offices.dates import format_day_date
from offices.enums import TimeZone

ZONES = st.sampled_from([ZoneInfo(zone) for zone in TimeZone.values])
BOUNDS = st.lists(st.integers(6 * 60, 21 * 60), min_size=2, max_size=6, unique=True)


def intervals(minutes):
    """Opening and closing in turn, so that breaks of any length lie between."""
    clocks = [time(*divmod(minute, 60)) for minute in sorted(minutes)]
    return tuple(Interval(*pair) for pair in zip(clocks[::2], clocks[1::2], strict=False))


HOURS = BOUNDS.map(intervals)
DAYS = st.dates(min_value=date(2026, 10, 1), max_value=date(2027, 4, 30))
CALENDARS = st.builds(
    WorkCalendar,
    zone=ZONES,
    week=st.dictionaries(st.integers(0, 6), HOURS, min_size=1),
    free=st.dictionaries(DAYS, st.just("libur"), max_size=60),
    extra=st.dictionaries(DAYS, st.just("layanan akhir tahun"), max_size=10),
    special=st.dictionaries(DAYS, st.builds(Special, st.just("Ramadan"), st.just(()) | HOURS), max_size=40),
)
MOMENTS = st.builds(datetime.combine, DAYS, st.times(), st.just(UTC))
WORKING_DAYS = st.integers(1, 8)


@given(CALENDARS, MOMENTS, WORKING_DAYS)
def test_due_moment_is_the_closing_of_a_working_day(calendar, anchor, n):
    due = due_moment(calendar, anchor, n)
    assert is_working_day(calendar, due.date())
    assert due == closing(calendar, due.date())


@given(CALENDARS, MOMENTS, WORKING_DAYS)
def test_exactly_n_working_days_lie_after_the_anchor_up_to_the_due_day(calendar, anchor, n):
    first, last = anchor.astimezone(calendar.zone).date(), due_moment(calendar, anchor, n).date()
    after = [first + timedelta(days=step) for step in range(1, (last - first).days + 1)]
    assert sum(is_working_day(calendar, day) for day in after) == n


@given(CALENDARS, MOMENTS, MOMENTS, WORKING_DAYS)
def test_later_question_is_never_due_earlier(calendar, one, other, n):
    earlier, later = sorted((one, other))
    assert due_moment(calendar, earlier, n) <= due_moment(calendar, later, n)


@given(CALENDARS, MOMENTS, WORKING_DAYS)
def test_trace_has_a_line_for_each_day_and_ends_on_the_due_day(calendar, anchor, n):
    due, trace = due_moment(calendar, anchor, n), explain_due(calendar, anchor, n)
    assert trace[-1].startswith(format_day_date(due.date()))
    assert trace[-1].endswith(f"hari kerja ke-{n}, batas waktu jawaban pukul {due:%H.%M %Z}")
    assert len(trace) == (due.date() - anchor.astimezone(calendar.zone).date()).days + 1


@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up(calendar, a, b, c):
    whole = working_time_between(calendar, a, c)
    assert working_time_between(calendar, a, b) + working_time_between(calendar, b, c) == whole


@given(CALENDARS, MOMENTS, st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=3)))
def test_added_working_time_is_reached_there_and_not_before(calendar, start, delta):
    end = add_working_time(calendar, start, delta)
    assert working_time_between(calendar, start, end) == delta
    assert working_time_between(calendar, start, end - timedelta(microseconds=1)) < delta


@given(CALENDARS, MOMENTS, st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=3)))
def test_taken_working_time_is_left_there_and_not_after(calendar, end, delta):
    start = take_working_time(calendar, end, delta)
    assert working_time_between(calendar, start, end) == delta
    assert working_time_between(calendar, start + timedelta(microseconds=1), end) < delta


@given(CALENDARS, DAYS)
def test_a_day_is_worked_in_disjoint_intervals_from_its_opening_to_its_closing(calendar, day):
    service = service_on(calendar, day)
    assert bool(service) == is_working_day(calendar, day)
    assert all(before[1] <= after[0] for before, after in pairwise(service))
    assert all(opens < closes for opens, closes in service)
    if service:
        assert (service[0][0], service[-1][1]) == (opening(calendar, day), closing(calendar, day))


@given(CALENDARS, MOMENTS)
def test_a_service_is_open_exactly_while_working_time_passes(calendar, now):
    passed = working_time_between(calendar, now, now + timedelta(microseconds=1))
    assert is_open(calendar, now) == bool(passed)


@given(CALENDARS, MOMENTS, MOMENTS)
def test_a_free_or_closed_day_has_no_working_time(calendar, start, end):
    start, end = sorted((start, end))
    days = (end - start).days + 1
    span = [start.astimezone(calendar.zone).date() + timedelta(days=step) for step in range(days + 1)]
    longest = sum(
        (closes - opens for day in span for opens, closes in service_on(calendar, day)), timedelta()
    )
    assert timedelta() <= working_time_between(calendar, start, end) <= longest
    assert not any(service_on(calendar, day) for day in calendar.free.keys() - calendar.extra.keys())
