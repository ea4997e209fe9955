"""How a consultation begins, and how one grows out of another."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from consultations.actors import STAKEHOLDER
from consultations.attachments import discarded_on_error
from consultations.enums import Act, Channel, LinkKind, Source, Status
from consultations.errors import RuleError
from consultations.ledger import Ledger
from consultations.lifecycle.conversation import take
from consultations.lifecycle.ending import cancel, refer, resolve
from consultations.lifecycle.step import NO_CONTACT, acting, require_name, require_text
from consultations.models import Consultation, Link, Promise
from consultations.numbers import next_number
from consultations.reach import settle_channel
from consultations.timers import first_settled_day
from consultations.tokens import hash_token, new_token
from consultations.visits import note_visit
from consultations.writing_end import require_writing
from offices.calendar import due_moment
from offices.models import ServiceStandard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from consultations.actors import Actor
    from consultations.attachments import CheckedFile
    from offices.models import Category, Office
    from regulations.models import Regulation
    from stakeholders.models import Stakeholder

SUBJECT_LENGTH = 160
SPOKEN = frozenset({Source.COUNTER, Source.PHONE})  # whoever asks is told at once, by word of mouth


class ReferenceTaken(RuleError):  # noqa: N818 - it is no error of whoever sent twice
    """The number that another system gave the question belongs to an `earlier` consultation."""

    def __init__(self, earlier: Consultation) -> None:
        super().__init__(
            f"Nomor referensi {earlier.external_reference} sudah tercatat pada konsultasi {earlier.number}."
        )
        self.earlier = earlier


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call or write to; phone in E.164. `channel` is what they chose, if they did."""

    name: str
    phone: str = ""
    email: str = ""
    channel: str = ""

    @property
    def is_reachable(self) -> bool:
        return bool(self.phone.strip() or self.email.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A question as it comes in. `received_at` anchors the deadline; it may lie in the past, never in the future.

    When it `was_held`, the desk has had it since then, and owed progress on each day before it was recorded.
    With `in_session` whoever takes it down keeps its service session; any other face to face question gets one noted.
    """

    source: Source
    category: Category
    stakeholder: Stakeholder
    contact: Contact
    question: str
    received_at: datetime
    external_reference: str = ""
    submission_id: UUID | None = None
    files: Sequence[CheckedFile] = ()
    was_held: bool = False
    in_session: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """An answer and the regulations it rests on."""

    answer: str
    regulations: Sequence[Regulation] = ()


@dataclass(frozen=True, slots=True)
class Referral:
    """Whose matter it is instead, and through which channel that agency is reached."""

    agency: str
    channel: str


@dataclass(frozen=True, slots=True)
class Departure:
    """Whoever asked went away before anything could be said."""

    reason: str


def open_consultation(office: Office, intake: Intake, *, by: Actor, now: datetime) -> Consultation:
    """Accept a question: number it, stamp the standard in force, promise a due moment, and confirm it in writing.

    The due moment counts from the local date of receipt, at the counter and online alike. The same `submission_id`
    twice gives the consultation that the first one opened. Raises RuleError.
    """
    return _open_once(office, intake, by=by, now=now)[0]


def receive_at_desk(
    office: Office,
    intake: Intake,
    *,
    by: Actor,
    now: datetime,
    resolution: Resolution | Referral | Departure | None = None,
) -> Consultation:
    """An officer takes a question down and handles it; with a resolution it ends on the spot, in one message.

    Raises RuleError.
    """
    if isinstance(resolution, Resolution):
        require_text(resolution.answer)
    with transaction.atomic():
        taken_down = replace(intake, in_session=True)
        consultation, is_new = _open_once(office, taken_down, by=by, now=now, stays_open=resolution is None)
        if is_new:
            consultation = take(consultation, by=by, now=now)
            consultation = _end_at_once(consultation, resolution, by=by, now=now)
            if not intake.in_session:
                note_visit(consultation, by)
    return consultation


def _end_at_once(
    consultation: Consultation,
    resolution: Resolution | Referral | Departure | None,
    *,
    by: Actor,
    now: datetime,
) -> Consultation:
    spoken = consultation.source in SPOKEN
    match resolution:
        case Resolution(answer, regulations):
            return resolve(consultation, answer, regulations=regulations, by=by, now=now, spoken=spoken)
        case Referral(agency, channel):
            return refer(consultation, agency, channel, by=by, now=now, spoken=spoken)
        case Departure(reason):
            return cancel(consultation, reason, by=by, now=now)
    return consultation


def _open_once(
    office: Office, intake: Intake, *, by: Actor, now: datetime, stays_open: bool = True
) -> tuple[Consultation, bool]:
    _refuse_impossible(office, intake, now, stays_open=stays_open)
    intake = replace(intake, external_reference=" ".join(intake.external_reference.split()))
    ledger = Ledger(now)
    try:
        with discarded_on_error(ledger.attachments), transaction.atomic():
            consultation = _open(office, intake, ledger, by=by, confirm=stays_open)
            if not intake.in_session:
                note_visit(consultation, by)
            return consultation, True
    except IntegrityError:
        at_office = Consultation.objects.filter(office=office)
        sent = at_office.filter(submission_id=intake.submission_id, submission_id__isnull=False).first()
        if sent is not None:
            return sent, False
        if earlier := at_office.referring_to(intake.source, intake.external_reference).first():
            raise ReferenceTaken(earlier) from None
        raise


def _refuse_impossible(office: Office, intake: Intake, now: datetime, *, stays_open: bool) -> None:
    if intake.received_at > now:
        raise RuleError("Waktu diterima tidak boleh di masa depan.")
    if office.pk != intake.category.office_id or office.pk != intake.stakeholder.office_id:
        raise RuleError("Kategori dan stakeholder harus terdaftar pada kantor yang sama.")
    if (stays_open or intake.source.channel is Channel.ONLINE) and not intake.contact.is_reachable:
        raise RuleError(NO_CONTACT)
    if intake.contact.name != intake.stakeholder.name:
        require_name(intake.contact.name)


def _open(office: Office, intake: Intake, ledger: Ledger, *, by: Actor, confirm: bool) -> Consultation:
    now = ledger.now
    standard = standard_on(office, office.local_date(intake.received_at))
    ledger.load_calendars([office])
    calendar = ledger.calendars[office.pk]
    question = require_text(intake.question)
    public_id = uuid.uuid4()
    consultation = Consultation(
        office=office,
        public_id=public_id,
        token_hash=hash_token(new_token(public_id)),
        submission_id=intake.submission_id,
        channel=intake.source.channel,
        source=intake.source,
        external_reference=intake.external_reference,
        category=intake.category,
        standard=standard,
        stakeholder=intake.stakeholder,
        contact_name=intake.contact.name,
        contact_phone=intake.contact.phone,
        contact_email=intake.contact.email,
        contact_channel=settle_channel(
            office, phone=intake.contact.phone, email=intake.contact.email, wanted=intake.contact.channel
        ),
        subject=shorten(question),
        question=question,
        received_at=intake.received_at,
        recorded_at=now,
        promised_at=now,
        due_at=due_moment(calendar, intake.received_at, standard.answer_working_days),
        progress_settled_on=first_settled_day(
            calendar, intake.received_at, intake.received_at if intake.was_held else now
        ),
    )
    ledger.take_in([consultation])
    entry = ledger.record(consultation, Act.OPEN, by, at=intake.received_at)
    ledger.attach(entry, intake.files)
    if confirm:
        ledger.tell_stakeholder(entry, "received")
        if intake.source in SPOKEN:
            consultation.to_call_since = None
    # Last, since it holds up the office's other openings until the transaction ends.
    consultation.number = next_number(office, office.local_date(now).year)
    ledger.write()
    Promise.objects.create(
        consultation=consultation, sequence=1, anchor_at=intake.received_at, due_at=consultation.due_at
    )
    return consultation


def shorten(question: str) -> str:
    """The question's beginning on one line, to know it by."""
    line = " ".join(question.split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1]}…"


