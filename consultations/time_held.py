"""By whom a question was held while it waited for its answer, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from consultations.enums import ActorKind, Holder, Status
from offices.calendar import working_time_between

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from consultations.models import Entry
    from offices.calendar import WorkCalendar

HOLDERS = {
    Status.NEW: Holder.DESK,
    Status.IN_PROGRESS: Holder.DESK,
    Status.AWAITING_DOCUMENTS: Holder.STAKEHOLDER,
    Status.ESCALATED: Holder.UNIT_HEAD,
}


@dataclass(frozen=True, slots=True)
class Held:
    """One holder's turn from `start` to `end`, `worked` of it during online service hours."""

    holder: Holder
    start: datetime
    end: datetime
    worked: timedelta


def time_held(entries: Iterable[Entry], calendar: WorkCalendar, until: datetime) -> list[Held]:
    """The turns from receipt up to a moment, in order and disjoint; neighbours differ in their holder.

    `entries` is a consultation's timeline, the oldest line first. Each line carries the status that its act left, and
    the status says whose turn it is; where documents and a head are both waited for, it shows the one waited for
    first. From an answer to a reopening nobody holds the question. What the clock wrote moves no turn and is passed
    over: it stands at its true moment, but bears the status of the moment at which it was written.
    """
    turns: list[tuple[Holder | None, datetime]] = []
    for entry in entries:
        if entry.actor_kind == ActorKind.SYSTEM or entry.at > until:
            continue
        holder = HOLDERS.get(Status(entry.status))
        if turns and turns[-1][1] == entry.at:
            turns.pop()
        if not turns or turns[-1][0] != holder:
            turns.append((holder, entry.at))
    return [
        Held(holder, start, end, working_time_between(calendar, start, end))
        for (holder, start), (_, end) in pairwise([*turns, (None, until)])
        if holder is not None and start < end
    ]


def held_by(turns: Iterable[Held]) -> dict[Holder, timedelta]:
    """Working time by holder, of those who held it at all; their sum is the working time of all the turns."""
    worked: dict[Holder, timedelta] = {}
    for turn in turns:
        worked[turn.holder] = worked.get(turn.holder, timedelta()) + turn.worked
    return worked
