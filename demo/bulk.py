"""Any number of consultations at once, for load: the same rows the lifecycle would leave, written in bulk.

Some are made one by one; the database copies them, with their timelines and timers, as often as it takes.
"""

from __future__ import annotations

import itertools
import json
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from consultations.enums import Act, ActorKind, Channel, ContactChannel, Source, Status, Visibility
from consultations.models import Consultation, Entry, NumberCounter, Promise, Timer
from consultations.timers import next_progress_day, plan, timer_at
from consultations.tokens import hash_token, new_token
from demo.day import NAMES, QUESTIONS
from offices.calendar import due_moment
from offices.calendars import calendars_of
from offices.enums import Role
from offices.models import Staff
from stakeholders.enums import StakeholderKind
from stakeholders.models import Satker, Stakeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from offices.calendar import WorkCalendar
    from offices.models import Office, ServiceStandard

ORIGINALS_PER_OFFICE = 1_000
PEOPLE_PER_OFFICE = 300
OLDEST_DAYS = 700
SEED = 57  # the same load every time
COPIES = """
    CREATE TEMPORARY TABLE copies (
        id bigint DEFAULT nextval(pg_get_serial_sequence('consultations_consultation', 'id')),
        original bigint, number text, public_id uuid, token_hash text
    )
"""
OWN = {name: name for name in ("number", "public_id", "token_hash")}


def pour(offices: list[Office], count: int, *, open_share: float, now: datetime) -> None:
    """Add `count` consultations, spread evenly over the offices and, once answered, over the past two years."""
    calendars = calendars_of(offices)
    with transaction.atomic():
        for index, office in enumerate(offices):
            share = count // len(offices) + (index < count % len(offices))
            maker = Maker(office, calendars[office.pk], open_share, now)
            originals = list(maker.make(min(share, ORIGINALS_PER_OFFICE)))
            store(originals, calendars[office.pk])
            copy(originals, maker, share - len(originals))
            maker.keep_numbers()


def store(consultations: list[Consultation], calendar: WorkCalendar) -> None:
    Consultation.objects.bulk_create(consultations)
    Promise.objects.bulk_create(
        Promise(
            consultation=each,
            sequence=1,
            anchor_at=each.received_at,
            due_at=each.due_at,
            late_at=each.late_at,
            answered_at=each.resolved_at,
        )
        for each in consultations
    )
    Entry.objects.bulk_create(entry for each in consultations for entry in entries(each))
    Timer.objects.bulk_create(
        timer_at(each, *planned) for each in consultations if each.is_open for planned in plan(each, calendar)
    )


def copy(originals: list[Consultation], maker: Maker, count: int) -> None:
    """Add copies with numbers and keys of their own, in one statement per table."""
    if not count:
        return
    with connection.cursor() as cursor:
        cursor.execute(COPIES)
        with cursor.copy("COPY copies (original, number, public_id, token_hash) FROM STDIN") as rows:
            for original in itertools.islice(itertools.cycle(originals), count):
                public_id = maker.public_id()
                rows.write_row((original.pk, maker.number(), public_id, hash_token(new_token(public_id))))
        for model, owner in (
            (Consultation, "id"),
            (Promise, "consultation_id"),
            (Entry, "consultation_id"),
            (Timer, "consultation_id"),
        ):
            cursor.execute(_copying(model, owner, {owner: "id", **OWN}))
        cursor.execute("DROP TABLE copies")


def _copying(model: type[Model], owner: str, new: dict[str, str]) -> str:
    """A statement that inserts, for each of `copies`, the rows of its original; `new` names what the copy changes."""
    meta = model._meta  # noqa: SLF001 - Django's public Meta
    columns = [
        field.column
        for field in meta.concrete_fields
        if not field.generated and (not field.primary_key or field.column in new)
    ]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(
        f'copies."{new[column]}"' if column in new else f'old."{column}"' for column in columns
    )
    return (
        f"INSERT INTO {meta.db_table} ({names}) SELECT {values} "  # noqa: S608 - names of our own models
        f"FROM copies JOIN {meta.db_table} AS old ON old.{owner} = copies.original ORDER BY copies.id"
    )