def standard_on(office: Office, day: date) -> ServiceStandard:
    """The version of the office's standard in force on a local date; raises RuleError when there is none."""
    standard = ServiceStandard.objects.filter(office=office).on(day).first()
    if standard is None:
        raise RuleError(f"Belum ada standar pelayanan {office} yang berlaku pada tanggal tersebut.")
    return standard


def link(consultation: Consultation, to: Consultation, kind: LinkKind, *, by: Actor, now: datetime) -> Link:
    """Tie a consultation to an earlier one of the same office; raises RuleError."""
    if consultation.pk == to.pk or consultation.office_id != to.office_id:
        raise RuleError("Konsultasi hanya dapat ditautkan dengan konsultasi lain di kantor yang sama.")
    with acting(consultation, Act.LINK, by=by, now=now) as step:
        tie, is_new = Link.objects.get_or_create(
            consultation=step.consultation, to=to, defaults={"kind": kind}
        )
        if is_new:
            step.record(f"{kind.label} {to.number}", public=False)
    return tie


def split(
    consultation: Consultation, question: str, category: Category, *, by: Actor, now: datetime
) -> Consultation:
    """Give a second topic its own consultation: the standard's 20 minutes are for one kind of service each.

    The new one keeps the person, the contact and the moment of receipt; of a question opened again that of its reopening.
    Raises RuleError.
    """
    if not consultation.is_open:
        raise RuleError(f"Konsultasi {consultation.number} sudah berakhir, topik tidak dapat dipecah.")
    was_reopened = consultation.promised_at > consultation.recorded_at
    intake = replace(
        _intake_like(consultation),
        category=category,
        question=question,
        received_at=consultation.promised_at if was_reopened else consultation.received_at,
    )
    with transaction.atomic():
        part = take(open_consultation(consultation.office, intake, by=by, now=now), by=by, now=now)
        link(part, consultation, LinkKind.SPLIT, by=by, now=now)
    return part


