"""What an officer does with the queue, and what the rules refuse."""

from datetime import timedelta

import pytest

from consultations.errors import RuleError
from frontdesk import calls
from frontdesk.enums import SegmentState, TicketStatus
from frontdesk.models import QueueSettings
from offices.enums import Role
from tests.factories import CounterFactory, OfficeFactory, QueueTicketFactory, StaffFactory


def states(ticket):
    return list(ticket.segments.values_list("state", flat=True))


class TestCounter:
    def test_opening_twice_as_from_two_tabs_is_one_shift(self, counter, cso, now):
        assert calls.open_counter(counter, cso, now=now) == calls.open_counter(counter, cso, now=now)

    @pytest.mark.usefixtures("shift")
    def test_a_counter_has_one_officer(self, counter, office, now):
        rival = StaffFactory(office=office, role=Role.CSO)
        with pytest.raises(RuleError, match="Loket 1 sedang dibuka oleh Ida Ayu Kartika"):
            calls.open_counter(counter, rival, now=now)

    @pytest.mark.usefixtures("shift")
    def test_an_officer_has_one_counter(self, cso, office, now):
        with pytest.raises(RuleError, match="masih membuka Loket 1"):
            calls.open_counter(CounterFactory(office=office, number=2), cso, now=now)

    def test_a_counter_out_of_use_is_not_opened(self, cso, office, now):
        with pytest.raises(RuleError, match="tidak dipakai lagi"):
            calls.open_counter(CounterFactory(office=office, is_active=False), cso, now=now)

    def test_what_was_left_open_yesterday_bars_nobody_today(self, shift, counter, take, office, now):
        take()
        ticket = calls.call_next(shift, now=now)
        tomorrow = now + timedelta(days=1)
        today = calls.open_counter(counter, StaffFactory(office=office, role=Role.CSO), now=tomorrow)
        ticket.refresh_from_db()
        assert ticket.status == TicketStatus.LEFT
        assert not ticket.segments.get(state=SegmentState.CALLING).is_accurate
        assert calls.call_next(today, now=tomorrow) is None

    def test_yesterdays_shift_calls_nobody_today(self, shift, now):
        with pytest.raises(RuleError, match="Loket 1 sudah ditutup"):
            calls.call_next(shift, now=now + timedelta(days=1))

    def test_a_closed_counter_calls_nobody(self, shift, take, now):
        take()
        calls.close_counter(shift, now=now)
        with pytest.raises(RuleError, match="sudah ditutup"):
            calls.call_next(shift, now=now)

    def test_a_paused_counter_calls_nobody_until_it_goes_on(self, shift, take, now):
        take()
        calls.pause(shift, now=now)
        with pytest.raises(RuleError, match="sedang dijeda"):
            calls.call_next(shift, now=now)
        calls.resume(shift, now=now)
        assert calls.call_next(shift, now=now).label == "K-001"

    @pytest.mark.parametrize("act", [calls.pause, calls.close_counter])
    def test_nobody_is_left_standing_at_a_counter(self, shift, take, now, act):
        take()
        calls.call_next(shift, now=now)
        with pytest.raises(RuleError, match="K-001 masih dipanggil"):
            act(shift, now=now)


