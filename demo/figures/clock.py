"""What the clock costs: when nothing is due, and when one timer in a hundred is.

Time is injected, so nothing is moved to measure an idle sweep: it looks at a moment before all timers. What a sweep
does is taken back afterwards, and the next run finds the same.
"""

from __future__ import annotations

import statistics
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.management import CommandError
from django.db import connection, transaction
from django.db.models import Min

from consultations.enums import TimerKind
from consultations.models import Timer
from consultations.sweep import sweep
from demo.figures.figure import Figure, median_of, milliseconds, seconds_of, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

FEW = 1_000
DUE = 1_000
TIMES = 3
KINDS = (
    TimerKind.PROGRESS_REMINDER,
    TimerKind.PROGRESS_CHECK,
    TimerKind.DEADLINE_WARNING,
    TimerKind.DEADLINE,
)


def clock_figures() -> Iterator[Figure]:
    timers = Timer.objects.unfired().count()
    first = Timer.objects.unfired().aggregate(first=Min("sweep_at"))["first"]
    moment = first - timedelta(hours=1)
    with small_world():
        yield _idle(FEW, moment)
    yield _idle(timers, moment)
    yield _sweep_of(f"sapuan, {DUE} batas waktu terlewati", {TimerKind.DEADLINE: DUE}, moment, "1500 ms")
    share = max(timers // 100 // len(KINDS), 1)
    yield _sweep_of(f"sapuan, 1 % dari {timers} pengingat", dict.fromkeys(KINDS, share), moment, "")


def _idle(timers: int, moment: datetime) -> Figure:
    if sweep(moment):
        raise CommandError("sapuan kosong: ada yang jatuh tempo")
    return median_of(f"sapuan kosong, {timers} pengingat tersimpan", partial(sweep, moment), "10 ms")


def _sweep_of(name: str, due: dict[TimerKind, int], moment: datetime, aim: str) -> Figure:
    with _made_due(due, moment):
        statements = statements_of(partial(sweep, moment))
    spent, fired = [], 0
    for _ in range(TIMES):
        with _made_due(due, moment) as made:
            spent.append(seconds_of(partial(sweep, moment)))
            fired = Timer.objects.filter(fired_at=moment).count()
            if not 0 < made <= fired:
                raise CommandError(f"{name}: {fired} dari {made}")
    median = statistics.median(spent)
    return Figure(
        name,
        milliseconds(median),
        f"{fired / median:.0f}/detik",
        f"{statements / fired:.2f}/buah",
        aim,
    )


@contextmanager
def _made_due(due: dict[TimerKind, int], moment: datetime) -> Iterator[int]:
    """For the length of the block these numbers of timers are due at a moment, each kind at consultations of its own.

    Gives how many there are.
    """
    with transaction.atomic():
        taken = made = 0
        for kind, count in due.items():
            waiting = Timer.objects.unfired().filter(kind=kind, fires_at__gt=moment)
            one_each = waiting.order_by("consultation", "pk").distinct("consultation")
            chosen = list(one_each.values_list("pk", flat=True)[taken : taken + count])
            made += Timer.objects.filter(pk__in=chosen).update(fires_at=moment, sweep_at=moment)
            taken += count
        yield made
        transaction.set_rollback(True)


@contextmanager
def small_world() -> Iterator[None]:
    """The same timers' table with few rows in front of the full one, until the block ends."""
    table = Timer._meta.db_table  # noqa: SLF001 - Django's public Meta
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA few")
        cursor.execute(f"CREATE TABLE few.{table} (LIKE public.{table} INCLUDING ALL)")
        cursor.execute(f"INSERT INTO few.{table} SELECT * FROM public.{table} ORDER BY id LIMIT %s", [FEW])  # noqa: S608
        cursor.execute(f"ANALYZE few.{table}")
        cursor.execute("SET LOCAL search_path TO few, public")
        yield
        transaction.set_rollback(True)
