"""Counting tries, and refusing those over a limit or slowing them down.

Tries with a limit are counted in fixed windows that open with a key's first try. Call these outside a transaction: a rollback
would forget the try, and an open transaction would make every other try of the same key wait.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

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

# As above; nothing is counted, and no row comes back, while the pause after the last try still runs.
COUNT_PACED = """
    INSERT INTO throttle_bucket AS bucket (key, window_ends_at, hits)
    VALUES (%(key)s, %(window_ends_at)s, 1)
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN bucket.window_ends_at <= %(now)s THEN 1 ELSE bucket.hits + 1 END,
        window_ends_at = excluded.window_ends_at
    WHERE bucket.window_ends_at <= %(now)s
        OR bucket.hits < %(at_once)s
        OR bucket.window_ends_at - %(kept)s
            + least(%(longest)s, %(first)s * power(2, least(bucket.hits - %(at_once)s, 30))) <= %(now)s
    RETURNING hits
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """So many tries `at_once`; each further one a pause after the one before: the first, twice that, up to the longest.

    All is forgotten when nothing was tried for as long as `kept`.
    """

    at_once: int
    first: timedelta
    longest: timedelta
    kept: timedelta

    def pause(self, tries: int) -> timedelta:
        """How long the next try must wait after so many."""
        return min(self.longest, self.first * (1 << min(tries - self.at_once, 30)))


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was let through, as the so-manieth of its key; or else one that is early, and when to come back."""

    number: int = 0
    early_until: datetime | None = None


def slow_down(action: str, key: str, pace: Pace, *, now: datetime) -> Try:
    """Count one try of an action by a key that is slowed down, never shut out; tries that come early do not count."""
    hashed = _hashed(action, key)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"key": hashed, "window_ends_at": now + pace.kept, "now": now}
        cursor.execute(COUNT_PACED, values | asdict(pace))
        if counted := cursor.fetchone():
            return Try(number=counted[0])
    bucket = Bucket.objects.filter(key=hashed).first()
    if bucket is None:  # it was cleaned up just now
        return Try(early_until=now)
    return Try(early_until=bucket.window_ends_at - pace.kept + pace.pause(bucket.hits))


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
