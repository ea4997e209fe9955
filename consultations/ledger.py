"""What an act leaves behind, gathered and written together: rows, timeline entries, messages and timers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

from consultations.enums import Act, ProgressChannel, Visibility
from consultations.letters import Letter, compose
from consultations.models import Attachment, Citation, Consultation, Entry, ProgressUpdate, Timer
from consultations.reach import address_of, sending_channels
from consultations.timers import next_progress_day, rearm
from consultations.update_many import update_many
from notifications import notices
from notifications.outbox import enqueue, wake_worker
from offices.calendars import calendars_of
from offices.duties import holders_by_office
from offices.enums import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from consultations.actors import Actor
    from consultations.attachments import CheckedFile
    from consultations.models import DocumentItem
    from offices.calendar import WorkCalendar
    from offices.models import Office, Staff
    from regulations.models import Regulation

WRITTEN_FIELDS = (
    "key_version",
    "token_hash",
    "category_id",
    "contact_name",
    "contact_phone",
    "contact_email",
    "contact_channel",
    "to_call_since",
    "status",
    "officer_id",
    "promised_at",
    "due_at",
    "late_at",
    "resolved_at",
    "ended_at",
    "progress_settled_on",
    "progress_due_on",
    "last_progress_on",
    "news",
    "news_since",
)
CLOCK_FIELDS = ("status", "to_call_since", "late_at", "ended_at", "progress_settled_on", "progress_due_on")
SCAN = "consultations.tasks.scan_files"
NOT_WORTH_A_CALL = frozenset({"closed"})  # who was told the answer needs no call about its file


@dataclass
class Ledger:
    """Gathers the consequences of acts at one moment on locked consultations, then writes them.

    The number of statements does not grow with the number of consultations.
    """

    now: datetime
    consultations: list[Consultation] = field(default_factory=list)
    calendars: dict[int, WorkCalendar] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    progress: list[tuple[ProgressUpdate, Letter | None]] = field(default_factory=list)
    standing_timers: list[Timer] = field(default_factory=list)

    def take_in(self, consultations: Iterable[Consultation]) -> None:
        """Make locked (or new) consultations part of what is written, with their offices' calendars at hand."""
        self.consultations += consultations
        self.load_calendars({each.office for each in self.consultations})

    def load_calendars(self, offices: Iterable[Office]) -> None:
        missing = [office for office in offices if office.pk not in self.calendars]
        if missing:
            self.calendars |= calendars_of(missing)

    def calendar(self, consultation: Consultation) -> WorkCalendar:
        return self.calendars[consultation.office_id]

    def local_date(self, consultation: Consultation) -> date:
        """Today at the consultation's office."""
        return self.now.astimezone(self.calendar(consultation).zone).date()

    def record(
        self,
        consultation: Consultation,
        act: Act,
        actor: Actor,
        text: str = "",
        *,
        public: bool = True,
        at: datetime | None = None,
        submission_id: UUID | None = None,
    ) -> Entry:
        """Add a timeline entry; `at` is the true moment when it is not now."""
        entry = Entry(
            consultation=consultation,
            act=act,
            at=at or self.now,
            recorded_at=self.now,
            actor_kind=actor.kind,
            actor=actor.staff,
            actor_label=actor.title,
            visibility=Visibility.PUBLIC if public else Visibility.INTERNAL,
            text=text,
            status=consultation.status,
            submission_id=submission_id,
        )
        self.entries.append(entry)
        return entry

    def attach(self, entry: Entry, files: Iterable[CheckedFile], item: DocumentItem | None = None) -> None:
        """Store checked files with the entry that brought them."""
        for file in files:
            self.attachments.append(file.as_attachment(entry.consultation, entry=entry, item=item))

    def cite(self, entry: Entry, regulations: Iterable[Regulation]) -> None:
        self.citations += [Citation(entry=entry, regulation=regulation) for regulation in regulations]

    def tell_stakeholder(self, entry: Entry, template: str, **context: Any) -> Letter | None:
        """Write to the contact person; None when only a call can reach them, which is then owed."""
        consultation = entry.consultation
        if consultation.contact_channel not in sending_channels(consultation.office):
            if consultation.has_contact and template not in NOT_WORTH_A_CALL:
                consultation.to_call_since = consultation.to_call_since or self.now
            return None
        letter = Letter.to_contact(entry, template, context)
        self.letters.append(letter)
        consultation.to_call_since = None
        return letter

    def send_link(self, entry: Entry) -> None:
        """Write to the contact person where their page is, if a message reaches them; what a call owes stays owed."""
        if address_of(entry.consultation):
            self.letters.append(Letter.to_contact(entry, "tracking_link", {}))

    def tell_staff(self, entry: Entry, template: str, people: Iterable[Staff | None], **context: Any) -> None:
        """Tell each of these people who still serve the office once, at the desk and by mail where they have an address."""
        office_id = entry.consultation.office_id
        addressed = {person.pk: person for person in people if serves(person, office_id) and person}
        path = context.get("page", entry.consultation).get_absolute_url()
        self.letters += [
            Letter.to_staff(entry, template, context, person, path) for person in addressed.values()
        ]

    def tell_desk(self, entry: Entry, template: str, **context: Any) -> None:
        """Write to the officer who handles it; to all the office's officers while nobody does."""
        office_id, officer = entry.consultation.office_id, entry.consultation.officer
        if officer is None or not serves(officer, office_id):
            holders = holders_by_office([office_id], Role.CSO, self.now).get(office_id, [])
            self.tell_staff(entry, template, [holder.staff for holder in holders], **context)
        else:
            self.tell_staff(entry, template, [officer], **context)

    def count_progress(
        self, entry: Entry, letter: Letter | None, told_through: ProgressChannel | None = None
    ) -> None:
        """Record that this entry tells the stakeholder how things stand, by message or by word of mouth."""
        if letter is None and told_through is None:
            return
        consultation = entry.consultation
        on = self.local_date(consultation)
        progress = ProgressUpdate(
            consultation=consultation,
            entry=entry,
            on=on,
            channel=told_through or ProgressChannel(consultation.contact_channel),
            is_automatic=entry.actor_id is None,
            told_at=self.now if told_through else None,
        )
        self.progress.append((progress, None if told_through else letter))
        if not progress.is_automatic:
            consultation.last_progress_on = on

    def write(self, fields: Sequence[str] = WRITTEN_FIELDS) -> None:
        """Write everything, in the caller's transaction; of the consultations only the fields named."""
        for consultation in self.consultations:
            consultation.progress_due_on = (
                next_progress_day(consultation, self.calendar(consultation)) if consultation.is_open else None
            )
        are_new = all(each._state.adding for each in self.consultations)  # noqa: SLF001 - Django's documented way to ask
        self._write_consultations(fields)
        Entry.objects.bulk_create(self.entries)
        Citation.objects.bulk_create(self.citations)
        Attachment.objects.bulk_create(self.attachments)
        if any(attachment.is_quarantined for attachment in self.attachments):
            transaction.on_commit(partial(wake_worker, SCAN), robust=True)
        written = list(zip(self.letters, compose(self.letters, self.now), strict=True))
        enqueue(message for letter, message in written if letter.address)
        notices.post(letter.notice(message) for letter, message in written if letter.person)
        for progress, letter in self.progress:
            progress.message_id = letter.dedupe_key if letter else None
        ProgressUpdate.objects.bulk_create([progress for progress, _ in self.progress])
        rearm(self.consultations, self.calendars, self.standing_timers, are_new=are_new)

    def _write_consultations(self, fields: Sequence[str]) -> None:
        if len(self.consultations) > 1:
            update_many(self.consultations, fields)
            return
        for consultation in self.consultations:
            if consultation._state.adding:  # noqa: SLF001 - Django's documented way to ask
                consultation.save(force_insert=True)
            else:
                consultation.save(update_fields=fields)


def serves(person: Staff | None, office_id: int) -> bool:
    """Whether somebody is still of the office's people; what concerns its stakeholders stays there."""
    return person is not None and person.is_active and person.office_id == office_id
