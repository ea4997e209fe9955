"""The life of a service session: begun at the counter, drafted while it runs, ended with what became of the visit.

Locks are taken in one order: session, number, then the consultation's. A rule that refuses raises RuleError with a
sentence for the officer and changes nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, Value

from consultations import lifecycle
from consultations.enums import Channel, LinkKind, Status
from consultations.errors import RuleError
from frontdesk import calls
from frontdesk.enums import UNASKED, UNIDENTIFIED, UNSERVED, SessionOutcome, TicketStatus
from frontdesk.figures import in_minutes
from frontdesk.models import CounterShift, QueueTicket, ServiceSession
from frontdesk.models.sessions import SERVED
from offices.calendar import closing, is_working_day
from offices.calendars import calendars_of
from offices.enums import ServiceKind
from stakeholders.identity import display_phone

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from consultations.actors import Actor
    from consultations.lifecycle import Departure, Intake, Referral, Resolution
    from consultations.models import Consultation
    from frontdesk.models import QueueTicketQuerySet
    from offices.calendar import WorkCalendar
    from offices.models import Office, Staff
    from stakeholders.models import Stakeholder

logger = logging.getLogger(__name__)

STILL_TYPING = timedelta(minutes=30)
OF_THE_VISITOR = frozenset(
    {
        "name",
        "kind",
        "satker_code",
        "satker_name",
        "organisation",
        "phone",
        "email",
        "role",
        "nip",
        "contact_name",
        "contact_phone",
        "contact_email",
        "channel",
    }
)
OUTCOME_OF = {
    Status.RESOLVED: SessionOutcome.RESOLVED,
    Status.REFERRED: SessionOutcome.REFERRED,
    Status.CANCELLED: SessionOutcome.LEFT,
}
Draft = dict[str, list[str]]


class DraftConflictError(RuleError):
    """Another tab has saved the session since this one read it."""


class SessionOverError(RuleError):
    """The session has become something already; its draft is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What became of a visit. Without an intake nothing was asked, and the session names its `visitor`.

    `resolution` ends the consultation on the spot; `documents` are asked for, told face to face; `note` is internal.
    With `is_handed_on` the question waits for an officer, as what a receptionist takes down does.
    """

    outcome: SessionOutcome
    intake: Intake | None = None
    visitor: Stakeholder | None = None
    resolution: Resolution | Referral | Departure | None = None
    documents: Sequence[str] = ()
    note: str = ""
    is_handed_on: bool = False


def start(
    office: Office, officer: Staff, *, now: datetime, ticket: QueueTicket | None = None
) -> ServiceSession:
    """Begin to serve: a called number, or a visitor without one. Raises RuleError.

    Of two presses the second finds the first one's session and is refused, as is a number with another officer.
    One left over from an earlier day ends first, even when the clock has not come by.
    """
    today = office.local_date(now)
    for left in ServiceSession.objects.running().filter(officer=officer).select_related("office"):
        if left.office.local_date(left.started_at) < today:
            _forget(left, closing_after(left.started_at, _services_of([left.office])[left.office_id]))
    try:
        with transaction.atomic():
            shift = (
                CounterShift.objects.open_on(today).filter(officer=officer, counter__office=office).first()
            )
            session = ServiceSession(
                office=office,
                officer=officer,
                standard=lifecycle.standard_on(office, today),
                counter_id=shift.counter_id if shift else None,
                ticket=ticket,
                started_at=now,
                draft=_draft_of(ticket) if ticket else {},
            )
            session.save(force_insert=True)
            if ticket is not None:
                calls.start_serving(ticket, officer=officer, now=now)
    except IntegrityError as error:
        raise RuleError("Masih ada sesi layanan yang berjalan. Silakan akhiri sesi itu dahulu.") from error
    return session


def _draft_of(ticket: QueueTicket) -> Draft:
    """What the visitor told when taking the number."""
    draft = {"category": [str(ticket.category_id)]}
    if ticket.satker is not None:
        draft |= {
            "kind": ["satker"],
            "satker_code": [ticket.satker.code],
            "satker_name": [ticket.satker.name],
        }
    if ticket.phone:
        draft["phone"] = [display_phone(ticket.phone)]
    return draft


def save_draft(
    session: ServiceSession, draft: Mapping[str, list[str]], *, version: int, now: datetime
) -> int:
    """Keep what is typed; returns the new version. One statement decides between two tabs.

    The same once more, from a page that got no answer to it, is kept already.

    Raises DraftConflictError when another tab saved since `version`, SessionOverError when it is recorded.
    """
    unrecorded = ServiceSession.objects.unrecorded().filter(pk=session.pk)
    kept = {name: values for name, values in draft.items() if any(values)}
    if unrecorded.filter(draft_version=version).update(
        draft=kept, draft_version=version + 1, draft_saved_at=now
    ):
        return version + 1
    if unrecorded.filter(draft_version=version + 1, draft=kept).exists():
        return version + 1
    if unrecorded.exists():
        raise DraftConflictError("Sesi ini diubah di tab lain.")
    raise SessionOverError("Sesi ini sudah berakhir.")


def finish(
    session: ServiceSession,
    ending: Ending,
    *,
    by: Actor,
    now: datetime,
    version: int,
    goes_on: bool = False,
) -> ServiceSession:
    """End the session with what became of the visit, once: a second time changes nothing. Returns it.

    With `goes_on` the visitor has a further topic: the number is served on, and what is returned is a session of its
    own, whose draft begins with who they are. The consultation, the number and the session end together or not at
    all. A session that the clock ended keeps that moment, and no topic goes on from it.
    Raises DraftConflictError when another tab saved since `version`, and RuleError as the acts do.
    """
    with transaction.atomic():
        locked = _lock(session)
        if locked.is_recorded:
            return ServiceSession.objects.filter(follows=locked).first() or locked
        if locked.draft_version != version:
            raise DraftConflictError("Sesi ini diubah di tab lain.")
        visitor = {name: values for name, values in locked.draft.items() if name in OF_THE_VISITOR}
        stays = goes_on and locked.is_running
        _require_identity(ending)
        locked.consultation, locked.visitor = _record(locked, ending, by=by, now=now), ending.visitor
        if ending.outcome == SessionOutcome.HANDED_ON:
            _require_handed_on(locked)
        locked.outcome, locked.ended_at, locked.draft = ending.outcome, locked.ended_at or now, {}
        locked.save(update_fields=["consultation", "visitor", "outcome", "ended_at", "draft"])
        if stays:
            return _go_on(locked, visitor, now)
        _let_go(locked, now)
    return locked


def _lock(session: ServiceSession) -> ServiceSession:
    rows = ServiceSession.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("office", "officer", "follows__consultation").get(pk=session.pk)


def _require_identity(ending: Ending) -> None:
    """Whoever was served is known (step M-1 of the standard), and so is what they asked; raises RuleError."""
    if ending.intake is not None or ending.outcome in UNIDENTIFIED:
        return
    if ending.outcome not in UNASKED:
        raise RuleError("Pertanyaan pengunjung wajib dicatat.")
    if ending.visitor is None:
        raise RuleError("Identitas pengunjung wajib dicatat.")


def _require_handed_on(session: ServiceSession) -> None:
    """Where a visitor was sent on to, another session records them; raises RuleError for one who is still here."""
    if session.ticket_id is None or _numbers_with(session).exists():
        raise RuleError("Alihkan dahulu nomor pengunjung ke loket lain pada halaman Antrean.")


def _numbers_with(session: ServiceSession) -> QueueTicketQuerySet:
    """The session's number, while its officer serves it."""
    if session.ticket_id is None:
        return QueueTicket.objects.none()
    mine = QueueTicket.objects.filter(segments__officer=session.officer_id, segments__ended_at=None)
    return mine.filter(pk=session.ticket_id, status=TicketStatus.SERVING)


