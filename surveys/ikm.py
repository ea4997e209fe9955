"""The Indeks Kepuasan Masyarakat, computed as PermenPANRB 14/2017 words it.

Each of the nine elements weighs exactly 1/9; the printed weight 0,11 would cap the index at 99 and turn an 88,31 (A)
into 87,43 (B). The index is rounded half up to two decimals before it is compared, since the bands leave gaps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from surveys.elements import ELEMENTS
from surveys.enums import Quality

if TYPE_CHECKING:
    from collections.abc import Mapping

LABELS: Final = {element.name: element.label for element in ELEMENTS}
FEWEST_SHOWN: Final = 5  # fewer answers could be traced to people
BANDS: Final = (
    (Decimal("88.31"), Quality.A),
    (Decimal("76.61"), Quality.B),
    (Decimal("65.00"), Quality.C),
)


@dataclass(frozen=True, slots=True)
class ElementResult:
    """`mean` is the element's average (NRR, 1 to 4), `index` the same on the scale of 25 to 100 (NIK)."""

    name: str
    mean: Decimal
    index: Decimal
    quality: Quality

    @property
    def label(self) -> str:
        return LABELS[self.name]


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The index of a number of respondents, with its elements."""

    respondents: int
    index: Decimal
    quality: Quality
    elements: list[ElementResult]


def satisfaction(sums: Mapping[str, int], respondents: int) -> Satisfaction | None:
    """The index from each element's sum of scores; None while there are too few respondents to show."""
    if respondents < FEWEST_SHOWN:
        return None
    means = {name: Fraction(total, respondents) for name, total in sums.items()}
    index = _rounded(sum(means.values(), Fraction(0)) * Fraction(25, len(means)))
    return Satisfaction(respondents, index, quality_of(index), [_element(*mean) for mean in means.items()])


def quality_of(index: Decimal) -> Quality:
    """The letter of an index that is rounded to two decimals."""
    return next((letter for floor, letter in BANDS if index >= floor), Quality.D)


def _element(name: str, mean: Fraction) -> ElementResult:
    index = _rounded(mean * 25)
    return ElementResult(name, _rounded(mean), index, quality_of(index))


def _rounded(value: Fraction) -> Decimal:
    """Half up to two decimals, from the exact value."""
    cents = math.floor(value * 100 + Fraction(1, 2))
    return Decimal(cents).scaleb(-2)
