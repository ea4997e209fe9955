"""The clocks that run on a consultation, each by its name: the answer, the progress, the head's word, the documents.

Every one has its own moment. None of them moves another, and none ever pauses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast

from consultations.deadlines import Nearness, countdown, nearness
from consultations.enums import Status, TimerKind
from consultations.models import Timer
from consultations.timers import auto_close_moment, next_progress_day
from offices.calendar import closing, nth_working_day_after
from offices.dates import format_date, format_moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from consultations.models import Consultation
    from offices.calendar import WorkCalendar

AT_ONCE = Nearness("late", "Segera")


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: what it measures, how near its end is, that moment in words, and whom or what it is about."""

    name: str
    due: Nearness
    at: str
    about: str = ""


def timer_moment(kind: TimerKind, *, consultation: str, key: str) -> Subquery:
    """The moment of a standing timer, fired or not, to annotate the rows it was armed for; null when there is none.

    `consultation` is the path from such a row to its consultation, `key` the field whose value is the timer's key.
    """
    its_own = Timer.objects.filter(
        consultation=OuterRef(consultation), kind=kind, key=Cast(OuterRef(key), CharField())
    )
    return Subquery(its_own.values("fires_at")[:1])


def answer_clock(consultation: Consultation, calendar: WorkCalendar, now: datetime) -> Clock:
    """The public deadline while it runs; afterwards how the consultation ended, and whether in time."""
    at = format_moment(consultation.due_at, calendar.zone)
    if consultation.is_open:
        return Clock("Jawaban", countdown(consultation.due_at, calendar, now), at)
    answered_at, at = consultation.resolved_at, f"Batas waktu {at}"
    if answered_at is None:
        return Clock("Jawaban", Nearness("calm", "Tanpa jawaban"), at)
    if answered_at > consultation.due_at:
        return Clock("Jawaban", Nearness("late", "Terlambat"), at, _answered(answered_at, calendar))
    return Clock("Jawaban", Nearness("calm", "Tepat waktu"), at, _answered(answered_at, calendar))


def _answered(moment: datetime, calendar: WorkCalendar) -> str:
    return f"Dijawab {format_moment(moment, calendar.zone)}"


def progress_clock(
    consultation: Consultation, calendar: WorkCalendar, now: datetime, *, missed: int
) -> Clock | None:
    """By when the stakeholder is to hear the next progress, and how often that is on record as missed.

    Of an ended consultation only the record; None for one that ended unanswered.
    """
    record = f"Tercatat terlewat {missed} kali" if missed else "Tidak ada yang tercatat terlewat"
    if consultation.is_open:
        moment = next_progress_moment(consultation, calendar)
        told = consultation.last_progress_on
        last = (
            f"Progres terakhir dari petugas {format_date(told)}" if told else "Belum ada progres dari petugas"
        )
        about = f"{last}. {record}" if missed else last
        near, at = countdown(moment, calendar, now), format_moment(moment, calendar.zone)
        return Clock("Progres berikutnya", near, at, about)
    if consultation.resolved_at is None:
        return None
    kept = Nearness("late", f"{missed} kali terlewat") if missed else Nearness("calm", "Lengkap")
    return Clock("Progres", kept, record)


def next_progress_moment(consultation: Consultation, calendar: WorkCalendar) -> datetime:
    """The closing by which an open consultation's next progress is owed; what was told for this one is not owed again."""
    day = next_progress_day(consultation, calendar)
    told = consultation.last_progress_on
    if told is not None and told > consultation.progress_settled_on:
        day = nth_working_day_after(calendar, day, consultation.standard.progress_every_working_days)
    return closing(calendar, day)


def head_clock(
    answer_by: datetime | None,
    title: str,
    calendar: WorkCalendar,
    now: datetime,
    *,
    asked_at: datetime,
    due_at: datetime,
) -> Clock:
    """The clock of an open escalation. Asked when no time was left, a head has no moment and answers at once."""
    if answer_by is None:
        asked = (
            "setelah batas waktu jawaban terlewati" if asked_at >= due_at else "menjelang batas waktu jawaban"
        )
        return Clock("Arahan kepala unit", AT_ONCE, f"Diminta {asked}", title)
    at = format_moment(answer_by, calendar.zone)
    return Clock("Arahan kepala unit", _hourly(answer_by, calendar, now), at, title)


def _hourly(moment: datetime, calendar: WorkCalendar, now: datetime) -> Nearness:
    """A head's time is counted in hours, so that the pill keeps the hour of today."""
    near = nearness(moment, calendar, now)
    return near if near.level == "today" else countdown(moment, calendar, now)


def documents_clock(
    reminders: Iterable[datetime | None], calendar: WorkCalendar, now: datetime
) -> Clock | None:
    """When the stakeholder is reminded; `reminders` holds that moment for each document still outstanding.

    None when nothing is outstanding. Heavier once every reminder lies behind.
    """
    moments = list(reminders)
    if not moments:
        return None
    known = sorted(moment for moment in moments if moment is not None)
    ahead = [moment for moment in known if moment > now]
    near = Nearness("calm" if ahead else "soon", f"{len(moments)} masih ditunggu")
    shown = ahead[:1] or known[-1:]
    at = f"Pengingat {format_moment(shown[0], calendar.zone)}" if shown else ""
    return Clock("Dokumen", near, at, "Menunggu stakeholder")


def closing_clock(consultation: Consultation, calendar: WorkCalendar, now: datetime) -> Clock | None:
    """When an answered consultation closes by itself, and until when it can be reopened."""
    if consultation.status != Status.RESOLVED or consultation.resolved_at is None:
        return None
    moment = auto_close_moment(consultation.resolved_at, consultation.standard, calendar)
    label = countdown(moment, calendar, now).label if now < moment else "Segera"
    return Clock(
        "Penutupan otomatis",
        Nearness("calm", label),
        format_moment(moment, calendar.zone),
        "Sebelum ditutup dapat dibuka kembali",
    )
