"""Whether the parts of the desk work, in a word for the load balancer and in figures for whoever watches over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import redis
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error
from django.utils import timezone

from consultations import clamd
from consultations.models import Attachment, HeldSubmission, Timer
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.outbox import DELIVERY
from offices.dates import format_moment
from offices.models import Heartbeat, Office

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

SWEEP = "consultations.tasks.sweep_timers"
SCAN = "consultations.tasks.scan_files"
BEAT = "beat"
LAST_SWEEP = "last-sweep"
LAST_SWEEP_SECONDS = 15
STANDSTILL: Final = timedelta(minutes=3)
OVERDUE_AFTER: Final = timedelta(minutes=1)
FAILED_WITHIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured and the most it may be; what could not be measured is not well."""

    value: float | None
    limit: float

    @property
    def ok(self) -> bool:
        return self.value is not None and self.value <= self.limit

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.ok, "value": self.value, "limit": self.limit}


@dataclass(frozen=True, slots=True)
class Report:
    """Which parts answer, and the figures by name; ages are in seconds."""

    parts: dict[str, bool]
    figures: dict[str, Figure]

    @property
    def ok(self) -> bool:
        return all(self.parts.values()) and all(figure.ok for figure in self.figures.values())

    def as_json(self) -> dict[str, Any]:
        parts = {name: {"ok": ok} for name, ok in self.parts.items()}
        return {"ok": self.ok, **parts, **{name: figure.as_json() for name, figure in self.figures.items()}}


class Health(NamedTuple):
    """What works; worker and beat are judged by the sweep that they run together."""

    database: bool
    broker: bool
    worker_and_beat: bool
    swept_at: datetime | None

    @property
    def is_good(self) -> bool:
        return self.database and self.broker and self.worker_and_beat


def examine(now: datetime) -> Health:
    """Never raises; waits at most for the pool's and the broker's timeouts."""
    try:
        swept_at = Heartbeat.objects.filter(name=SWEEP).values_list("beat_at", flat=True).first()
    except Error:
        return Health(database=False, broker=_broker_answers(), worker_and_beat=False, swept_at=None)
    oldest = now - timedelta(seconds=30 + 4 * settings.SWEEP_SECONDS)
    return Health(
        database=True,
        broker=_broker_answers(),
        worker_and_beat=swept_at is not None and swept_at >= oldest,
        swept_at=swept_at,
    )


def report(now: datetime) -> Report:
    """The state in full at an aware moment. Never raises; nine statements, whose cost follows what waits."""
    measured: dict[str, float] = {}
    try:
        for name, (measure, _) in FIGURES.items():
            if (value := measure(now)) is not None:
                measured[name] = value
    except Error:
        measured, database = {}, False
    else:
        database = True
    parts = {"database": database, "broker": _broker_answers(), "storage": _storage_is_writable()}
    if settings.CLAMD_URL:
        parts["scanner"] = clamd.answers()
    return Report(
        parts=parts,
        figures={name: Figure(measured.get(name), limit) for name, (_, limit) in FIGURES.items()},
    )


def standstill(now: datetime) -> datetime | None:
    """Since when neither reminder nor message can have left; None while the clock runs, or has never run.

    Each process asks the database every 15 seconds at most, so that no page pays for it.
    """
    swept_at = cache.get_or_set(LAST_SWEEP, _last_sweep, LAST_SWEEP_SECONDS)
    return swept_at if swept_at and now - swept_at > STANDSTILL else None


def clock(request: HttpRequest) -> dict[str, object]:
    """Template context: `clock_stands_since`, in words and asked only by the pages that show it; empty while it runs."""

    def in_words() -> str:
        since = standstill(timezone.now())
        office = getattr(request.user, "office", None)
        return (
            format_moment(since, office.zone if office else timezone.get_default_timezone()) if since else ""
        )

    return {"clock_stands_since": in_words}


def _last_sweep() -> datetime | None:
    return Heartbeat.objects.filter(name=SWEEP).values_list("beat_at", flat=True).first()


def _age(name: str) -> Callable[[datetime], float | None]:
    def age(now: datetime) -> float | None:
        beat_at = Heartbeat.objects.filter(name=name).values_list("beat_at", flat=True).first()
        return None if beat_at is None else _seconds(now - beat_at)

    return age


def _oldest_unsent(now: datetime) -> float:
    queued = Message.objects.filter(status=MessageStatus.QUEUED).order_by("created_at")
    created_at = queued.values_list("created_at", flat=True).first()
    return 0 if created_at is None else _seconds(now - created_at)


def _failed_messages(now: datetime) -> int:
    """Of the last day: those before it have been seen, and stay on the messages page."""
    failed = Message.objects.filter(status=MessageStatus.FAILED, created_at__gte=now - FAILED_WITHIN)
    return failed.filter(
        office__in=Office.objects.all()
    ).count()  # the index of states begins with the office


def _overdue_timers(now: datetime) -> int:
    """Moments past at which the clock should have acted, on a consultation or on a held sending."""
    past = now - OVERDUE_AFTER
    timers = Timer.objects.unfired().filter(sweep_at__lt=past).values("pk")
    held = HeldSubmission.objects.waiting().filter(sweep_at__lt=past).values("pk")
    return timers.union(held, all=True).count()


def _failing_timers(_now: datetime) -> int:
    held = HeldSubmission.objects.failing().values("pk")
    return Timer.objects.failing().values("pk").union(held, all=True).count()


def _oldest_unscanned(now: datetime) -> float:
    """Of the files in quarantine; they are numbered as they come."""
    stored_at = Attachment.objects.quarantined().order_by("pk").values_list("entry__recorded_at", flat=True)
    oldest = stored_at.first()
    return 0 if oldest is None else _seconds(now - oldest)


def _seconds(age: timedelta) -> float:
    """Never negative, as the age of what another machine's clock dated may be."""
    return max(0, round(age.total_seconds(), 1))


# How each figure is measured, and the most it may be.
FIGURES: Final[dict[str, tuple[Callable[[datetime], float | None], float]]] = {
    "beat_age_seconds": (_age(BEAT), STANDSTILL.total_seconds()),
    "sweep_age_seconds": (_age(SWEEP), STANDSTILL.total_seconds()),
    "delivery_age_seconds": (_age(DELIVERY), STANDSTILL.total_seconds()),
    "scan_age_seconds": (_age(SCAN), 10 * 60),
    "oldest_unsent_seconds": (_oldest_unsent, 60 * 60),
    "failed_messages": (_failed_messages, 20),
    "overdue_timers": (_overdue_timers, 0),
    "failing_timers": (_failing_timers, 0),
    "oldest_unscanned_seconds": (_oldest_unscanned, 15 * 60),
}


def _broker_answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _storage_is_writable() -> bool:
    try:
        default_storage.delete(default_storage.save("health-check", ContentFile(b"ok")))
    except Exception:  # noqa: BLE001 - each kind of storage has errors of its own
        return False
    return True
