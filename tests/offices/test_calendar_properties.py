"""What holds for every calendar, not only for this year's."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from offices.calendar import (
    WorkCalendar,
    add_working_time,
    closing,
    due_moment,
    explain_due,
    is_working_day,
    working_time_between,
)
from offices.dates import format_day_date
from offices.enums import TimeZone

ZONES = st.sampled_from([ZoneInfo(zone) for zone in TimeZone.values])
HOURS = st.tuples(
    st.times(min_value=time(6), max_value=time(11, 59)), st.times(min_value=time(12), max_value=time(21))
)
DAYS = st.dates(min_value=date(2026, 10, 1), max_value=date(2027, 4, 30))
CALENDARS = st.builds(
    WorkCalendar,
    zone=ZONES,
    hours=st.dictionaries(st.integers(0, 6), HOURS, min_size=1),
    free=st.dictionaries(DAYS, st.just("libur"), max_size=60),
    extra=st.dictionaries(DAYS, st.just("layanan akhir tahun"), max_size=10),
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
