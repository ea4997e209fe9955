"""National holidays and cuti bersama, taken over from the `holidays` package into the calendar's table."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import holidays
from django.db import transaction

from offices.enums import HolidayKind
from offices.models import Holiday

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

SOURCE = "paket holidays"
# In the package, cuti bersama stands apart as GOVERNMENT; a day that is both is a national holiday.
CATEGORIES = {"government": HolidayKind.COLLECTIVE_LEAVE, "public": HolidayKind.NATIONAL}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How many national rows were written and removed, and which years have no cuti bersama yet."""

    written: int
    removed: int
    years_without_collective_leave: tuple[int, ...]


def years_around(day: date) -> tuple[int, int, int]:
    """The years a calendar needs on a date: the one before, its own, and the coming one."""
    return day.year - 1, day.year, day.year + 1


def sync_national_days(years: Collection[int]) -> SyncReport:
    """Make the package's rows of the given years what the package says now.

    Rows of an office and national rows from another source are left alone: whoever entered them knows better.
    """
    wanted = _national_days(years)
    with transaction.atomic():
        national = Holiday.objects.filter(office__isnull=True, date__year__in=years)
        stored = {row.date: row for row in national.select_for_update()}
        by_hand = {day for day, row in stored.items() if row.source != SOURCE}
        vanished = stored.keys() - wanted.keys() - by_hand
        changed = [
            row
            for day, row in wanted.items()
            if day not in by_hand and (day not in stored or _differs(stored[day], row))
        ]
        national.filter(date__in=vanished).delete()
        Holiday.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["office", "date"],
            update_fields=["name", "kind", "source"],
        )
    report = SyncReport(len(changed), len(vanished), years_without_collective_leave(years))
    for year in report.years_without_collective_leave:
        logger.warning("The calendar of %s has no cuti bersama yet; deadlines may fall too early.", year)
    return report


def years_without_collective_leave(years: Collection[int]) -> tuple[int, ...]:
    """Which of the years have no national cuti bersama stored; a deadline there may be promised too early."""
    known = Holiday.objects.filter(
        office__isnull=True, kind=HolidayKind.COLLECTIVE_LEAVE, date__year__in=years
    )
    return tuple(sorted(set(years) - set(known.values_list("date__year", flat=True))))


def _national_days(years: Collection[int]) -> dict[date, Holiday]:
    days = {}
    for category, kind in CATEGORIES.items():
        named = holidays.country_holidays("ID", years=years, categories=(category,), language="id")
        for day, name in named.items():
            days[day] = Holiday(date=day, name=name.replace("; ", " dan ")[:160], kind=kind, source=SOURCE)
    return days


def _differs(stored: Holiday, wanted: Holiday) -> bool:
    return (stored.name, stored.kind) != (wanted.name, wanted.kind)
