"""What the responses and ratings of an office say over a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Count, Sum
from django.db.models.functions import ExtractQuarter

from surveys.elements import ELEMENTS
from surveys.enums import Education, Gender, Occupation, Score
from surveys.ikm import FEWEST_SHOWN, satisfaction
from surveys.models import Rating, SurveyResponse
from surveys.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet, TextChoices

    from offices.models import Office
    from surveys.ikm import Satisfaction

PROFILES: tuple[tuple[str, str, type[TextChoices]], ...] = (
    ("gender", "Jenis kelamin", Gender),
    ("education", "Pendidikan", Education),
    ("occupation", "Pekerjaan", Occupation),
)
LATEST_COMMENTS = 20
HIDDEN = "tidak ditampilkan"


@dataclass(frozen=True, slots=True)
class Group:
    """Respondents who have something in common; `count` is in words where it could lead to people."""

    label: str
    count: str


@dataclass(frozen=True, slots=True)
class Ratings:
    """How answers were rated: `steps` from the best to the worst, each with its label, count and share in percent."""

    total: int
    steps: list[tuple[str, int, int]]


def skm(office: Office, period: Period) -> tuple[int, Satisfaction | None]:
    """How many responded in the period, and the index unless it could tell of a few; one query, two for a quarter."""
    if period.quarter and str(period.quarter) in _hidden_quarters(office, period.year):
        return _responses(office, period).count(), None
    totals = _responses(office, period).aggregate(
        respondents=Count("pk"), **{element.name: Sum(element.name) for element in ELEMENTS}
    )
    respondents = totals.pop("respondents")
    return respondents, satisfaction(totals, respondents) if respondents else None


def profiles(office: Office, period: Period) -> list[tuple[str, list[Group]]]:
    """Who responded, one query for each of the three questions about it."""
    return [(label, _groups(_responses(office, period), name, choices)) for name, label, choices in PROFILES]


def ratings(office: Office, period: Period) -> Ratings:
    """How the answers of the period were rated; one query."""
    counts = dict(_ratings(office, period).values_list("score").annotate(Count("pk")).order_by())
    total = sum(counts.values())
    steps = [
        (Score(score).label, counts.get(score, 0), round(100 * counts.get(score, 0) / total) if total else 0)
        for score in reversed(Score.values)
    ]
    return Ratings(total, steps)


def latest_comments(office: Office, period: Period) -> list[Rating]:
    commented = _ratings(office, period).exclude(comment="").select_related("promise__consultation")
    return list(commented.order_by("-rated_at", "-pk")[:LATEST_COMMENTS])


def suggestions(office: Office, period: Period) -> list[str]:
    """The latest suggestions of anonymous respondents; none while there are too few of them."""
    made = _responses(office, period)
    if made.count() < FEWEST_SHOWN:
        return []
    written = made.exclude(suggestion="").order_by("-on", "pk")
    return list(written.values_list("suggestion", flat=True)[:LATEST_COMMENTS])


def _hidden_quarters(office: Office, year: int) -> set[str]:
    """Quarters with few respondents, and those by which the year's figures would give these away."""
    responses = _responses(office, Period(year)).annotate(quarter=ExtractQuarter("on"))
    counts = responses.values_list("quarter").annotate(Count("pk")).order_by()
    return hidden_groups({str(quarter): count for quarter, count in counts})


def _responses(office: Office, period: Period) -> QuerySet[SurveyResponse]:
    return SurveyResponse.objects.filter(office=office, on__gte=period.start, on__lt=period.end)


def _ratings(office: Office, period: Period) -> QuerySet[Rating]:
    start, end = _midnight(office, period.start), _midnight(office, period.end)
    rated = Rating.objects.filter(rated_at__gte=start, rated_at__lt=end)
    return rated.filter(promise__consultation__office=office)


def _midnight(office: Office, day: date) -> datetime:
    return datetime.combine(day, time.min, office.zone)


def _groups(responses: QuerySet[SurveyResponse], name: str, choices: type[TextChoices]) -> list[Group]:
    counts = dict(responses.values_list(name).annotate(Count("pk")).order_by())
    labels = dict([*choices.choices, ("", "Tidak diisi")])
    hidden = hidden_groups(counts)
    return [
        Group(str(labels[value]), HIDDEN if value in hidden else str(counts[value]))
        for value in labels
        if value in counts
    ]


def hidden_groups(counts: Mapping[str, int]) -> set[str]:
    """Which groups are too small to number, and the next ones until the total tells of no small number either."""
    smallest = sorted(counts, key=lambda value: (counts[value], value))
    few = sum(count < FEWEST_SHOWN for count in counts.values())
    while few and few < len(smallest) and sum(counts[value] for value in smallest[:few]) < FEWEST_SHOWN:
        few += 1
    return set(smallest[:few])
