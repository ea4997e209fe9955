"""What the morning's visitors asked: each number served is a session that became a consultation."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from consultations import actors, lifecycle
from consultations.enums import Source
from demo.day import NAMES, QUESTIONS
from frontdesk import sessions
from frontdesk.enums import SessionOutcome
from frontdesk.models import ServiceSession
from frontdesk.sessions import Ending
from offices.calendar import closing, previous_working_day
from offices.calendars import calendar_of
from offices.models import Staff
from stakeholders.enums import StakeholderKind
from stakeholders.services import save_stakeholder

if TYPE_CHECKING:
    from datetime import datetime

    from frontdesk.models import CounterShift, QueueTicket
    from offices.models import Office

BEFORE_CLOSING = timedelta(minutes=50)


def begin(shift: CounterShift, ticket: QueueTicket, now: datetime) -> None:
    sessions.start(shift.counter.office, shift.officer, now=now, ticket=ticket)


def end(shift: CounterShift, ticket: QueueTicket, now: datetime) -> None:
    """Most are answered on the spot; every third needs a follow-up."""
    session = ServiceSession.objects.running().get(officer=shift.officer)
    by = actors.officer(shift.officer)
    sessions.finish(session, _ending(session, ticket, now), by=by, now=now, version=session.draft_version)


def _ending(session: ServiceSession, ticket: QueueTicket, now: datetime) -> Ending:
    question = _question(ticket)
    name = NAMES[(ticket.number * 3 + len(session.office.slug)) % len(NAMES)]
    person = save_stakeholder(
        session.office,
        kind=StakeholderKind.SATKER,
        name=name,
        satker=ticket.satker,
        role=question["peran"],
        phone=f"+62813370{ticket.number:05d}",
        email=f"{name.lower().replace(' ', '.')}@{session.office.slug}.invalid",
        now=now,
        by_officer=True,
    )
    intake = lifecycle.Intake(
        source=Source.COUNTER,
        category=ticket.category,
        stakeholder=person,
        contact=lifecycle.Contact(person.name, person.phone, person.email),
        question=question["pertanyaan"],
        received_at=session.started_at,
    )
    if ticket.number % 3 == 0:
        return Ending(outcome=SessionOutcome.FOLLOW_UP, intake=intake)
    resolution = lifecycle.Resolution(question["pola_jawaban"])
    return Ending(outcome=SessionOutcome.RESOLVED, intake=intake, resolution=resolution)


def _question(ticket: QueueTicket) -> dict[str, Any]:
    """One of the data file's questions of the number's category, or any when it has none."""
    questions: list[dict[str, Any]] = json.loads(QUESTIONS.read_text())["pertanyaan"]
    fitting = [each for each in questions if each["kategori"] == ticket.category.code] or questions
    return fitting[ticket.number % len(fitting)]


def leave_one_unended(office: Office, now: datetime) -> None:
    """The last working day's last visitor, whose session nobody ended."""
    calendar = calendar_of(office)
    yesterday = previous_working_day(calendar, office.local_date(now))
    officer = Staff.objects.get(username=f"cso.{office.slug}")
    begun_at = closing(calendar, yesterday) - BEFORE_CLOSING
    session = sessions.start(office, officer, now=begun_at)
    draft = {
        "name": ["Herman Sulistyo"],
        "kind": ["masyarakat"],
        "question": ["Berapa lama pencairan dana setelah SPM diterima KPPN?"],
    }
    sessions.save_draft(session, draft, version=0, now=begun_at + timedelta(minutes=4))
    sessions.end_forgotten(now)
