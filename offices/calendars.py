"""The working calendars of offices, read from the database into values."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import CharField, DateField, F, Q, Value

from offices.calendar import DEFAULT_HOURS, Interval, Special, WorkCalendar
from offices.enums import HolidayKind, ServiceKind
from offices.models import Holiday, ServiceHours, SpecialHours

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import time

    from offices.calendar import Hours
    from offices.models import Office

# Five working days a week, as Perpres 21/2023 has it, for an office whose hours are not entered yet.
DEFAULT_WEEK = dict.fromkeys(range(5), DEFAULT_HOURS)
COLLECTIVE_LEAVE_PREFIX = "Cuti Bersama "


class Period(NamedTuple):
    """From when to when the hours of a service hold, both days included, and what for; the usual ones have neither."""

    service: str
    starts_on: date | None = None
    ends_on: date | None = None
    name: str = ""


def calendar_of(office: Office, service: ServiceKind = ServiceKind.ONLINE) -> WorkCalendar:
    """The office's calendar for a service: its hours, national days, and its own days, which win; two queries.

    Every stored day is read, old ones too: the trace of an old deadline must stay what it was.
    """
    return calendars_of([office], service)[office.pk]


def calendars_of(
    offices: Iterable[Office], service: ServiceKind = ServiceKind.ONLINE
) -> dict[int, WorkCalendar]:
    """The calendars of many offices for a service by office id; two queries whatever their number.

    A service whose hours are not entered keeps those of the online service.
    """
    by_id = {office.pk: office for office in offices}
    hours = weeks_of(by_id.values())
    days = _days_that_differ(by_id)
    return {pk: _calendar(office, service, hours[pk], *days[pk]) for pk, office in by_id.items()}


def calendars_by_service(office: Office) -> dict[ServiceKind, WorkCalendar]:
    """The calendar of each service whose hours are entered; two queries."""
    weeks, days = weeks_of([office])[office.pk], _days_that_differ([office.pk])[office.pk]
    return {
        service: _calendar(office, service, weeks, *days)
        for service in ServiceKind
        if Period(service) in weeks
    }


def weeks_of(offices: Iterable[Office]) -> dict[int, Mapping[Period, Mapping[int, Hours]]]:
    """The hours by weekday of each service, usual and special, by office id; one query, none for what was read before.

    The offices keep them, so that their pages' footers need not ask again.
    """
    by_id = {office.pk: office for office in offices}
    unread = [pk for pk, office in by_id.items() if office.weeks is None]
    if unread:
        read: dict[int, dict[Period, dict[int, list[Interval]]]] = {pk: {} for pk in unread}
        for office_id, service, starts_on, ends_on, name, weekday, opens_at, closes_at in _stored_hours(
            unread
        ):
            week = read[office_id].setdefault(Period(service, starts_on, ends_on, name), {})
            if weekday is not None:
                week.setdefault(weekday, []).append(Interval(opens_at, closes_at))
        for pk, weeks in read.items():
            by_id[pk].weeks = {
                period: {weekday: tuple(sorted(hours)) for weekday, hours in sorted(week.items())}
                for period, week in sorted(weeks.items(), key=_place)
            }
    return {pk: office.weeks or {} for pk, office in by_id.items()}


def _place(kept: tuple[Period, object]) -> tuple[str, date, str]:
    """Where a period stands among an office's: the usual hours of a service, then its special ones by their first day."""
    period, _ = kept
    return period.service, period.starts_on or date.min, period.name


def _stored_hours(
    offices: Sequence[int],
) -> Iterable[tuple[int, str, date | None, date | None, str, int | None, time, time]]:
    """Usual and special hours in one statement; special hours without intervals have a row without weekday."""
    none = Value(None, DateField())
    usual = ServiceHours.objects.filter(office__in=offices).values_list(
        "office_id", "service", none, none, Value("", CharField()), "weekday", "opens_at", "closes_at"
    )
    special = SpecialHours.objects.filter(office__in=offices).values_list(
        "office_id",
        "service",
        "starts_on",
        "ends_on",
        "name",
        "intervals__weekday",
        "intervals__opens_at",
        "intervals__closes_at",
    )
    return usual.order_by().union(special.order_by(), all=True)


def _days_that_differ(offices: Iterable[int]) -> dict[int, tuple[dict[date, str], dict[date, str]]]:
    """The free and the extra days by office id, and why they differ; one query."""
    days: dict[int, tuple[dict[date, str], dict[date, str]]] = {pk: ({}, {}) for pk in offices}
    stored = (
        Holiday.objects.filter(Q(office__isnull=True) | Q(office__in=days))
        .order_by(F("office").asc(nulls_first=True))
        .values_list("office_id", "date", "kind", "name")
    )
    for office_id, day, kind, name in stored:
        for affected in days if office_id is None else [office_id]:
            free, extra = days[affected]
            free.pop(day, None)
            extra.pop(day, None)
            if kind == HolidayKind.EXTRA_WORKING_DAY:
                extra[day] = name
            else:
                free[day] = _reason(kind, name)
    return days


def _calendar(
    office: Office,
    service: ServiceKind,
    weeks: Mapping[Period, Mapping[int, Hours]],
    free: Mapping[date, str],
    extra: Mapping[date, str],
) -> WorkCalendar:
    """Special hours of a single date come after those of longer periods, and so win."""
    if Period(service) not in weeks:
        service = ServiceKind.ONLINE
    special: dict[date, Special] = {}
    closed: dict[date, str] = {}
    for period in sorted(weeks, key=lambda period: period.starts_on == period.ends_on):
        if period.service != service:
            continue
        for day in _days(period):
            special.pop(day, None)
            closed.pop(day, None)
            if weeks[period]:
                special[day] = Special(period.name, weeks[period].get(day.weekday(), ()))
            else:
                closed[day] = f"{service.label.lower()} tutup ({period.name})"
    return WorkCalendar(
        zone=office.zone,
        week=weeks.get(Period(service), DEFAULT_WEEK),
        free={**closed, **free},
        extra={day: name for day, name in extra.items() if day not in closed},
        special=special,
    )


def _days(period: Period) -> list[date]:
    if period.starts_on is None or period.ends_on is None:
        return []
    return [
        period.starts_on + timedelta(step) for step in range((period.ends_on - period.starts_on).days + 1)
    ]


def _reason(kind: str, name: str) -> str:
    """Why a day is free, as part of a sentence: 'cuti bersama Hari Raya Natal', 'kantor tutup (listrik padam)'."""
    label = HolidayKind(kind).label.lower()
    if kind == HolidayKind.CLOSED:
        return f"{label} ({name})"
    return f"{label} {name.removeprefix(COLLECTIVE_LEAVE_PREFIX)}"
