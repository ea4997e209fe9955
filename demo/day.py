"""A working day to look at: two weeks of consultations, each brought about by the lifecycle's own acts.

The stories are written on a common agenda and played in the order of their moments, with the sweep and the outbox
running in between as they would have.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
import json
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from consultations import actors, lifecycle
from consultations.attachments import CheckedFile
from consultations.enums import Act, ActorKind, Source
from consultations.models import Consultation, DocumentItem
from consultations.recount import follow_calendars
from consultations.sweep import sweep
from consultations.transitions import allows
from demo.accounts import ACCOUNTS
from escalations import services as escalations
from notifications.outbox import deliver_due
from offices.calendar import (
    closing,
    is_working_day,
    next_working_day,
    opening,
    previous_working_day,
)
from offices.calendars import calendar_of
from offices.duties import duties_of
from offices.models import Office, Staff, Unit
from regulations.enums import RegulationStatus
from regulations.models import Regulation
from stakeholders.enums import StakeholderKind
from stakeholders.models import Satker
from stakeholders.services import save_stakeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consultations.actors import Actor
    from offices.calendar import WorkCalendar

QUESTIONS = Path(__file__).parent / "data" / "questions.json"
WORKING_DAYS = 10
SOURCES = {
    "tatap muka": (Source.COUNTER,),
    "telepon/WA": (Source.PHONE, Source.WHATSAPP),
    "online": (Source.FORM, Source.HAI_CSO, Source.EMAIL),
    "formulir publik": (Source.FORM,),
}
KINDS = {
    "Pemda (BPKAD)": StakeholderKind.PEMDA,
    "Masyarakat/mahasiswa": StakeholderKind.MASYARAKAT,
}
NAMES = (
    "Ni Luh Putu Ariani", "Muhammad Zainuddin", "Siti Rahmawati", "Yusuf Hamdani", "Baiq Lestari Handayani",
    "Andi Nurul Fadhilah", "Stefanus Ding", "Rosmiati Usman", "I Made Wirawan", "Lalu Ahmad Sopian",
    "Elisabeth Bulan", "Dian Permatasari", "Rahmat Hidayat", "Yuliana Asang", "Herman Sulistyo",
    "Nurjanah Syahrir", "Kadek Ayu Pratiwi", "Fransiskus Laing", "Mulyadi Saputra", "Indah Puspitasari",
)  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(order=True)
class Event:
    """Something that happens at a moment; equal moments keep the order in which they were written down."""

    moment: datetime
    order: int
    act: Callable[[datetime], object] = field(compare=False)


class Agenda:
    """What is going to happen, in the order in which it will."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.order = itertools.count()

    def at(self, moment: datetime, act: Callable[[datetime], object]) -> None:
        heapq.heappush(self.events, Event(moment, next(self.order), act))

    def play(self, until: datetime) -> None:
        """Let everything up to a moment happen; what would come later is left out."""
        while self.events and self.events[0].moment <= until:
            event = heapq.heappop(self.events)
            event.act(event.moment)


