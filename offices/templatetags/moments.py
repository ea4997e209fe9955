"""Dates and times in templates, on the wall of the office concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from offices.dates import format_date, format_day_date, format_moment

if TYPE_CHECKING:
    from datetime import datetime

    from offices.models import Office

register = template.Library()

register.filter("date_in_words", format_date)
register.filter("day_in_words", format_day_date)


@register.filter
def moment_at(moment: datetime, office: Office) -> str:
    """'Minggu, 22 November 2026 pukul 09.05 WITA'."""
    return format_moment(moment, office.zone)
