"""The morning letter: what each officer and head finds waiting when the office's day opens.

Once per person and day. When nothing ran at opening it is sent later the same day, but no more once the day is over.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from consultations.models import Consultation, HeldSubmission
from consultations.rows import end_of_day
from escalations.models import Escalation
from notifications.models import DigestDay
from notifications.outbox import compose, enqueue
from offices.calendar import closing, is_working_day, opening
from offices.calendars import calendars_of
from offices.dates import format_date, format_moment
from offices.enums import Role
from offices.models import Appointment, Office

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from notifications.models import Message
    from offices.models import Staff

logger = logging.getLogger(__name__)

MOST_LISTED = 10
CHUNK: Final = 500
LATE: Final = "Terlambat"
TODAY: Final = "Jatuh tempo hari ini"
PROGRESS: Final = "Progres yang perlu disampaikan hari ini"
WAITING: Final = "Menunggu arahan Bapak/Ibu"
HELD: Final = "Kiriman tertahan yang menunggu pemeriksaan"
TITLES = (LATE, TODAY, PROGRESS, WAITING, HELD)
LISTED = ("number", "subject", "due_at", "progress_due_on", "officer_id", "category__unit_id")
DUTIES = (Role.CSO, Role.UNIT_HEAD, Role.OFFICE_HEAD)


@dataclass
class Section:
    """One heading of a digest: how many it has, and the first of them in words."""

    count: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        self.count += 1
        if self.count <= MOST_LISTED:
            self.lines.append(line)

    @property
    def unlisted(self) -> int:
        return self.count - len(self.lines)


@dataclass
class Desks:
    """Who is told what at an office whose day has begun: officers, the heads of units, and the head of the office."""

    people: dict[int, Staff] = field(default_factory=dict)
    officers: set[int] = field(default_factory=set)
    unit_heads: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    office_heads: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, office: Office, now: datetime) -> Desks:
        """Those on duty at a moment who can be written to; one query."""
        desks = cls()
        held = Appointment.objects.filter(role__in=DUTIES, office=office, staff__is_active=True)
        for each in held.in_force(now).exclude(staff__email="").select_related("staff"):
            if each.staff.office_id == each.office_id:
                desks.people[each.staff_id] = each.staff
                desks._seat(each)
        return desks

    def _seat(self, held: Appointment) -> None:
        if held.unit_id is not None:
            self.unit_heads[held.unit_id].add(held.staff_id)
        elif held.role == Role.OFFICE_HEAD:
            self.office_heads.add(held.staff_id)
        else:
            self.officers.add(held.staff_id)

    def officers_of(self, consultation: Consultation) -> set[int]:
        """The officer who handles it; all officers of the office while nobody on duty does."""
        return self.officers & {consultation.officer_id or 0} or self.officers

    def heads_of(self, unit_id: int) -> set[int]:
        """Who heads the unit; the office's heads where nobody does."""
        return self.unit_heads.get(unit_id) or self.office_heads


def send_digests(now: datetime) -> int:
    """Write the day's digests of every office that is open and has not had them; returns how many letters.

    Each office in a transaction of its own: one whose digest fails is logged, tried again at the next run, and keeps no
    other waiting. The number of statements grows with the offices alone.
    """
    days = _days_begun(now)
    had = DigestDay.objects.filter(on__in=set(days.values())).values_list("office_id", "on")
    letters = 0
    for office_id, day in sorted(days.items() - set(had)):
        try:
            letters += _send_to(office_id, day, now)
        except Exception:
            logger.exception("The digests of office %s could not be written", office_id)
    return letters


@transaction.atomic
def _send_to(office_id: int, day: date, now: datetime) -> int:
    """The office is locked, so that two runs at once do not both look; a run that finds it held leaves it alone."""
    held = Office.objects.filter(pk=office_id).select_for_update(skip_locked=True, no_key=True)
    office = held.first()
    if office is None or office.digest_days.filter(on=day).exists():
        return 0
    desks = Desks.of(office, now)
    agenda = _agenda(office, day, desks, now)
    DigestDay.objects.create(office=office, on=day)
    enqueue(
        _letter(desks.people[staff_id], office, day, sections, now) for staff_id, sections in agenda.items()
    )
    return len(agenda)


