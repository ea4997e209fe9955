"""The morning letter: what each officer and head finds waiting when the office's day opens.

Once per person and day. When nothing ran at opening it is sent later the same day, but no more once the day is over.
"""

from __future__ import annotations

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
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date, datetime

    from consultations.models import ConsultationQuerySet
    from notifications.models import Message
    from offices.models import Staff

MOST_LISTED = 10
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
    """Who is told what in the offices whose day has begun: officers, the heads of units, and the heads of offices."""

    people: dict[int, Staff] = field(default_factory=dict)
    officers: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    unit_heads: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    office_heads: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, offices: Collection[Office], now: datetime) -> Desks:
        """Those on duty at a moment who can be written to; one query."""
        desks = cls()
        held = Appointment.objects.filter(role__in=DUTIES, office__in=offices, staff__is_active=True)
        for each in held.in_force(now).exclude(staff__email="").select_related("staff"):
            if each.staff.office_id == each.office_id:
                desks.people[each.staff_id] = each.staff
                desks._seat(each)
        return desks

    def _seat(self, held: Appointment) -> None:
        if held.unit_id is not None:
            self.unit_heads[held.unit_id].add(held.staff_id)
        elif held.role == Role.OFFICE_HEAD:
            self.office_heads[held.office_id].add(held.staff_id)
        else:
            self.officers[held.office_id].add(held.staff_id)

    def officers_of(self, consultation: Consultation) -> set[int]:
        """The officer who handles it; all officers of the office while nobody on duty does."""
        officers = self.officers[consultation.office_id]
        return officers & {consultation.officer_id or 0} or officers

    def heads_of(self, unit_id: int, office_id: int) -> set[int]:
        """Who heads the unit; the office's heads where nobody does."""
        return self.unit_heads[unit_id] or self.office_heads[office_id]


@transaction.atomic
def send_digests(now: datetime) -> int:
    """Write the day's digests of every office that is open and has not had them; returns how many letters.

    The offices are locked, so that two runs at once do not both look; a run that finds them held leaves them alone.
    The number of statements does not grow with the offices, their people or their consultations.
    """
    days = _days_begun(now)
    if not days:
        return 0
    held = Office.objects.filter(pk__in=days).select_for_update(skip_locked=True, no_key=True)
    offices = {office.pk: office for office in held.order_by("pk")}
    for office_id, on in DigestDay.objects.filter(office__in=offices, on__gte=min(days.values())).values_list(
        "office_id", "on"
    ):
        if days[office_id] == on:
            del offices[office_id]
    if not offices:
        return 0
    desks = Desks.of(offices.values(), now)
    agenda = _agenda(offices, days, desks, now)
    letters = [
        _letter(desks.people[staff_id], offices[office_id], days[office_id], sections, now)
        for staff_id, sections in agenda.items()
        for office_id in [desks.people[staff_id].office_id]
        if office_id is not None
    ]
    DigestDay.objects.bulk_create(DigestDay(office_id=pk, on=days[pk]) for pk in offices)
    enqueue(letters)
    return len(letters)


def _days_begun(now: datetime) -> dict[int, date]:
    """The local date by office id, of the offices that are open at a moment."""
    begun = {}
    for office_id, calendar in calendars_of(Office.objects.all()).items():
        today = now.astimezone(calendar.zone).date()
        if is_working_day(calendar, today) and opening(calendar, today) <= now < closing(calendar, today):
            begun[office_id] = today
    return begun


def _agenda(
    offices: dict[int, Office], days: dict[int, date], desks: Desks, now: datetime
) -> dict[int, dict[str, Section]]:
    """What waits for each person, by staff id and heading; who has nothing waiting is absent."""
    agenda: dict[int, dict[str, Section]] = defaultdict(lambda: defaultdict(Section))

    def tell(people: Iterable[int], title: str, consultation: Consultation) -> None:
        line = _line(consultation, offices[consultation.office_id])
        for staff_id in people:
            agenda[staff_id][title].add(line)

    asked = _asked(offices)
    here = Consultation.objects.filter(office__in=offices)
    ordered = here.select_related("category").only("office_id", *LISTED).order_by("due_at", "pk")
    for title, found in ((LATE, ordered.overdue(now)), (TODAY, _due_today(ordered, offices, now))):
        for each in found:
            unit_id = asked.get(each.pk, each.category.unit_id)
            heads = desks.heads_of(unit_id, each.office_id) | desks.office_heads[each.office_id]
            tell(desks.officers_of(each) | heads, title, each)
    for each in ordered.owing_progress(max(days.values())):
        if each.progress_due_on is not None and each.progress_due_on <= days[each.office_id]:
            tell(desks.officers_of(each), PROGRESS, each)
    for each in ordered.filter(pk__in=asked):
        tell(desks.heads_of(asked[each.pk], each.office_id), WAITING, each)
    for office_id, line in _held(offices):
        for staff_id in desks.officers[office_id] | desks.office_heads[office_id]:
            agenda[staff_id][HELD].add(line)
    return agenda


def _held(offices: dict[int, Office]) -> Iterator[tuple[int, str]]:
    """The questions that wait for an officer's look, longest first: no other clock tells of them, yet their days count."""
    waiting = HeldSubmission.objects.waiting().filter(office__in=offices).longest_waiting_first(None)
    for office_id, reference, category, at in waiting.values_list(
        "office_id", "reference", "category__name", "submitted_at"
    ):
        yield office_id, f"{reference}: {category} (dikirim {format_moment(at, offices[office_id].zone)})"


def _asked(offices: Collection[int]) -> dict[int, int]:
    """Which unit's word is waited for, by consultation."""
    waiting = Escalation.objects.open().filter(consultation__office__in=offices)
    return dict(waiting.values_list("consultation_id", "unit_id"))


def _due_today(
    consultations: ConsultationQuerySet, offices: dict[int, Office], now: datetime
) -> list[Consultation]:
    """Due before the midnight of their own office's wall."""
    midnight = {pk: end_of_day(now, office.zone) for pk, office in offices.items()}
    return [
        each
        for each in consultations.due_between(now, max(midnight.values()))
        if each.due_at < midnight[each.office_id]
    ]


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
