"""Whose turn it is: the priority rule as a pure function of the day's state and the office's settings.

Who has waited the bound or longer goes first, whatever the kind. Otherwise one priority number is called after each
`regulars_between_priorities` regular ones; when none of the kind whose turn it is waits, the other kind is called.
Within a kind the earlier turn goes first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from frontdesk.enums import TicketKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from frontdesk.models import QueueDay, QueueSettings


@dataclass(frozen=True, slots=True)
class Alternation:
    """How far the calls of a day have come: `regulars` since the last priority, None before the first one."""

    regulars: int | None
    between: int
    longest_wait: timedelta

    @classmethod
    def of(cls, day: QueueDay, settings: QueueSettings) -> Alternation:
        return cls(
            day.regulars_since_priority,
            settings.regulars_between_priorities,
            timedelta(minutes=settings.longest_wait_minutes),
        )

    @property
    def preferred(self) -> TicketKind:
        """The kind whose turn it is."""
        is_due = self.regulars is None or self.regulars >= self.between
        return TicketKind.PRIORITY if is_due else TicketKind.REGULAR

    def after(self, kind: str) -> Alternation:
        """The state after a number of that kind was called."""
        if kind == TicketKind.PRIORITY:
            return replace(self, regulars=0)
        return self if self.regulars is None else replace(self, regulars=self.regulars + 1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting number, as far as the rule looks at it."""

    pk: int
    kind: str
    turn_at: datetime


def in_order(waiting: Iterable[Waiting], state: Alternation, now: datetime) -> list[Waiting]:
    """The waiting numbers in the order in which they would be called at a moment, were nobody to come or to miss."""
    by_turn = sorted(waiting, key=lambda each: (each.turn_at, each.pk))
    ordered = [each for each in by_turn if each.turn_at <= now - state.longest_wait]
    for each in ordered:
        state = state.after(each.kind)
    rest = {kind: [e for e in by_turn[len(ordered) :] if e.kind == kind][::-1] for kind in TicketKind}
    while any(rest.values()):
        other = TicketKind.REGULAR if state.preferred is TicketKind.PRIORITY else TicketKind.PRIORITY
        ordered.append((rest[state.preferred] or rest[other]).pop())
        state = state.after(ordered[-1].kind)
    return ordered
