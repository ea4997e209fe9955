"""The health report as Prometheus reads it.

Every figure is read from the database when it is asked for, so it is the same whichever web process answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, generate_latest

if TYPE_CHECKING:
    from config.health import Report

HELP = {
    "beat_age_seconds": "Since beat last sent out the sweep",
    "sweep_age_seconds": "Since the last sweep of the timers",
    "delivery_age_seconds": "Since the last delivery of messages",
    "scan_age_seconds": "Since the last scan of files",
    "oldest_unsent_seconds": "Since the oldest message that has not left was written",
    "failed_messages": "Messages of the last day that failed for good",
    "overdue_timers": "Timers that should have acted more than a minute ago",
    "failing_timers": "Timers whose act failed at every try so far",
    "oldest_unscanned_seconds": "Since the oldest file in quarantine was sent",
}


def exposition(report: Report) -> bytes:
    """The report in the Prometheus text format; a figure that could not be measured is absent."""
    registry = CollectorRegistry()
    ok = Gauge(
        "desk_ok", "Whether the part works, or the figure is within its limit", ["part"], registry=registry
    )
    for name, works in report.parts.items():
        ok.labels(name).set(works)
    for name, figure in report.figures.items():
        ok.labels(name).set(figure.ok)
        if figure.value is not None:
            Gauge(f"desk_{name}", HELP[name], registry=registry).set(figure.value)
    return generate_latest(registry)
