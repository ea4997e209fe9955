"""Telling whoever follows an office's queue that it changed."""

from django.db import connection

CHANNEL = "queue"


def announce(office_id: int) -> None:
    """Tell the listeners of PostgreSQL's channel `queue` that an office's queue changed; they read it anew.

    Inside a transaction it is heard once that commits, and never when it is rolled back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(office_id)])
