"""The working calendars of offices, read from the database into values."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import F, Q, prefetch_related_objects

from offices.calendar import DEFAULT_HOURS, WorkCalendar
from offices.enums import HolidayKind, ServiceKind
from offices.models import Holiday

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
    """The calendars of many offices by office id; two queries whatever their number.

    The offices keep the service hours that were read, so that their pages' footers need not ask again.
    """
    by_id = {office.pk: office for office in offices}
    prefetch_related_objects(list(by_id.values()), "service_hours")
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
        pk: WorkCalendar(
            zone=office.zone, hours=_online_hours(office) or DEFAULT_WEEK, free=free[pk], extra=extra[pk]
        )
        for pk, office in by_id.items()
    }


def _online_hours(office: Office) -> dict[int, tuple[time, time]]:
    return {
        row.weekday: (row.opens_at, row.closes_at)
        for row in office.service_hours.all()
        if row.service == ServiceKind.ONLINE
    }


def _reason(kind: str, name: str) -> str:
    """Why a day is free, as part of a sentence: 'cuti bersama Hari Raya Natal', 'kantor tutup (listrik padam)'."""
    label = HolidayKind(kind).label.lower()
    if kind == HolidayKind.CLOSED:
        return f"{label} ({name})"
    return f"{label} {name.removeprefix(COLLECTIVE_LEAVE_PREFIX)}"
