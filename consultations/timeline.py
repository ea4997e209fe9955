"""A consultation's timeline as staff read it, internal lines included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects

from consultations.enums import Act, ActorKind, ProgressChannel
from consultations.models import Attachment
from offices.dates import format_moment
from regulations.models import Regulation

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from consultations.models import Consultation, Entry

NOTED_LATER = timedelta(minutes=1)
CITING = frozenset({Act.REPLY, Act.RESOLVE})
ICONS = {"internal": "lock", "public": "send", "stakeholder": "user", "event": "history"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `kind` is its look, with its `icon`: "public", "internal", "stakeholder" or "event".

    `delivery` says how a progress reached the stakeholder, or that it has not yet.
    """

    entry: Entry
    kind: str
    icon: str
    title: str
    text: str
    author: str
    when: str
    attachments: list[Attachment]
    regulations: list[Regulation]
    delivery: str


def staff_timeline(consultation: Consultation) -> list[Line]:
    """The whole timeline, the oldest line first; two queries, and one for the regulations where any act may cite."""
    parts = consultation.entries.select_related("actor", "progress_update__message")
    entries = list(
        parts.defer("progress_update__message__body").prefetch_related(
            Prefetch("attachments", Attachment.objects.select_related("item"))
        )
    )
    citing = [entry for entry in entries if entry.act in CITING]
    prefetch_related_objects(citing, Prefetch("regulations", Regulation.objects.defer("search")))
    return [_line(entry, consultation.office.zone) for entry in entries]


def _line(entry: Entry, zone: ZoneInfo) -> Line:
    when = format_moment(entry.at, zone)
    if entry.recorded_at - entry.at >= NOTED_LATER:
        when += f", dicatat {format_moment(entry.recorded_at, zone)}"
    kind = _kind(entry)
    return Line(
        entry=entry,
        kind=kind,
        icon=ICONS[kind],
        title=Act(entry.act).label,
        text=entry.text,
        author=f"{entry.actor}, {entry.actor_label}" if entry.actor else entry.actor_label,
        when=when,
        attachments=list(entry.attachments.all()),
        regulations=list(entry.regulations.all()) if entry.act in CITING else [],
        delivery=_delivery(entry),
    )


def _kind(entry: Entry) -> str:
    if entry.actor_kind == ActorKind.STAKEHOLDER:
        return "stakeholder"
    if not entry.text or (entry.actor_kind == ActorKind.SYSTEM and entry.act != Act.POST_PROGRESS):
        return "event"
    return "public" if entry.is_public else "internal"


def _delivery(entry: Entry) -> str:
    progress = getattr(entry, "progress_update", None)
    if progress is None:
        return ""
    channel = ProgressChannel(progress.channel).label
    if progress.channel == ProgressChannel.IN_PERSON:
        return channel
    if progress.message is None:
        return f"Disampaikan melalui: {channel}"
    return f"{channel}: {progress.message.get_status_display().lower()}"