def entries(consultation: Consultation) -> Iterator[Entry]:
    """What its timeline says at least."""
    acts: list[tuple[Act, datetime, Staff | None]] = [(Act.OPEN, consultation.received_at, None)]
    if consultation.officer is not None:
        acts.append((Act.TAKE, consultation.received_at + timedelta(minutes=20), consultation.officer))
    if consultation.resolved_at is not None:
        acts.append((Act.RESOLVE, consultation.resolved_at, consultation.officer))
    for act, moment, actor in acts:
        yield Entry(
            consultation=consultation,
            act=act,
            at=moment,
            recorded_at=moment,
            actor_kind=ActorKind.OFFICER if actor else ActorKind.STAKEHOLDER,
            actor=actor,
            actor_label="Petugas CSO" if actor else "Stakeholder",
            visibility=Visibility.PUBLIC,
            text=consultation.subject if act == Act.RESOLVE else "",
            status=consultation.status,
        )


class Maker:
    """Makes one office's consultations, without storing them."""

    def __init__(self, office: Office, calendar: WorkCalendar, open_share: float, now: datetime) -> None:
        self.office, self.calendar, self.open_share, self.now = office, calendar, open_share, now
        self.questions: list[dict[str, Any]] = json.loads(QUESTIONS.read_text())["pertanyaan"]
        self.categories = {category.code: category for category in office.categories.all()}
        self.standard: ServiceStandard = office.standards.latest("valid_from")
        self.officers = list(
            Staff.objects.filter(office=office, appointments__role=Role.CSO).distinct().order_by("pk")
        )
        self.people = people_of(office, now)
        self.year = office.local_date(now).year
        counter = NumberCounter.objects.filter(office=office, year=self.year)
        self.last = counter.aggregate(last=Max("last"))["last"] or 0
        self.chance = random.Random(f"{SEED}-{office.slug}-{self.last}")  # noqa: S311 - a load, not a secret

    def make(self, count: int) -> Iterator[Consultation]:
        for _ in range(count):
            yield self.consultation(is_open=self.chance.random() < self.open_share)

    def number(self) -> str:
        """The office's next."""
        self.last += 1
        return f"{self.office.number_prefix}-{self.year}-{self.last:06d}"

    def public_id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def keep_numbers(self) -> None:
        NumberCounter.objects.update_or_create(
            office=self.office, year=self.year, defaults={"last": self.last}
        )

    def consultation(self, *, is_open: bool) -> Consultation:
        question, person = self.chance.choice(self.questions), self.chance.choice(self.people)
        age = self.chance.uniform(0, 2) if is_open else self.chance.uniform(6, OLDEST_DAYS)
        received_at = self.now - timedelta(days=age)
        status = self.chance.choice((Status.NEW, Status.IN_PROGRESS)) if is_open else Status.CLOSED
        public_id = self.public_id()
        days = self.standard.answer_working_days
        consultation = Consultation(
            office=self.office,
            number=self.number(),
            public_id=public_id,
            token_hash=hash_token(new_token(public_id)),
            channel=Channel.ONLINE,
            source=Source.FORM,
            category=self.categories[question["kategori"]],
            standard=self.standard,
            stakeholder=person,
            contact_name=person.name,
            contact_phone=person.phone,
            contact_email=person.email,
            contact_channel=ContactChannel.EMAIL if person.email else ContactChannel.PHONE,
            subject=question["pertanyaan"][:150],
            question=question["pertanyaan"],
            status=status,
            officer=None if status == Status.NEW else self.chance.choice(self.officers),
            received_at=received_at,
            recorded_at=received_at,
            promised_at=received_at,
            due_at=due_moment(self.calendar, received_at, days),
            progress_settled_on=self.office.local_date(received_at),
        )
        if is_open:
            consultation.progress_due_on = next_progress_day(consultation, self.calendar)
            return consultation
        consultation.resolved_at = received_at + timedelta(hours=self.chance.uniform(0.5, 110))
        consultation.ended_at = consultation.resolved_at + timedelta(hours=1)
        if consultation.resolved_at > consultation.due_at:
            consultation.late_at = consultation.due_at
        return consultation


def people_of(office: Office, now: datetime) -> list[Stakeholder]:
    """The people who ask: the office's own from earlier, filled up to a few hundred."""
    known = list(Stakeholder.objects.of_office(office)[:PEOPLE_PER_OFFICE])
    satkers = list(Satker.objects.order_by("code"))
    new = [
        Stakeholder(
            office=office,
            kind=StakeholderKind.SATKER,
            name=f"{NAMES[index % len(NAMES)]} {index}",
            role="Operator SAKTI",
            satker=satkers[index % len(satkers)],
            phone=f"+62813{index:08d}",
            email=f"beban{index}@{office.slug}.invalid",
            created_at=now,
            updated_at=now,
        )
        for index in range(len(known), PEOPLE_PER_OFFICE)
    ]
    return [*known, *Stakeholder.objects.bulk_create(new)]
