"""Writing many rows that differ in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model


def update_many(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write these columns of stored rows of one model: one short statement whatever their number, only of rows that differ.

    `bulk_update` would build a branch for each row and field, and write every row.
    """
    meta = rows[0]._meta  # noqa: SLF001 - Django's public Meta
    by_name = {field.attname: field for field in meta.concrete_fields}
    fields = [by_name[name] for name in ("id", *names)]
    arrays = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in fields)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    changed = columns.partition(", ")[2]
    old, new = (", ".join(f'{row}."{field.column}"' for field in fields[1:]) for row in ("old", "new"))
    values = [
        [field.get_db_prep_save(getattr(each, field.attname), connection) for each in rows]
        for field in fields
    ]
    statement = (
        f"UPDATE {meta.db_table} AS old SET ({changed}) = ROW({new}) "  # noqa: S608 - names of our own model
        f"FROM unnest({arrays}) AS new({columns}) WHERE old.id = new.id AND ({old}) IS DISTINCT FROM ({new})"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