def _record(session: ServiceSession, ending: Ending, *, by: Actor, now: datetime) -> Consultation | None:
    if ending.intake is None:
        return None
    intake = replace(ending.intake, in_session=True)
    if ending.is_handed_on and ending.resolution is None:
        consultation = lifecycle.open_consultation(session.office, intake, by=by, now=now)
    else:
        consultation = lifecycle.receive_at_desk(
            session.office, intake, by=by, now=now, resolution=ending.resolution
        )
    if ending.documents:
        lifecycle.request_documents(consultation, ending.documents, by=by, now=now, spoken=True)
    if ending.note:
        lifecycle.note(consultation, ending.note, by=by, now=now)
    earlier = session.follows.consultation if session.follows else None
    if earlier is not None:
        lifecycle.link(consultation, earlier, LinkKind.RELATED, by=by, now=now)
    return consultation


def _go_on(ended: ServiceSession, visitor: Draft, now: datetime) -> ServiceSession:
    return ServiceSession.objects.create(
        office=ended.office,
        officer=ended.officer,
        standard=lifecycle.standard_on(ended.office, ended.office.local_date(now)),
        counter_id=ended.counter_id,
        ticket_id=ended.ticket_id,
        follows=ended,
        started_at=now,
        draft=visitor,
    )


def _let_go(session: ServiceSession, now: datetime) -> None:
    """The visit is over, and with it the number, unless it went to another counter meanwhile."""
    for ticket in _numbers_with(session).select_for_update(no_key=True, of=("self",)):
        if session.outcome in UNSERVED and session.consultation_id is None:
            calls.leave(ticket, now=now)
        else:
            calls.finish(ticket, now=now, accurate=session.is_time_accurate)


