"""The working calendars of offices, read from the database into values."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import F, Q

from offices.calendar import DEFAULT_HOURS, WorkCalendar
from offices.enums import HolidayKind, ServiceKind
from offices.models import Holiday, ServiceHours

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, time

    from offices.models import Office

# Five working days a week, as Perpres 21/2023 has it, for an office whose hours are not entered yet.
DEFAULT_WEEK = dict.fromkeys(range(5), DEFAULT_HOURS)
COLLECTIVE_LEAVE_PREFIX = "Cuti Bersama "


def calendar_of(office: Office) -> WorkCalendar:
    """The office's calendar: its online service hours, national days, and its own days, which win; two queries.

    Every stored day is read, old ones too: the trace of an old deadline must stay what it was.
    """
    return calendars_of([office])[office.pk]


def calendars_of(offices: Iterable[Office]) -> dict[int, WorkCalendar]:
    """The calendars of many offices by office id; two queries whatever their number."""
    by_id = {office.pk: office for office in offices}
    hours = _online_hours(by_id)
    free: dict[int, dict[date, str]] = defaultdict(dict)
    extra: dict[int, dict[date, str]] = defaultdict(dict)
    days = (
        Holiday.objects.filter(Q(office__isnull=True) | Q(office__in=by_id))
        .order_by(F("office").asc(nulls_first=True))
        .values_list("office_id", "date", "kind", "name")
    )
    for office_id, day, kind, name in days:
        for affected in by_id if office_id is None else [office_id]:
            free[affected].pop(day, None)
            extra[affected].pop(day, None)
            if kind == HolidayKind.EXTRA_WORKING_DAY:
                extra[affected][day] = name
            else:
                free[affected][day] = _reason(kind, name)
    return {
        pk: WorkCalendar(zone=office.zone, hours=hours.get(pk, DEFAULT_WEEK), free=free[pk], extra=extra[pk])
        for pk, office in by_id.items()
    }


def _online_hours(office_ids: Iterable[int]) -> dict[int, dict[int, tuple[time, time]]]:
    hours: dict[int, dict[int, tuple[time, time]]] = defaultdict(dict)
    rows = ServiceHours.objects.filter(office__in=office_ids, service=ServiceKind.ONLINE)
    for office_id, weekday, opens_at, closes_at in rows.values_list(
        "office_id", "weekday", "opens_at", "closes_at"
    ):
        hours[office_id][weekday] = (opens_at, closes_at)
    return hours


def _reason(kind: str, name: str) -> str:
    """Why a day is free, as part of a sentence: 'cuti bersama Hari Raya Natal', 'kantor tutup (listrik padam)'."""
    label = HolidayKind(kind).label.lower()
    if kind == HolidayKind.CLOSED:
        return f"{label} ({name})"
    return f"{label} {name.removeprefix(COLLECTIVE_LEAVE_PREFIX)}"
