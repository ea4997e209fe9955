"""Many rows made by the database itself, and how it means to read them."""

import re

from django.db import connection

BIG_TABLES = (
    "consultations_consultation",
    "consultations_promise",
    "consultations_timer",
    "consultations_entry",
    "notifications_message",
)


def copy(table, source, *, where="true", **changed):
    """Copy a table's rows once per row of the source, with these columns computed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND is_generated = 'NEVER' AND column_name <> 'id'",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
        values = ", ".join(changed.get(name, f't."{name}"') for name in columns)
        names = ", ".join(f'"{name}"' for name in columns)
        statement = f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, {source} WHERE {where}"  # noqa: S608
        cursor.execute(statement)


def settle():
    """What autovacuum does after many rows: statistics, and search indexes without a list of rows still to be sorted in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gin_clean_pending_list(pg_class.oid) FROM pg_class JOIN pg_am ON pg_am.oid = relam"
            " WHERE amname = 'gin' AND relkind = 'i'"
        )
        cursor.execute("ANALYZE")


def scans_of_big_tables(queries):
    """Which big tables a captured statement would read from end to end."""
    found = []
    for query in queries:
        statement = query["sql"]
        if not statement.startswith("SELECT"):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement.replace('%', '%%')}", [])
            plan = "\n".join(line for (line,) in cursor.fetchall())
        found += [(table, plan) for table in BIG_TABLES if re.search(rf"Seq Scan on {table}\b", plan)]
    return found
