"""Questions and answers that an office shows to everybody, and what each of them has said over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from consultations.models import Consultation
from offices.models import Category, Office, Staff
from offices.rights import Right
from regulations.models import Regulation, without_signs

if TYPE_CHECKING:
    from datetime import date

    from offices.duties import Duties

LONGEST_QUESTION, LONGEST_SUMMARY, LONGEST_ANSWER = 500, 1_000, 10_000
IS_PUBLIC = Q(withdrawn_at__isnull=True)


class PublicAnswerQuerySet(models.QuerySet["PublicAnswer"]):
    def visible_to(self, duties: Duties) -> PublicAnswerQuerySet:
        """Those of the staff member's own office, for whoever reads its consultations."""
        return self.filter(office=duties.office_id) if duties.may(Right.READ_ANSWERS) else self.none()

    def public(self) -> PublicAnswerQuerySet:
        """Not withdrawn; perhaps expired."""
        return self.filter(IS_PUBLIC)

    def current(self, today: date) -> PublicAnswerQuerySet:
        """Public, and valid on an office local date: what lists and searches show."""
        return self.filter(
            IS_PUBLIC, Q(valid_until__isnull=True) | Q(valid_until__gte=today), valid_from__lte=today
        )

    def expired(self, today: date) -> PublicAnswerQuerySet:
        return self.filter(IS_PUBLIC, valid_until__lt=today)

    def to_review(self, today: date) -> PublicAnswerQuerySet:
        """Somebody is to look whether it still holds, on an office local date."""
        return self.filter(IS_PUBLIC, review_on__lte=today)


class PublicAnswer(models.Model):
    """One question and answer as it reads now. Written only by `answers.services`; all dates are office local.

    `number_words` holds the regulations that are cited or named in the text, each also in the one spelling all
    searches are brought to ("62x2023"). The consultation it came from is never shown to the public.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # what was said in public stays attributable
        db_index=False,  # the composite indexes begin with it
        related_name="public_answers",
    )
    slug = models.SlugField("alamat", max_length=80)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="public_answers", verbose_name="kategori"
    )
    question = models.CharField("pertanyaan", max_length=LONGEST_QUESTION)
    summary = models.CharField("jawaban singkat", max_length=LONGEST_SUMMARY)
    answer = models.TextField("jawaban lengkap", max_length=LONGEST_ANSWER)
    regulations = models.ManyToManyField(
        Regulation, blank=True, related_name="public_answers", verbose_name="dasar peraturan"
    )
    number_words = models.TextField(blank=True)
    source = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,  # from which question a public text came stays known
        null=True,
        blank=True,
        related_name="public_answers",
    )
    valid_from = models.DateField("berlaku mulai")
    valid_until = models.DateField("berlaku sampai dengan", null=True, blank=True)
    review_on = models.DateField("ditinjau kembali")
    review_told_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField("diterbitkan")
    published_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    revised_at = models.DateTimeField("diperbarui")
    withdrawn_at = models.DateTimeField("ditarik", null=True, blank=True)
    withdrawn_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.CharField("alasan ditarik", max_length=300, blank=True)
    helped = models.PositiveIntegerField("membantu", default=0)
    search = models.GeneratedField(
        expression=SearchVector("number_words", weight="A", config="simple")
        + SearchVector(without_signs("question"), weight="A", config="indonesian")
        + SearchVector(without_signs("summary"), weight="B", config="indonesian")
        + SearchVector(without_signs("answer"), weight="C", config="indonesian")
        + SearchVector(
            without_signs("question"),
            without_signs("summary"),
            without_signs("answer"),
            weight="D",
            config="simple",
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = PublicAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "tanya jawab"
        verbose_name_plural = "tanya jawab"
        constraints = (
            models.UniqueConstraint(fields=("office", "slug"), name="answer_address_once_per_office"),
            models.UniqueConstraint(
                fields=("source",),
                condition=IS_PUBLIC,
                name="answer_once_per_consultation",
                violation_error_message="Konsultasi ini sudah diterbitkan sebagai tanya jawab.",
            ),
            models.CheckConstraint(
                name="answer_says_something",
                condition=~Q(question="") & ~Q(summary="") & ~Q(answer=""),
                violation_error_message="Pertanyaan, jawaban singkat, dan jawaban lengkap wajib diisi.",
            ),
            models.CheckConstraint(
                name="answer_valid_until_after_from",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                violation_error_message="Tanggal akhir berlaku tidak boleh sebelum tanggal mulai.",
            ),
            models.CheckConstraint(
                name="answer_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                violation_error_message="Penarikan memerlukan alasan.",
            ),
        )
        indexes = (
            models.Index(
                "office",
                F("revised_at").desc(),
                F("id").desc(),
                condition=IS_PUBLIC,
                name="answer_latest",
            ),
            models.Index(
                "category",
                F("revised_at").desc(),
                F("id").desc(),
                condition=IS_PUBLIC,
                name="answer_category_latest",
            ),
            models.Index(fields=("office", "review_on", "id"), condition=IS_PUBLIC, name="answer_review"),
            models.Index("office", F("id").desc(), name="answer_office"),
            GinIndex(fields=("search",), name="answer_search"),
        )

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("public_answer", args=[self.office.slug, self.slug])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def is_expired(self, today: date) -> bool:
        """Whether it is past its validity on an office local date."""
        return self.valid_until is not None and self.valid_until < today


class AnswerVersion(models.Model):
    """What an answer said from `shown_from` on, until the next version or its withdrawal.

    The database refuses to change or delete it. `declared_harmless` is what looked like personal data and was
    declared not to be, by whoever published this version.
    """

    answer = models.ForeignKey(PublicAnswer, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    question = models.CharField(max_length=LONGEST_QUESTION)
    summary = models.CharField(max_length=LONGEST_SUMMARY)
    text = models.TextField()
    citations = ArrayField(models.TextField())
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    review_on = models.DateField()
    declared_harmless = ArrayField(models.TextField())
    shown_from = models.DateTimeField()
    published_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("answer", "number"), name="answer_version_once"),
            models.CheckConstraint(name="answer_version_counted_from_one", condition=Q(number__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.number}"
