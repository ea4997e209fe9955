"""Counting tries and refusing those over a limit.

Tries are counted in fixed windows that open with a key's first try. Call these outside a transaction: a rollback
would forget the try, and an open transaction would make every other try of the same key wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from throttle.models import Bucket

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

# One statement, so that two processes can never both take the last try; in one order, so that none wait for each other.
COUNT_HITS = """
    INSERT INTO throttle_bucket AS bucket (key, window_ends_at, hits)
    SELECT key, %(window_ends_at)s, 1 FROM unnest(%(keys)s::text[]) AS key ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN bucket.window_ends_at <= %(now)s THEN 1 ELSE bucket.hits + 1 END,
        window_ends_at = CASE
            WHEN bucket.window_ends_at <= %(now)s THEN excluded.window_ends_at
            ELSE bucket.window_ends_at
        END
    RETURNING key, hits, window_ends_at
"""


def hit(action: str, key: str, *, limit: int, per: timedelta, now: datetime) -> datetime | None:
    """Count one try of an action by a key, such as a name or an address.

    Returns None when the try is within `limit` tries in a window of length `per`, otherwise the moment the key
    may try again. Refused tries do not push that moment back.
    """
    ((hits, window_ends_at),) = count([(action, key)], per=per, now=now)
    return None if hits <= limit else window_ends_at


def count(tries: Sequence[tuple[str, str]], *, per: timedelta, now: datetime) -> list[tuple[int, datetime]]:
    """Count one try of each of these actions by its key, which differ, in one statement.

    Returns, in their order, how many tries each window has and when it ends.
    """
    keys = [_hashed(action, key) for action, key in tries]
    with connection.cursor() as cursor:
        cursor.execute(COUNT_HITS, {"keys": keys, "window_ends_at": now + per, "now": now})
        windows = {key: (hits, window_ends_at) for key, hits, window_ends_at in cursor.fetchall()}
    return [windows[key] for key in keys]


def forgive(action: str, key: str) -> None:
    """Take one counted try back, as after a sign-in that succeeded."""
    Bucket.objects.filter(key=_hashed(action, key), hits__gt=0).update(hits=F("hits") - 1)


def forget_expired(now: datetime) -> int:
    """Delete the windows that are over; returns how many there were."""
    return Bucket.objects.filter(window_ends_at__lte=now).delete()[0]


def _hashed(action: str, key: str) -> str:
    return salted_hmac(f"throttle.{action}", key, algorithm="sha256").hexdigest()