class TestCalling:
    def test_the_next_number_is_called_to_the_counter(self, shift, take, minutes):
        take()
        ticket = calls.call_next(shift, now=minutes(4))
        assert (ticket.label, ticket.counter, ticket.called_at) == ("K-001", shift.counter, minutes(4))
        assert states(ticket) == ["waiting", "calling"]
        assert ticket.segments.get(state="waiting").ended_at == minutes(4)

    def test_an_empty_queue_calls_nobody(self, shift, now):
        assert calls.call_next(shift, now=now) is None

    def test_the_priority_rule_decides(self, shift, take, now):
        for kind in "KKPP":
            take(kind)
        called = []
        for _ in range(4):
            ticket = calls.call_next(shift, now=now)
            called.append(ticket.label)
            calls.leave(ticket, now=now)
        assert called == ["P-001", "K-001", "P-002", "K-002"]

    def test_who_waited_the_bound_is_called_before_a_priority(self, shift, take, minutes):
        take("K", minute=0)
        take("P", minute=1)
        assert calls.call_next(shift, now=minutes(45)).label == "K-001"

    def test_a_second_press_finds_the_number_already_called(self, shift, take, now):
        take()
        take()
        calls.call_next(shift, now=now)
        with pytest.raises(RuleError, match="K-001 masih dipanggil di Loket 1"):
            calls.call_next(shift, now=now)

    def test_another_offices_numbers_are_not_called(self, shift, now):
        QueueTicketFactory(office=OfficeFactory(), now=now)
        assert calls.call_next(shift, now=now) is None

    def test_yesterdays_numbers_are_not_called(self, shift, take, now):
        take(minute=-24 * 60)
        assert calls.call_next(shift, now=now) is None

    def test_recalling_renews_the_call(self, shift, take, minutes):
        take()
        ticket = calls.call_next(shift, now=minutes(1))
        assert calls.recall(shift, ticket, now=minutes(2)).called_at == minutes(2)
        assert states(ticket) == ["waiting", "calling"]


class TestCategories:
    @pytest.mark.usefixtures("colleague")
    def test_a_counter_calls_its_own_categories(self, office, cso, take, now):
        mine = office.categories.get(code="PEMBAYARAN")
        shift = calls.open_counter(CounterFactory(office=office, number=3, categories=[mine]), cso, now=now)
        take()
        take(category=mine)
        assert calls.call_next(shift, now=now).label == "K-002"

    def test_a_category_that_no_open_counter_serves_is_anybodys(self, office, cso, take, now):
        mine = office.categories.get(code="PEMBAYARAN")
        shift = calls.open_counter(CounterFactory(office=office, number=3, categories=[mine]), cso, now=now)
        take()
        assert calls.call_next(shift, now=now).label == "K-001"


class TestSkipping:
    def test_a_skipped_number_returns_behind_the_next_three(self, shift, take, now):
        for minute in range(-10, -5):
            take(minute=minute)
        called = []
        ticket = calls.call_next(shift, now=now)
        calls.skip(shift, ticket, now=now)
        for _ in range(5):
            ticket = calls.call_next(shift, now=now)
            called.append(ticket.label)
            calls.leave(ticket, now=now)
        assert called == ["K-002", "K-003", "K-004", "K-001", "K-005"]

    def test_it_returns_twice_and_then_leaves(self, shift, take, now):
        take()
        for _ in range(2):
            ticket = calls.skip(shift, calls.call_next(shift, now=now), now=now)
            assert ticket.status == TicketStatus.WAITING
        ticket = calls.skip(shift, calls.call_next(shift, now=now), now=now)
        assert (ticket.status, ticket.ended_at) == (TicketStatus.LEFT, now)
        assert calls.call_next(shift, now=now) is None

    def test_it_does_not_return_behind_a_booking_that_is_not_due_yet(self, shift, take, now, minutes):
        take()
        skipped = calls.call_next(shift, now=now)
        take(minute=180)  # as a booking for noon counts
        calls.skip(shift, skipped, now=minutes(2))
        take(minute=3)
        assert calls.call_next(shift, now=minutes(4)) == skipped

    def test_how_often_is_the_offices_choice(self, shift, office, take, now):
        QueueSettings.objects.create(office=office, returns=0)
        take()
        assert calls.skip(shift, calls.call_next(shift, now=now), now=now).status == TicketStatus.LEFT


