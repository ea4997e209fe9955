"""Consultation numbers: `MTR-2026-000123`, free of gaps in each office's year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from offices.models import Office

NEXT = """
    INSERT INTO consultations_numbercounter (office_id, year, last) VALUES (%s, %s, 1)
    ON CONFLICT ON CONSTRAINT number_counter_once DO UPDATE SET last = consultations_numbercounter.last + 1
    RETURNING last
"""


def next_number(office: Office, year: int) -> str:
    """The next number of an office's year (of the office's local date of recording).

    Runs inside the transaction that stores the consultation: the counter's row stays locked until it ends, so a
    rolled back opening leaves no gap and two openings never share a number.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [office.pk, year])
        (last,) = cursor.fetchone()
    return f"{office.number_prefix}-{year}-{last:06d}"
