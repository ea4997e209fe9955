"""One measured figure, and how it is taken."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from collections.abc import Callable

WARM_UP = 5
RUNS = 30
HEADINGS = ("", "median", "p95 atau laju", "SQL", "sasaran")


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table: what, how long, its 95th percentile or how many in a second, statements, and the aim."""

    name: str
    median: str
    rate: str
    statements: str
    aim: str


def row(*cells: str) -> str:
    name, *others = cells
    return f"{name:<44}" + "".join(f"{cell:>14}" for cell in others)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def seconds_of(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def statements_of(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        call()
        return len(queries)  # before a later request empties the log


def median_of(name: str, call: Callable[[], Any], aim: str) -> Figure:
    """The median over many warm calls, with the statements of one."""
    statements = statements_of(call)
    spent = [seconds_of(call) for _ in range(WARM_UP + RUNS)][WARM_UP:]
    p95 = statistics.quantiles(spent, n=20)[-1]
    return Figure(name, milliseconds(statistics.median(spent)), milliseconds(p95), str(statements), aim)
