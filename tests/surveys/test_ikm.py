"""The index as PermenPANRB 14/2017 computes it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.elements import ELEMENTS
from surveys.enums import Quality
from surveys.ikm import FEWEST_SHOWN, quality_of, satisfaction

NAMES = [element.name for element in ELEMENTS]


def same(score, respondents):
    return dict.fromkeys(NAMES, score * respondents)


def test_the_elements_are_nine_with_four_answers_each():
    assert len(set(NAMES)) == 9
    assert all(len(set(element.answers)) == 4 for element in ELEMENTS)


def test_each_element_weighs_exactly_a_ninth():
    sums = dict(zip(NAMES, (105, 101, 100, 116, 102, 105, 106, 105, 115), strict=True))
    found = satisfaction(sums, 29)
    assert (found.index, found.quality) == (Decimal("91.48"), Quality.A)  # 90,56 with the printed weight 0,11


@pytest.mark.parametrize(
    ("score", "index", "quality"),
    [(4, "100.00", "A"), (3, "75.00", "C"), (2, "50.00", "D"), (1, "25.00", "D")],
)
def test_where_everybody_says_the_same(score, index, quality):
    found = satisfaction(same(score, 7), 7)
    assert (found.index, found.quality) == (Decimal(index), quality)
    assert {(element.mean, element.index) for element in found.elements} == {(Decimal(score), Decimal(index))}


@pytest.mark.parametrize(
    ("index", "quality"),
    [
        ("88.31", "A"),
        ("88.30", "B"),
        ("76.61", "B"),
        ("76.60", "C"),
        ("65.00", "C"),
        ("64.99", "D"),
        ("25.00", "D"),
    ],
)
def test_the_letters_begin_where_the_regulation_says(index, quality):
    assert quality_of(Decimal(index)) == quality


def test_half_a_hundredth_is_rounded_up():
    sums = same(3, 200) | {"time": 3 * 200 + 36}
    assert satisfaction(sums, 200).index == Decimal("75.50")
    sums = same(3, 1000) | {"time": 3 * 1000 + 9}
    assert satisfaction(sums, 1000).index == Decimal("75.03")  # exactly 75,025


def test_too_few_respondents_are_not_shown():
    assert satisfaction(same(4, FEWEST_SHOWN - 1), FEWEST_SHOWN - 1) is None
    assert satisfaction(same(4, FEWEST_SHOWN), FEWEST_SHOWN) is not None


@given(st.integers(FEWEST_SHOWN, 400), st.data())
def test_the_index_stays_between_25_and_100(respondents, data):
    sums = {name: data.draw(st.integers(respondents, 4 * respondents)) for name in NAMES}
    found = satisfaction(sums, respondents)
    assert Decimal(25) <= found.index <= Decimal(100)
    assert abs(found.index - Decimal(sum(sums.values()) * 25) / (9 * respondents)) <= Decimal("0.005")
