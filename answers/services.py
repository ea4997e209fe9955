"""Publishing an answer, changing it, taking it back: the only way an answer is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from answers.models import AnswerVersion, PublicAnswer
from answers.personal_data import find_personal_data
from answers.search import number_words
from consultations.enums import ANSWERED_STATUSES, Act
from consultations.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date, datetime

    from answers.personal_data import Finding
    from consultations.models import Consultation
    from offices.models import Category, Office, Staff
    from regulations.models import Regulation

LONGEST_SLUG = 70
RESERVED_SLUGS = ("", "mirip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an answer is to say. `harmless` holds the keys of findings declared not to tell who asked."""

    category: Category
    question: str
    summary: str
    answer: str
    valid_from: date
    review_on: date
    valid_until: date | None = None
    regulations: Sequence[Regulation] = ()
    harmless: Collection[str] = field(default=())

    @property
    def texts(self) -> tuple[str, str, str]:
        return self.question, self.summary, self.answer


def known_of(source: Consultation | None) -> list[str]:
    """What the desk knows of the person behind a consultation, and who served them: none of it goes public."""
    if source is None:
        return []
    person = source.stakeholder
    satker = person.satker
    return [
        person.name,
        person.phone,
        person.email,
        person.nip,
        person.organisation,
        source.contact_name,
        source.contact_phone,
        source.contact_email,
        source.external_reference,
        source.number,
        person.satker_name,
        satker.code if satker is not None else "",
        source.officer.full_name if source.officer is not None else "",
    ]


def findings_in(content: Content, source: Consultation | None) -> list[Finding]:
    """Every place in the three texts that could tell who asked, declared harmless or not."""
    known = known_of(source)
    return [finding for text in content.texts for finding in find_personal_data(text, known)]


def publish(
    office: Office, content: Content, *, by: Staff, now: datetime, source: Consultation | None = None
) -> PublicAnswer:
    """Show a new answer to everybody, with its first version.

    Raises RuleError while something in it could tell who asked, when the consultation is not answered yet, or when
    it has been published already.
    """
    if source is not None and source.status not in ANSWERED_STATUSES:
        raise RuleError("Hanya konsultasi yang sudah dijawab dapat diterbitkan.")
    answer = PublicAnswer(office=office, source=source, published_at=now, published_by=by)
    with transaction.atomic():
        # Held, so that two answers take neither the same address nor the same consultation.
        type(office).objects.select_for_update(no_key=True).get(pk=office.pk)
        if source is not None and source.public_answers.public().exists():
            raise RuleError("Konsultasi ini sudah diterbitkan sebagai tanya jawab.")
        answer.slug = _free_slug(office, content.question)
        _write(answer, content, by=by, now=now)
    return answer


def revise(answer: PublicAnswer, content: Content, *, by: Staff, now: datetime) -> PublicAnswer:
    """Let a public answer say something else from now on; what it said before is kept. Its address stays.

    Raises RuleError as `publish` does, and for an answer that was withdrawn.
    """
    with transaction.atomic():
        held = _held(answer)
        held.review_told_at = None
        _write(held, content, by=by, now=now)
    return held


def withdraw(answer: PublicAnswer, reason: str, *, by: Staff, now: datetime) -> PublicAnswer:
    """Take an answer back; its address says so from now on. Raises RuleError when that was done before."""
    with transaction.atomic():
        held = _held(answer)
        held.withdrawn_at, held.withdrawn_by, held.withdrawal_reason = now, by, reason
        held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    return held


def count_helped(answer: PublicAnswer) -> None:
    """One more reader found what they needed."""
    PublicAnswer.objects.filter(pk=answer.pk).update(helped=F("helped") + 1)


def draft_from(source: Consultation) -> tuple[str, list[Regulation]]:
    """The answer that resolved a consultation last, and what it cited; three queries."""
    entry = source.entries.filter(act=Act.RESOLVE).order_by("-at", "-pk").first()
    if entry is None:
        return "", []
    return entry.text, list(entry.regulations.defer("search"))


def _held(answer: PublicAnswer) -> PublicAnswer:
    held = PublicAnswer.objects.select_for_update(no_key=True, of=("self",)).get(pk=answer.pk)
    if held.is_withdrawn:
        raise RuleError("Tanya jawab ini sudah ditarik.")
    return held


def _write(answer: PublicAnswer, content: Content, *, by: Staff, now: datetime) -> None:
    """The answer as it now reads and the version that keeps it, in the caller's transaction."""
    findings = findings_in(content, answer.source)
    if any(finding.key not in content.harmless for finding in findings):
        raise RuleError(
            "Masih ada bagian yang dapat mengungkap identitas orang. Hapus atau nyatakan aman satu per satu."
        )
    answer.category, answer.question, answer.summary = content.category, content.question, content.summary
    answer.answer, answer.review_on = content.answer, content.review_on
    answer.valid_from, answer.valid_until = content.valid_from, content.valid_until
    answer.number_words = number_words(content.texts, content.regulations)
    answer.revised_at = now
    answer.save()
    answer.regulations.set(content.regulations)
    AnswerVersion.objects.create(
        answer=answer,
        number=answer.versions.count() + 1,
        question=content.question,
        summary=content.summary,
        text=content.answer,
        citations=[regulation.citation for regulation in content.regulations],
        valid_from=content.valid_from,
        valid_until=content.valid_until,
        review_on=content.review_on,
        declared_harmless=sorted({finding.value for finding in findings}),
        shown_from=now,
        published_by=by,
    )


def _free_slug(office: Office, question: str) -> str:
    base = slugify(question)[:LONGEST_SLUG].strip("-")
    taken = {
        *RESERVED_SLUGS,
        *office.public_answers.filter(slug__startswith=base).values_list("slug", flat=True),
    }
    return next(slug for slug in _slugs(base) if slug not in taken)


def _slugs(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}".lstrip("-")
        number += 1
