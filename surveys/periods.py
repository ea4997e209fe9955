"""The periods a survey is reported over: a calendar year or one of its quarters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from offices.parameters import read_number

FIRST_YEAR: Final = 2023  # of the standard
ROMAN: Final = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """`quarter` is 1 to 4, or 0 for the whole year."""

    year: int
    quarter: int = 0

    @property
    def label(self) -> str:
        return f"Triwulan {ROMAN[self.quarter - 1]} {self.year}" if self.quarter else f"Tahun {self.year}"

    @property
    def start(self) -> date:
        return date(self.year, 3 * max(self.quarter - 1, 0) + 1, 1)

    @property
    def end(self) -> date:
        """The first day after it."""
        if self.quarter in (0, 4):
            return date(self.year + 1, 1, 1)
        return date(self.year, 3 * self.quarter + 1, 1)

    @property
    def query(self) -> str:
        return f"tahun={self.year}&triwulan={self.quarter}"


def period_of(year: str, quarter: str, today: date) -> Period:
    """The period that two query values name; the current year for what makes no sense."""
    number = read_number(year, today.year)
    if number is None or number < FIRST_YEAR:
        return Period(today.year)
    return Period(number, read_number(quarter, 4) or 0)


def offered_periods(today: date) -> list[Period]:
    """This year and the last, each with its quarters that have begun; the newest first."""
    periods = []
    for year in (today.year, today.year - 1):
        quarters = [Period(year, quarter) for quarter in (4, 3, 2, 1)]
        periods += [Period(year), *(each for each in quarters if each.start <= today)]
    return periods