@dataclass
class Story:
    """One question of the data file, asked at one office on one working day."""

    number: int
    question: dict[str, Any]
    office: Office
    calendar: WorkCalendar
    asked_at: datetime
    age: int
    consultation: Consultation = field(init=False)

    @property
    def officer(self) -> Actor:
        name = "cso" if self.number % 3 else "cso2"
        return actors.officer(Staff.objects.get(username=f"{name}.{self.office.slug}"))

    @property
    def answer(self) -> str:
        return str(self.question["pola_jawaban"])

    @property
    def regulations(self) -> list[Regulation]:
        fitting = Regulation.objects.filter(category_codes__contains=[self.question["kategori"]])
        return list(fitting.filter(status=RegulationStatus.IN_FORCE)[:2])

    def write_on(self, agenda: Agenda) -> None:
        """Put this story's acts on the agenda; the younger it is, the fewer of them have happened yet."""
        agenda.at(self.asked_at, self.open)
        if self.age > 0:
            agenda.at(self.asked_at + timedelta(minutes=25), self.when(Act.TAKE, self.take))
        for moment, act, step in self._course():
            agenda.at(moment, self.when(act, step))

    def when(self, act: Act, step: Callable[[datetime], object]) -> Callable[[datetime], object]:
        """A step that is taken only if the consultation, by then, allows its act."""

        def take_step(now: datetime) -> None:
            self.consultation.refresh_from_db()
            if any(allows(act, self.consultation.status, kind) for kind in ActorKind):
                step(now)

        return take_step

    def _course(self) -> Iterator[tuple[datetime, Act, Callable[[datetime], object]]]:
        """How it goes on after somebody took it, by the way of solving that the data file names."""
        soon = self.asked_at + timedelta(hours=1 + self.number % 4)
        match self.question["penyelesaian"]:
            case "langsung":
                if self.number % 5:  # every fifth waits for its officer
                    yield soon, Act.RESOLVE, self.resolve
            case "rujuk":
                yield soon, Act.REFER, self.refer
            case "eskalasi":
                yield soon, Act.ESCALATE, self.escalate
                yield self._morning(1), Act.POST_PROGRESS, self.tell_progress
                if self.number % 3:  # every third is left lying and becomes late
                    yield self._morning(1) + timedelta(hours=2), Act.ANSWER_ESCALATION, self.head_answers
                    yield self._morning(2), Act.RESOLVE, self.resolve
            case "tindak_lanjut":
                yield soon, Act.REQUEST_DOCUMENTS, self.ask_documents
                yield self._morning(1), Act.RECEIVE_DOCUMENTS, self.documents_come
                if self.number % 2:
                    yield self._morning(2) + timedelta(hours=3), Act.RESOLVE, self.resolve
        if self.number % 6 == 0:
            yield self._morning(3), Act.CLOSE, self.confirm

    def _morning(self, working_days: int) -> datetime:
        """Half an hour and a little after opening, some working days after the question."""
        day = self.asked_at.astimezone(self.calendar.zone).date()
        for _ in range(working_days):
            day = next_working_day(self.calendar, day)
        return opening(self.calendar, day) + timedelta(minutes=30 + self.number)

    def open(self, now: datetime) -> None:
        """The question comes in, through the door its source names."""
        sources = SOURCES[self.question["kanal"]]
        source = sources[self.number % len(sources)] if self.age > 0 else Source.FORM
        intake = self._intake(source, now)
        if source is Source.FORM:
            self.consultation = lifecycle.open_consultation(
                self.office, intake, by=actors.STAKEHOLDER, now=now
            )
            return
        on_the_spot = (
            source is Source.COUNTER and self.question["penyelesaian"] == "langsung" and self.age > 0
        )
        resolution = lifecycle.Resolution(self.answer, self.regulations) if on_the_spot else None
        self.consultation = lifecycle.receive_at_desk(
            self.office, intake, by=self.officer, now=now, resolution=resolution
        )

    def _intake(self, source: Source, now: datetime) -> lifecycle.Intake:
        turn = self.number * 7 + len(self.office.slug)
        name, role = NAMES[turn % len(NAMES)], self.question["peran"]
        satkers = Satker.objects.order_by("code")
        kind = KINDS.get(role, StakeholderKind.SATKER)
        person = save_stakeholder(
            self.office,
            kind=kind,
            name=name,
            role=role,
            satker=satkers[turn % satkers.count()] if kind == StakeholderKind.SATKER else None,
            organisation="BPKAD" if kind == StakeholderKind.PEMDA else "",
            phone=f"+62812370{self.number:05d}",
            email=f"{name.lower().replace(' ', '.')}@{self.office.slug}.invalid",
            now=now,
        )
        return lifecycle.Intake(
            source=source,
            category=self.office.categories.get(code=self.question["kategori"]),
            stakeholder=person,
            contact=lifecycle.Contact(person.name, person.phone, person.email),
            question=self.question["pertanyaan"],
            received_at=now,
            external_reference=f"HAI-{now:%y%m%d}-{self.number:04d}" if source is Source.HAI_CSO else "",
        )

    def take(self, now: datetime) -> None:
        lifecycle.take(self.consultation, by=self.officer, now=now)

    def resolve(self, now: datetime) -> None:
        lifecycle.resolve(
            self.consultation, self.answer, by=self.officer, now=now, regulations=self.regulations
        )

    def refer(self, now: datetime) -> None:
        agency, channel = "Kantor Pusat DJPb", "HAI DJPb, https://hai.kemenkeu.go.id"
        lifecycle.refer(self.consultation, agency, channel, by=self.officer, now=now)

    def tell_progress(self, now: datetime) -> None:
        text = "Pertanyaan Bapak/Ibu sedang kami telaah bersama seksi terkait."
        lifecycle.post_progress(self.consultation, text, by=self.officer, now=now)

    def escalate(self, now: datetime) -> None:
        unit = self.consultation.category.unit
        reason = "Memerlukan konfirmasi: belum ada ketentuan yang secara tegas mengatur keadaan ini."
        escalations.escalate(self.consultation, unit, reason, by=self.officer, now=now)

    def head_answers(self, now: datetime) -> None:
        escalation = self.consultation.escalations.open().get()
        escalations.answer(escalation, self.answer, by=head_of(escalation.unit, now), now=now)

    def ask_documents(self, now: datetime) -> None:
        names = self.question["dokumen_pendukung"][:3]
        lifecycle.request_documents(self.consultation, names, by=self.officer, now=now)

    def documents_come(self, now: datetime) -> None:
        items = DocumentItem.objects.outstanding().filter(request__consultation=self.consultation)
        papers = {item: [paper(item.name)] for item in items[: 1 + self.number % 3]}
        lifecycle.receive_documents(self.consultation, papers, now=now)

    def confirm(self, now: datetime) -> None:
        lifecycle.close(self.consultation, by=actors.STAKEHOLDER, now=now)