def _days_begun(now: datetime) -> dict[int, date]:
    """The local date by office id, of the offices that are open at a moment."""
    begun = {}
    for office_id, calendar in calendars_of(Office.objects.all()).items():
        today = now.astimezone(calendar.zone).date()
        if is_working_day(calendar, today) and opening(calendar, today) <= now < closing(calendar, today):
            begun[office_id] = today
    return begun


def _agenda(office: Office, day: date, desks: Desks, now: datetime) -> dict[int, dict[str, Section]]:
    """What waits for each person, by staff id and heading; who has nothing waiting is absent.

    Consultations are read one by one: what is kept is a few lines for each person, however many are open.
    """
    agenda: dict[int, dict[str, Section]] = defaultdict(lambda: defaultdict(Section))

    def tell(people: Iterable[int], title: str, line: str) -> None:
        for staff_id in people:
            agenda[staff_id][title].add(line)

    asked = dict(
        Escalation.objects.open()
        .filter(consultation__office=office)
        .values_list("consultation_id", "unit_id")
    )
    here = Consultation.objects.filter(office=office)
    ordered = here.select_related("category").only("office_id", *LISTED).order_by("due_at", "pk")
    today = ordered.due_between(now, end_of_day(now, office.zone))
    for title, found in ((LATE, ordered.overdue(now)), (TODAY, today)):
        for each in found.iterator(CHUNK):
            heads = desks.heads_of(asked.get(each.pk, each.category.unit_id)) | desks.office_heads
            tell(desks.officers_of(each) | heads, title, _line(each, office))
    for each in ordered.owing_progress(day).iterator(CHUNK):
        tell(desks.officers_of(each), PROGRESS, _line(each, office))
    for each in ordered.filter(pk__in=asked).iterator(CHUNK):
        tell(desks.heads_of(asked[each.pk]), WAITING, _line(each, office))
    for near_unit_id, line in _held(office, now):
        heads = desks.heads_of(near_unit_id) if near_unit_id else set()
        tell(desks.officers | desks.office_heads | heads, HELD, line)
    return agenda


def _held(office: Office, now: datetime) -> Iterator[tuple[int | None, str]]:
    """The questions that wait for an officer's look, longest first: the unit whose head hears of it, and a line.

    A unit's head hears of what is due before the day ends.
    """
    waiting = HeldSubmission.objects.waiting().filter(office=office).longest_waiting_first(None)
    shown = waiting.values_list("category__unit_id", "reference", "category__name", "submitted_at", "due_at")
    for unit_id, reference, category, at, due_at in shown.iterator(CHUNK):
        due = f", batas waktu {format_moment(due_at, office.zone)}" if due_at else ""
        line = f"{reference}: {category} (dikirim {format_moment(at, office.zone)}{due})"
        is_near = due_at is not None and due_at < end_of_day(now, office.zone)
        yield unit_id if is_near else None, line


def _line(consultation: Consultation, office: Office) -> str:
    due = format_moment(consultation.due_at, office.zone)
    return f"{consultation.number}: {consultation.subject} (batas waktu {due})"


def _letter(person: Staff, office: Office, day: date, sections: dict[str, Section], now: datetime) -> Message:
    return compose(
        office=office,
        kind="digest",
        template="digest",
        context={
            "name": person.full_name,
            "day": format_date(day),
            "sections": [(title, sections[title]) for title in TITLES if title in sections],
            "url": f"{settings.SITE_URL}{reverse('desk')}",
        },
        recipient=person.email,
        recipient_name=person.full_name,
        dedupe_key=f"digest:{day}:{person.pk}",
        now=now,
    )