def ask_further(
    consultation: Consultation, question: str, *, now: datetime, submission_id: UUID | None = None
) -> Consultation:
    """A stakeholder's new message on a closed consultation opens a further one, linked to it.

    The same `submission_id` twice gives the same one. Raises RuleError.
    """
    if consultation.status != Status.CLOSED:
        raise RuleError(f"Konsultasi {consultation.number} belum ditutup.")
    intake = replace(_intake_like(consultation), question=question, submission_id=submission_id)
    return _ask_linked(consultation, intake, LinkKind.FOLLOW_UP, now)


def ask_another(
    consultation: Consultation,
    question: str,
    category: Category,
    *,
    now: datetime,
    submission_id: UUID | None = None,
    files: Sequence[CheckedFile] = (),
) -> Consultation:
    """Another topic of the same stakeholder gets a consultation of its own, linked to this one.

    One consultation is one kind of service, as a session is. The same `submission_id` twice gives the same one. Raises
    RuleError.
    """
    intake = replace(
        _intake_like(consultation),
        question=question,
        category=category,
        submission_id=submission_id,
        files=files,
    )
    return _ask_linked(consultation, intake, LinkKind.RELATED, now)


@transaction.atomic
def _ask_linked(earlier: Consultation, intake: Intake, kind: LinkKind, now: datetime) -> Consultation:
    """Open, through the form and now, what the stakeholder of an earlier consultation asks besides."""
    require_writing(earlier, now)
    intake = replace(intake, source=Source.FORM, received_at=now)
    asked = open_consultation(earlier.office, intake, by=STAKEHOLDER, now=now)
    link(asked, earlier, kind, by=STAKEHOLDER, now=now)
    return asked


def _intake_like(consultation: Consultation) -> Intake:
    return Intake(
        source=Source(consultation.source),
        category=consultation.category,
        stakeholder=consultation.stakeholder,
        contact=Contact(
            consultation.contact_name,
            consultation.contact_phone,
            consultation.contact_email,
            consultation.contact_channel,
        ),
        question=consultation.question,
        received_at=consultation.received_at,
    )
