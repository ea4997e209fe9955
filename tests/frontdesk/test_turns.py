"""Whose turn it is: one priority after each so many regulars, and nobody waits without bound."""

from datetime import timedelta

import pytest

from frontdesk.turns import Alternation, Waiting, in_order

HOUR = timedelta(hours=1)


@pytest.fixture
def queue(now):
    """`queue("KKP")` are numbers that came a minute after one another, the last of them now."""

    def came(kinds):
        start = now - timedelta(minutes=len(kinds))
        return [
            Waiting(number, kind, start + timedelta(minutes=number)) for number, kind in enumerate(kinds, 1)
        ]

    return came


def called(waiting, now, regulars=None, between=1, longest=HOUR):
    return "".join(each.kind for each in in_order(waiting, Alternation(regulars, between, longest), now))


@pytest.mark.parametrize(
    ("between", "order"), [(0, "PPPKKKK"), (1, "PKPKPKK"), (2, "PKKPKKP"), (20, "PKKKKPP")]
)
def test_a_priority_is_called_after_each_so_many_regulars(queue, now, between, order):
    assert called(queue("KKKKPPP"), now, between=between) == order


def test_within_a_kind_who_came_first_goes_first(queue, now):
    waiting = queue("KPKP")
    ordered = in_order(waiting, Alternation(0, 1, HOUR), now)
    assert [each.pk for each in ordered] == [1, 2, 3, 4]


def test_a_kind_that_nobody_waits_in_holds_up_no_one(queue, now):
    assert called(queue("PP"), now, regulars=0) == "PP"
    assert called(queue("KK"), now) == "KK"


def test_who_waited_the_bound_goes_first_whatever_the_kind(queue, now):
    late = Waiting(99, "K", now - HOUR)
    assert in_order([*queue("PPP"), late], Alternation(None, 0, HOUR), now)[0] == late


def test_one_who_was_called_over_the_bound_counts_for_the_alternation(queue, now):
    late = Waiting(99, "P", now - HOUR)
    assert called([*queue("KP"), late], now) == "PKP"


def test_the_first_priority_of_the_day_need_not_wait_for_regulars(queue, now):
    assert called(queue("KP"), now, between=5) == "PK"
