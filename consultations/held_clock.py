"""The clock of a held sending: it runs from the sending, as that of the consultation it may become.

Each row carries the next moment at which its clock must act. What comes due and the mark that it was acted on commit
together; rows that an officer or another sweep holds are skipped and found again. Officers and heads are told of all
that comes due in one letter a day and occasion, so that a flood of spam is no flood of letters.

Nobody has checked the address that came with a sending. The honest status goes to those alone with whom the office
corresponds already, once a day; every sender reads it on the page about the sending.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least, Lower
from django.urls import reverse
from django.utils.crypto import salted_hmac

from consultations.enums import ContactChannel, Status, TimerKind
from consultations.held_waits import sent_locally_on, standard_in_force, standards_by_office
from consultations.models import Consultation, HeldSubmission
from consultations.reach import sending_channels
from consultations.sweep import MOST_FAILURES, PAUSE_AFTER_FAILURE
from consultations.timers import next_progress_day, plan
from consultations.update_many import update_many
from notifications import notices
from notifications.models import Notice
from notifications.outbox import compose, enqueue
from offices.calendar import closing, due_moment, is_working_day, next_working_day, opening
from offices.calendars import calendars_of
from offices.dates import format_date, format_moment, to_local
from offices.duties import heads_by_unit, holders_by_office
from offices.enums import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from notifications.models import Message
    from offices.calendar import WorkCalendar
    from offices.models import Appointment, Office, ServiceStandard, Staff

logger = logging.getLogger(__name__)

BATCH = 500
MOST_LISTED = 10
WARNING, LATE, LATE_AGAIN = "held_warning", "held_late", "held_late_again"
CLOCK_FIELDS = ("due_at", "late_at", "progress_settled_on", "wakes_at", "sweep_at", "failures")


def sweep_held(now: datetime) -> int:
    """Act on every held sending whose clock is due at a moment, in bounded transactions; returns how many.

    The number of statements of a batch does not grow with its rows. One whose act fails is put off by ten minutes,
    logged and counted as a timer is; it holds up no other.
    """
    total = 0
    while True:
        try:
            handled = _act_on_due(now)
        except Exception:
            logger.exception("A batch of held sendings failed; acting on them one by one")
            due = HeldSubmission.objects.to_sweep(now).values_list("pk", flat=True)[:BATCH]
            handled = sum(_act_alone(pk, now) for pk in list(due))
        total += handled
        if handled == 0:
            return total


def wake(office_id: int, now: datetime) -> None:
    """Let the clocks of an office look again, since its calendar has changed; one statement."""
    HeldSubmission.objects.waiting().filter(office=office_id).update(
        wakes_at=Least("wakes_at", now), sweep_at=Least("sweep_at", now)
    )


def _act_alone(pk: int, now: datetime) -> int:
    try:
        return _act_on_due(now, pk=pk)
    except Exception:
        logger.exception("The clock of held sending %s failed and is put off", pk)
        failed = HeldSubmission.objects.waiting().filter(pk=pk)
        failed.update(failures=Least(F("failures") + 1, MOST_FAILURES), sweep_at=now + PAUSE_AFTER_FAILURE)
        return 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What acting needs to know beyond the rows, read once for a whole batch."""

    now: datetime
    calendars: Mapping[int, WorkCalendar]
    standards: Mapping[int, list[ServiceStandard]]
    officers: Mapping[int, list[Appointment]]
    unit_heads: Mapping[int, list[Appointment]]
    office_heads: Mapping[int, list[Appointment]]

    @classmethod
    def about(cls, offices: Collection[Office], now: datetime) -> Facts:
        ids = [office.pk for office in offices]
        return cls(
            now=now,
            calendars=calendars_of(offices),
            standards=standards_by_office(ids),
            officers=holders_by_office(ids, Role.CSO, now),
            unit_heads=heads_by_unit(ids, now),
            office_heads=holders_by_office(ids, Role.OFFICE_HEAD, now),
        )

    def people(self, held: HeldSubmission, occasion: str) -> set[Staff]:
        """All officers, since nobody handles it, and the heads of the unit that the category leads to, or else the office's.

        What is late is raised to the office's heads besides.
        """
        office_heads = self.office_heads.get(held.office_id, [])
        heads = self.unit_heads.get(held.category.unit_id) or office_heads
        raised = [] if occasion == WARNING else office_heads
        return {holder.staff for holder in (*self.officers.get(held.office_id, []), *heads, *raised)}


@transaction.atomic
def _act_on_due(now: datetime, **only: int) -> int:
    due = HeldSubmission.objects.to_sweep(now).filter(**only).select_related("office", "category")
    found = list(due.select_for_update(of=("self",), skip_locked=True, no_key=True)[:BATCH])
    if not found:
        return 0
    facts = Facts.about({held.office for held in found}, now)
    told: dict[tuple[str, Staff], list[HeldSubmission]] = defaultdict(list)
    missed = []
    for held in found:
        settled_on = held.progress_settled_on or sent_locally_on(held)
        occasion = _advance(held, facts)
        if occasion:
            for person in facts.people(held, occasion):
                told[occasion, person].append(held)
        if held.progress_settled_on != settled_on:
            missed.append(held)
    update_many(found, CLOCK_FIELDS)
    _tell_staff(told, facts)
    enqueue(_honest_letters(missed, now))
    return len(found)