def head_of(unit: Unit, now: datetime) -> Actor:
    """Whoever heads the unit in the demo, signing as they should."""
    account = next(each for each in ACCOUNTS if each.unit == unit.code)
    staff = Staff.objects.get(username=account.username(unit.office))
    return actors.head(staff, duties_of(staff, now).unit_titles[unit.pk])


def paper(name: str) -> CheckedFile:
    """A small PDF."""
    content = PDF + f"% {name} {uuid.uuid4()}\n".encode()
    return CheckedFile(
        f"{name}.pdf",
        "application/pdf",
        len(content),
        hashlib.sha256(content).hexdigest(),
        ContentFile(content, f"{name}.pdf"),
    )


def play(offices: list[Office], now: datetime) -> int:
    """Let the past two weeks happen at these offices, up to now; returns how many consultations they brought."""
    questions = json.loads(QUESTIONS.read_text())["pertanyaan"]
    agenda = Agenda()
    for shift, office in enumerate(offices):
        turned = questions[shift * 9 :] + questions[: shift * 9]  # no two offices have the same fortnight
        write_fortnight(agenda, office, turned, now)
    for moment in sorted({event.moment for event in agenda.events}):
        agenda.at(moment, deliver_due)
    follow_calendars(now)
    agenda.play(now)
    return Consultation.objects.filter(office__in=offices).count()


def write_fortnight(agenda: Agenda, office: Office, questions: list[dict[str, Any]], now: datetime) -> None:
    """One office's questions, the oldest first, and the sweeps of each of its days."""
    calendar = calendar_of(office)
    days = recent_working_days(calendar, now)
    for index, question in enumerate(questions):
        age = WORKING_DAYS - (index * (WORKING_DAYS + 1)) // len(questions)
        morning = datetime.combine(days[age], time(8, 20), calendar.zone)
        asked_at = min(morning + timedelta(minutes=index * 37 % 300), now - timedelta(minutes=40 - index))
        Story(index + 1, question, office, calendar, asked_at, age).write_on(agenda)
    for day in days:
        if is_working_day(calendar, day):
            for moment in (opening(calendar, day), closing(calendar, day)):
                agenda.at(moment, sweep)


def recent_working_days(calendar: WorkCalendar, now: datetime) -> list[date]:
    """Today first (working or not), then the working days before it."""
    today = now.astimezone(calendar.zone).date()
    days = [today]
    for _ in range(WORKING_DAYS):
        days.append(previous_working_day(calendar, days[-1]))
    return days
