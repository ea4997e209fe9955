"""Who held a question and for how long: turns derived from the timeline, in working time."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations import actors, lifecycle
from consultations.enums import OPEN_STATUSES, Act, ActorKind, Holder, Status
from consultations.models import DocumentItem, Entry
from consultations.sweep import sweep
from consultations.time_held import HOLDERS, Held, held_by, time_held
from escalations import services as escalations
from offices.calendar import Interval, WorkCalendar, working_time_between
from offices.calendars import calendar_of
from tests.consultations.conftest import WITA
from tests.factories import ConsultationFactory, paper
from tests.offices.test_calendar_properties import CALENDARS, MOMENTS

OFFICE_WEEK = WorkCalendar(zone=WITA, week=dict.fromkeys(range(5), (Interval(time(8), time(17)),)))
STATUSES, KINDS = st.sampled_from(Status), st.sampled_from(ActorKind)
PEOPLE = st.sampled_from([ActorKind.OFFICER, ActorKind.HEAD, ActorKind.STAKEHOLDER])
LATER = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=4))


def line(at, status, *, by=ActorKind.OFFICER):
    return Entry(act=Act.NOTE, at=at, recorded_at=at, actor_kind=by, status=status)


@st.composite
def timelines(draw, statuses=STATUSES, people=KINDS):
    """A timeline in order, opened by the stakeholder, and a moment at or after its last line."""
    at = draw(MOMENTS)
    entries = [line(at, Status.NEW, by=ActorKind.STAKEHOLDER)]
    for later, status, by in draw(st.lists(st.tuples(LATER, statuses, people), max_size=8)):
        at += later
        entries.append(line(at, status, by=by))
    return entries, at + draw(LATER)


# What holds for every timeline


@given(timelines(), CALENDARS)
def test_turns_are_in_order_and_disjoint_and_none_is_empty(timeline, calendar):
    turns = time_held(timeline[0], calendar, timeline[1])
    assert all(turn.start < turn.end for turn in turns)
    assert all(one.end <= other.start for one, other in pairwise(turns))


@given(timelines(), CALENDARS)
def test_turns_that_touch_have_different_holders(timeline, calendar):
    turns = time_held(timeline[0], calendar, timeline[1])
    assert all(one.holder != other.holder for one, other in pairwise(turns) if one.end == other.start)


@given(timelines(statuses=st.sampled_from(OPEN_STATUSES)), CALENDARS)
def test_an_unanswered_question_is_held_from_receipt_until_now_without_a_gap(timeline, calendar):
    entries, now = timeline
    turns = time_held(entries, calendar, now)
    covered = [(turn.start, turn.end) for turn in turns]
    ends = [entries[0].at, *(end for _, end in covered)]
    assert [start for start, _ in covered] == ends[:-1]
    assert ends[-1] == now


@given(timelines(statuses=st.sampled_from(OPEN_STATUSES)), CALENDARS)
def test_the_holders_times_add_up_to_the_working_time_since_receipt(timeline, calendar):
    entries, now = timeline
    worked = held_by(time_held(entries, calendar, now))
    assert sum(worked.values(), timedelta()) == working_time_between(calendar, entries[0].at, now)


@given(timelines(people=PEOPLE), CALENDARS)
def test_at_every_moment_the_holder_is_the_one_whom_the_last_line_names(timeline, calendar):
    entries, now = timeline
    turns = time_held(entries, calendar, now)
    for entry, after in pairwise([*entries, line(now, Status.CLOSED)]):
        middle = entry.at + (after.at - entry.at) / 2
        if entry.at < middle < after.at:
            held = [turn.holder for turn in turns if turn.start <= middle < turn.end]
            holder = HOLDERS.get(Status(entry.status))
            assert held == ([holder] if holder else [])


@given(timelines(), CALENDARS, LATER)
def test_looking_back_from_earlier_cuts_the_last_turn_and_changes_no_other(timeline, calendar, back):
    entries, now = timeline
    until = now - back
    cut = [(turn.holder, turn.start, min(turn.end, until)) for turn in time_held(entries, calendar, now)]
    seen = [(turn.holder, turn.start, turn.end) for turn in time_held(entries, calendar, until)]
    assert seen == [turn for turn in cut if turn[1] < until]


@given(timelines(people=PEOPLE), CALENDARS, STATUSES, st.integers(0, 8))
def test_what_the_clock_writes_moves_no_turn(timeline, calendar, status, place):
    entries, now = timeline
    place = min(place, len(entries) - 1)
    reminder = line(entries[place].at, status, by=ActorKind.SYSTEM)
    with_reminder = [*entries[: place + 1], reminder, *entries[place + 1 :]]
    assert time_held(with_reminder, calendar, now) == time_held(entries, calendar, now)


def test_an_empty_timeline_is_held_by_nobody():
    assert time_held([], OFFICE_WEEK, datetime(2026, 11, 23, tzinfo=UTC)) == []


# As the acts of the lifecycle leave it


@pytest.fixture
def turns(at):
    def turns(consultation, until):
        calendar = calendar_of(consultation.office)
        return [
            (turn.holder, turn.start, turn.end, turn.worked)
            for turn in time_held(consultation.entries.all(), calendar, until)
        ]

    return turns


def hours(number):
    return timedelta(hours=number)


@pytest.mark.django_db
def test_documents_asked_for_are_the_stakeholders_time_until_they_come(turns, office, cso, officer, at):
    consultation = ConsultationFactory(office=office, officer=cso, now=at(19))
    lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(19, 12))
    item = DocumentItem.objects.get()
    lifecycle.receive_documents(consultation, {item: [paper()]}, now=at(20, 9))
    assert turns(consultation, at(20, 11)) == [
        (Holder.DESK, at(19), at(19, 12), hours(2)),
        (Holder.STAKEHOLDER, at(19, 12), at(20, 9), hours(6)),
        (Holder.DESK, at(20, 9), at(20, 11), hours(2)),
    ]


@pytest.mark.django_db
def test_an_escalation_is_the_unit_heads_time_and_a_weekend_nobodys_work(
    turns, office, cso, officer, unit_head, at
):
    consultation = ConsultationFactory(office=office, officer=cso, now=at(20))
    asked = escalations.escalate(
        consultation, consultation.category.unit, "Mohon arahan.", by=officer, now=at(20, 16)
    )
    head = actors.head(unit_head, "Kepala Seksi Bank")
    escalations.answer(asked, "Tidak dapat.", by=head, now=at(23, 9))
    assert turns(consultation, at(23, 9)) == [
        (Holder.DESK, at(20), at(20, 16), hours(6)),
        (Holder.UNIT_HEAD, at(20, 16), at(23, 9), hours(2)),
    ]


@pytest.mark.django_db
def test_between_answer_and_reopening_the_time_is_nobodys(turns, office, cso, officer, at):
    consultation = ConsultationFactory(office=office, officer=cso, now=at(18))
    lifecycle.resolve(consultation, "Sudah diproses.", by=officer, now=at(18, 12))
    lifecycle.reopen(consultation, "Masih diretur.", by=actors.STAKEHOLDER, now=at(20))
    assert turns(consultation, at(20, 11)) == [
        (Holder.DESK, at(18), at(18, 12), hours(2)),
        (Holder.DESK, at(20), at(20, 11), hours(1)),
    ]


@pytest.mark.django_db
def test_a_clock_that_catches_up_after_a_silence_rewrites_no_turn(turns, office, cso, officer, at):
    consultation = ConsultationFactory(office=office, officer=cso, now=at(17))
    lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(24))
    sweep(at(24, 11))
    assert consultation.entries.filter(act=Act.MARK_LATE, status=Status.AWAITING_DOCUMENTS).exists()
    assert [(holder, start) for holder, start, _, _ in turns(consultation, at(24, 12))] == [
        (Holder.DESK, at(17)),
        (Holder.STAKEHOLDER, at(24)),
    ]


def test_shares_add_up_the_turns_of_each_holder(at):
    turns = [
        Held(Holder.DESK, at(20, 10), at(20, 11), hours(1)),
        Held(Holder.STAKEHOLDER, at(20, 11), at(20, 13), hours(2)),
        Held(Holder.DESK, at(20, 13), at(20, 16), hours(3)),
    ]
    assert held_by(turns) == {Holder.DESK: hours(4), Holder.STAKEHOLDER: hours(2)}
