"""What an office's page says in figures: the promise kept this month, and how satisfied this year's respondents are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache

from offices.dates import to_local
from reports.promise import promise_kept
from surveys.periods import Period
from surveys.results import skm

if TYPE_CHECKING:
    from datetime import datetime

    from offices.models import Office
    from reports.promise import PromiseKept
    from surveys.ikm import Satisfaction

KEPT_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Figures:
    """`satisfaction` is None while there are too few `respondents` to show it."""

    kept: PromiseKept
    year: Period
    respondents: int
    satisfaction: Satisfaction | None


def figures_of(office: Office, now: datetime) -> Figures:
    """The office's figures, at most three minutes old; five queries where they have to be counted anew."""
    local = to_local(now, office.zone)
    key = f"office-figures:{office.pk}:{local:%Y-%m}"
    figures: Figures | None = cache.get(key)
    if figures is None:
        year = Period(local.year)
        figures = Figures(promise_kept(office, now), year, *skm(office, year))
        cache.set(key, figures, KEPT_SECONDS)
    return figures