def note_later(consultation: Consultation, by: Actor) -> None:
    """Give a face to face consultation that was taken down without a session the one it had, of unknown length."""
    if consultation.channel != Channel.TATAP_MUKA or by.staff is None:
        return
    ServiceSession.objects.create(
        office=consultation.office,
        officer=by.staff,
        standard=consultation.standard,
        consultation=consultation,
        started_at=consultation.received_at,
        ended_at=consultation.received_at,
        outcome=OUTCOME_OF.get(Status(consultation.status), SessionOutcome.FOLLOW_UP),
        is_time_accurate=False,
        is_noted_later=True,
    )


def end_forgotten(now: datetime) -> int:
    """End, at the closing of their day, the sessions that nobody ended; returns how many.

    While the officer goes on typing it is not forgotten. The number ends with it; the draft stays to be recorded.
    Each session in a transaction of its own: one that cannot be ended is logged and keeps no other running. Doing it
    twice or twice at once changes nothing more.
    """
    running = ServiceSession.objects.running().select_related("office").only("office", "started_at")
    typing = Q(draft_saved_at__gt=now - STILL_TYPING)
    candidates = list(running.exclude(typing).order_by("started_at"))
    services = _services_of({each.office for each in candidates})
    due = [
        (each, ends_at)
        for each in candidates
        if (ends_at := closing_after(each.started_at, services[each.office_id])) <= now
    ]
    ended = 0
    for each, ends_at in due:
        try:
            ended += _forget(each, ends_at)
        except Exception:
            logger.exception("Session %s could not be ended", each.pk)
    return ended


def _services_of(offices: Collection[Office]) -> dict[int, list[WorkCalendar]]:
    """The calendar of each service by office id; three queries."""
    by_service = [calendars_of(offices, service) for service in ServiceKind]
    return {office.pk: [calendars[office.pk] for calendars in by_service] for office in offices}


def closing_after(start: datetime, services: Sequence[WorkCalendar]) -> datetime:
    """When the day of a session ends: as the office's last service closes, or at midnight if begun later or on a free day."""
    zone = services[0].zone
    day = start.astimezone(zone).date()
    closings = [closing(calendar, day) for calendar in services if is_working_day(calendar, day)]
    if closings and start < max(closings):
        return max(closings)
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _forget(session: ServiceSession, ends_at: datetime) -> int:
    with transaction.atomic():
        unlocked = ServiceSession.objects.running().filter(pk=session.pk)
        for locked in unlocked.select_for_update(no_key=True, skip_locked=True):
            locked.ended_at, locked.is_time_accurate = ends_at, False
            locked.save(update_fields=["ended_at", "is_time_accurate"])
            _let_go(locked, ends_at)
            return 1
    return 0


class Median(Aggregate):
    """PostgreSQL's median of durations."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Served:
    """How long an office's visitors were served on a day.

    Of forgotten sessions, `uncertain`, and of those `noted` afterwards nobody knows it.
    """

    count: int
    uncertain: int
    noted: int
    within: int
    median: timedelta | None

    @property
    def median_minutes(self) -> int | None:
        return None if self.median is None else in_minutes(self.median)

    @property
    def percent_within(self) -> int | None:
        return None if not self.count else round(100 * self.within / self.count)


def served_on(office: Office, day: date, *, officer: Staff | None = None) -> Served:
    """The figures of one local date, of the office or of one officer; one query."""
    sessions = ServiceSession.objects.filter(office=office).started_on(office, day)
    if officer is not None:
        sessions = sessions.filter(officer=officer)
    took = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    allowed = ExpressionWrapper(
        F("standard__session_minutes") * Value(timedelta(minutes=1)), output_field=DurationField()
    )
    known = SERVED & Q(is_time_accurate=True)
    found = sessions.aggregate(
        count=Count("pk", filter=known),
        uncertain=Count("pk", filter=Q(is_time_accurate=False, is_noted_later=False)),
        noted=Count("pk", filter=Q(is_noted_later=True)),
        within=Count("pk", filter=known & Q(ended_at__lte=F("started_at") + allowed)),
        median=Median(took, filter=known),
    )
    return Served(**found)