class TestTransfer:
    @pytest.fixture
    def called(self, shift, take, now):
        take()
        return calls.call_next(shift, now=now)

    def test_to_a_counter_only_that_one_calls(self, shift, called, colleague, now):
        calls.transfer(shift, called, counter=colleague.counter, now=now)
        assert calls.call_next(shift, now=now) is None
        assert calls.call_next(colleague, now=now) == called

    def test_a_counter_that_closes_leaves_its_numbers_to_the_others(self, shift, called, colleague, now):
        calls.transfer(shift, called, counter=colleague.counter, now=now)
        calls.close_counter(colleague, now=now)
        assert calls.call_next(shift, now=now) == called

    def test_the_turn_they_had_lets_them_go_before_later_ones(self, shift, called, colleague, take, minutes):
        take(minute=1)
        calls.transfer(
            shift, called, category=called.office.categories.get(code="PEMBAYARAN"), now=minutes(2)
        )
        assert calls.call_next(colleague, now=minutes(2)) == called

    def test_during_the_service_too(self, shift, called, cso, colleague, now):
        calls.start_serving(called, officer=cso, now=now)
        calls.transfer(shift, called, counter=colleague.counter, now=now)
        assert states(called) == ["waiting", "calling", "serving", "waiting"]

    def test_to_where_they_are_is_refused(self, shift, called, now):
        with pytest.raises(RuleError, match="sudah di loket Bapak/Ibu"):
            calls.transfer(shift, called, counter=shift.counter, now=now)
        with pytest.raises(RuleError, match="pilih kategori atau loket tujuan"):
            calls.transfer(shift, called, category=called.category, now=now)


class TestServing:
    def test_a_visit_is_kept_as_segments(self, shift, take, cso, minutes):
        take()
        ticket = calls.call_next(shift, now=minutes(5))
        calls.start_serving(ticket, officer=cso, now=minutes(6))
        ticket = calls.finish(ticket, now=minutes(18))
        assert ticket.status == TicketStatus.DONE
        kept = [(s.state, s.officer, s.counter, s.started_at, s.ended_at) for s in ticket.segments.all()]
        assert kept == [
            ("waiting", None, None, minutes(0), minutes(5)),
            ("calling", cso, shift.counter, minutes(5), minutes(6)),
            ("serving", cso, shift.counter, minutes(6), minutes(18)),
        ]

    def test_only_who_called_a_number_serves_it(self, shift, colleague, take, now):
        take()
        ticket = calls.call_next(shift, now=now)
        with pytest.raises(RuleError, match="K-001 sekarang berstatus dipanggil"):
            calls.start_serving(ticket, officer=colleague.officer, now=now)

    @pytest.mark.parametrize("act", [calls.recall, calls.skip])
    def test_a_tab_left_behind_does_not_touch_the_next_number(self, shift, take, now, act):
        take()
        take()
        shown = calls.call_next(shift, now=now)
        calls.skip(shift, shown, now=now)
        calls.call_next(shift, now=now)
        with pytest.raises(RuleError, match="K-001 sekarang berstatus menunggu"):
            act(shift, shown, now=now)

    def test_a_service_that_is_over_is_not_ended_twice(self, shift, take, cso, now):
        take()
        ticket = calls.call_next(shift, now=now)
        calls.start_serving(ticket, officer=cso, now=now)
        calls.finish(ticket, now=now)
        with pytest.raises(RuleError, match="berstatus selesai"):
            calls.finish(ticket, now=now)


class TestLeaving:
    def test_a_visitor_gives_the_number_back_while_waiting(self, take, now):
        assert calls.withdraw(take(), now=now).status == TicketStatus.LEFT

    def test_but_not_once_called(self, shift, take, now):
        take()
        with pytest.raises(RuleError, match="sudah dipanggil"):
            calls.withdraw(calls.call_next(shift, now=now), now=now)

    def test_who_was_being_served_at_the_days_end_counts_as_served(self, shift, take, cso, office, now):
        take()
        ticket = calls.call_next(shift, now=now)
        calls.start_serving(ticket, officer=cso, now=now)
        assert calls.close_past_days(office, now=now + timedelta(days=1)) == 1
        ticket.refresh_from_db()
        assert ticket.status == TicketStatus.DONE
        assert not ticket.segments.get(state=SegmentState.SERVING).is_accurate

    def test_the_running_day_is_left_alone(self, take, office, now):
        take()
        assert calls.close_past_days(office, now=now.replace(hour=23)) == 0
