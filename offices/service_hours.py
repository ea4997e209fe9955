"""An office's service hours in words, and whether it is open at a moment."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from offices.dates import format_time
from offices.enums import ServiceKind, Weekday

if TYPE_CHECKING:
    from collections.abc import Sequence

    from offices.models import Office, ServiceHours


def hours_in_words(office: Office) -> list[str]:
    """One line a service and run of days: 'Layanan tatap muka: Senin s.d. Jumat pukul 08.00–15.00 WITA'. One query."""
    lines = []
    by_service = groupby(office.service_hours.all(), key=lambda row: row.service)
    for service, rows in by_service:
        for same_hours, days in groupby(rows, key=lambda row: (row.opens_at, row.closes_at)):
            opens_at, closes_at = same_hours
            lines.append(
                f"{ServiceKind(service).label}: {_days_in_words(list(days))} "
                f"pukul {format_time(opens_at)}–{format_time(closes_at)} {office.zone_label}"
            )
    return lines


def _days_in_words(rows: Sequence[ServiceHours]) -> str:
    first, last = Weekday(rows[0].weekday).label, Weekday(rows[-1].weekday).label
    return first if len(rows) == 1 else f"{first} s.d. {last}"