def _advance(held: HeldSubmission, facts: Facts) -> str:
    """Bring a row up to now and set its next moment; returns the occasion that staff are to hear of, if any.

    After a long silence each is told once, for the latest.
    """
    now, calendar, sent_on = facts.now, facts.calendars[held.office_id], sent_locally_on(held)
    standard = standard_in_force(facts.standards.get(held.office_id, ()), sent_on)
    due_at = held.late_at or due_moment(calendar, held.submitted_at, standard.answer_working_days)
    becoming = Consultation(
        status=Status.NEW,
        standard=standard,
        promised_at=held.submitted_at,
        due_at=due_at,
        progress_settled_on=held.progress_settled_on or sent_on,
    )
    while closing(calendar, day := next_progress_day(becoming, calendar)) <= now:
        becoming.progress_settled_on = day
    planned = plan(becoming, calendar)
    mornings = _mornings(calendar, now)
    if held.late_at:
        occasion = LATE_AGAIN if _came(held, mornings, now) else ""
    elif due_at <= now:
        held.late_at, occasion = due_at, LATE
    else:
        warnings = [timer.fires_at for timer in planned if timer.kind == TimerKind.DEADLINE_WARNING]
        occasion = WARNING if _came(held, warnings, now) else ""
    ahead = [timer.fires_at for timer in planned if timer.kind != TimerKind.PROGRESS_REMINDER]
    held.due_at, held.progress_settled_on, held.failures = due_at, becoming.progress_settled_on, 0
    held.wakes_at = held.sweep_at = min(
        moment for moment in (*ahead, *(mornings if held.late_at else ())) if moment > now
    )
    return occasion


def _mornings(calendar: WorkCalendar, now: datetime) -> list[datetime]:
    """The openings of today, on a working day, and of the next."""
    today = to_local(now, calendar.zone).date()
    days = [day for day in (today, next_working_day(calendar, today)) if is_working_day(calendar, day)]
    return [opening(calendar, day) for day in days]


def _came(held: HeldSubmission, moments: Iterable[datetime], now: datetime) -> bool:
    """Whether one of the moments has come since the clock last looked."""
    return held.wakes_at is not None and any(held.wakes_at <= moment <= now for moment in moments)


def _tell_staff(told: Mapping[tuple[str, Staff], list[HeldSubmission]], facts: Facts) -> None:
    """One letter and one notice for each person and occasion of an office's local day, about all of this batch."""
    letters = []
    for (occasion, person), about in told.items():
        message = _staff_letter(occasion, person, about, facts)
        letters.append((message, person, about))
    enqueue(message for message, person, _ in letters if person.email)
    notices.post(_notice(message, person, about) for message, person, about in letters)


def _staff_letter(occasion: str, person: Staff, about: list[HeldSubmission], facts: Facts) -> Message:
    office = about[0].office
    day = to_local(facts.now, office.zone).date()
    return compose(
        office=office,
        kind=occasion,
        template=occasion,
        context={
            "name": person.full_name,
            "office": office,
            "count": f"{len(about)}{' atau lebih' if len(about) == BATCH else ''}",
            "lines": [_line(held) for held in about[:MOST_LISTED]],
            "unlisted": max(len(about) - MOST_LISTED, 0),
            "url": f"{settings.SITE_URL}{reverse('held_list')}",
        },
        recipient=person.email,
        recipient_name=person.full_name,
        reference=about[0].reference,
        dedupe_key=f"{occasion}:{day}:staff-{person.pk}",
        now=facts.now,
    )


def _line(held: HeldSubmission) -> str:
    zone = held.office.zone
    due = format_moment(held.due_at, zone) if held.due_at else ""
    return f"{held.reference}: {held.category.name} (dikirim {format_moment(held.submitted_at, zone)}, batas waktu {due})"


def _notice(message: Message, person: Staff, about: list[HeldSubmission]) -> Notice:
    return Notice(
        office=message.office,
        recipient=person,
        reference=message.reference,
        title=message.subject,
        text=f"{about[0].category.name}{f', dan {len(about) - 1} kiriman lain' if len(about) > 1 else ''}",
        url=reverse("held_list"),
        dedupe_key=message.dedupe_key,
        at=message.created_at,
    )


def _honest_letters(missed: list[HeldSubmission], now: datetime) -> Iterator[Message]:
    """That nobody has looked yet, for senders the office corresponds with: without what was typed, once a day."""
    asked = {
        held: held.asked.email.lower()
        for held in missed
        if ContactChannel.EMAIL in sending_channels(held.office)
    }
    known = _correspondents(asked)
    for held, email in asked.items():
        if (held.office_id, email) not in known or held.progress_settled_on is None or held.due_at is None:
            continue
        zone, day = held.office.zone, held.progress_settled_on
        hashed = salted_hmac("consultations.held_clock", email, algorithm="sha256").hexdigest()[:32]
        yield compose(
            office=held.office,
            kind="held_status",
            template="held_status",
            context={
                "held": held,
                "office": held.office,
                "day": format_date(day),
                "sent": format_moment(held.submitted_at, zone),
                "due": format_moment(held.due_at, zone),
            },
            recipient=email,
            reference=held.reference,
            dedupe_key=f"held_status:{held.office_id}:{day}:{hashed}",
            now=now,
        )


def _correspondents(asked: Mapping[HeldSubmission, str]) -> set[tuple[int, str]]:
    """Offices and addresses between which an officer has handled a consultation; one query, none without addresses."""
    emails = {email for email in asked.values() if email}
    if not emails:
        return set()
    handled = Consultation.objects.filter(
        office__in={held.office_id for held in asked}, officer__isnull=False
    ).alias(email=Lower("contact_email"))
    return set(handled.filter(email__in=emails).values_list("office_id", Lower("contact_email")).distinct())
