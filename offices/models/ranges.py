"""Ranges by which an exclusion constraint compares plain columns, without the btree_gist extension."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField, DecimalRangeField, RangeBoundary
from django.db.models import Case, DecimalField, Expression, Func, IntegerField, Value, When

from offices.enums import ServiceKind


def only_number(number: str | Expression) -> Func:
    """A range of one number."""
    return Func(number, number, Value("[]"), function="int8range")


def only_service() -> Func:
    """A range of one number for each service."""
    numbered = (
        When(service=service, then=Value(number)) for number, service in enumerate(ServiceKind.values)
    )
    return only_number(Case(*numbered, output_field=IntegerField()))


def days_held() -> Func:
    """From `starts_on` to `ends_on`, both included."""
    return Func(
        "starts_on",
        "ends_on",
        RangeBoundary(inclusive_lower=True, inclusive_upper=True),
        function="daterange",
        output_field=DateRangeField(),
    )


def hours_held() -> Func:
    """From `opens_at` (included) to `closes_at` (excluded), in seconds of the day, for which there is a range."""
    return Func(
        _seconds("opens_at"), _seconds("closes_at"), function="numrange", output_field=DecimalRangeField()
    )


def _seconds(clock: str) -> Func:
    return Func(clock, template="EXTRACT(EPOCH FROM %(expressions)s)", output_field=DecimalField())
