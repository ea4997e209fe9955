"""The rules and technical guidance an answer can rest on."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Cast, Concat

from regulations.enums import RegulationStatus


def without_signs(field: str) -> Func:
    """The field without the signs that the text search parser would take for paths and hosts: 'UP/TUP', 'PMK.05'."""
    return Func(F(field), Value("/.-"), Value("   "), function="translate", output_field=TextField())


# "62x2023" for number 62 or 62/PMK.05/2023 of 2023: one word of the index for all spellings of a number.
NUMBER_OF_YEAR = Concat(
    Func(F("number"), Value("[0-9]+"), function="substring", output_field=TextField()),
    Value("x"),
    Cast("year", TextField()),
    output_field=TextField(),
)
SEARCHED_WORDS = (
    SearchVector(
        without_signs("kind"), without_signs("number"), "year", NUMBER_OF_YEAR, weight="A", config="simple"
    )
    + SearchVector(without_signs("title"), without_signs("subject"), weight="B", config="indonesian")
    + SearchVector(without_signs("title"), without_signs("subject"), weight="C", config="simple")
)


class Regulation(models.Model):
    """One regulation, national and shared by all offices.

    `number` is as its kind prints it: "62" for PMK 62 Tahun 2023, "210/PMK.05/2022", "PER-3/PB/2014".
    `category_codes` are codes of `offices.Category`, of any office.
    """

    kind = models.CharField("jenis", max_length=30)
    number = models.CharField("nomor", max_length=40)
    year = models.PositiveSmallIntegerField("tahun")
    title = models.CharField("judul", max_length=400)
    subject = models.CharField("pokok bahasan", max_length=200, blank=True)
    category_codes = ArrayField(
        models.CharField(max_length=20), verbose_name="kode kategori", default=list, blank=True
    )
    status = models.CharField(
        "status", max_length=12, choices=RegulationStatus, default=RegulationStatus.TO_BE_CHECKED
    )
    status_note = models.CharField("keterangan status", max_length=200, blank=True)
    is_verified = models.BooleanField("sudah diverifikasi", default=False)
    source = models.CharField("sumber", max_length=200, blank=True)
    search = models.GeneratedField(
        expression=SEARCHED_WORDS,
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "peraturan"
        verbose_name_plural = "peraturan"
        ordering = ("kind", "-year", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "number", "year"),
                name="regulation_once_per_number",
                violation_error_message="Peraturan dengan jenis, nomor, dan tahun ini sudah ada.",
            ),
            models.CheckConstraint(
                name="regulation_status_known",
                condition=Q(status__in=RegulationStatus.values),
                violation_error_message="Status peraturan tidak dikenal.",
            ),
            models.CheckConstraint(
                name="regulation_year_plausible",
                condition=Q(year__gte=1945) & Q(year__lte=2100),
                violation_error_message="Tahun peraturan antara 1945 dan 2100.",
            ),
        )
        indexes = (GinIndex(fields=("search",), name="regulation_search"),)

    def __str__(self) -> str:
        return self.short_citation

    @property
    def short_citation(self) -> str:
        """Kind and number alone: "PMK 62 Tahun 2023", "PMK 210/PMK.05/2022", "PER-3/PB/2014"."""
        if self.number.isdigit():
            return f"{self.kind} {self.number} Tahun {self.year}"
        return self.number if self.number[0].isalpha() else f"{self.kind} {self.number}"

    @property
    def citation(self) -> str:
        """As an answer quotes it: "PMK 62 Tahun 2023 tentang Perencanaan Anggaran, ..."."""
        return f"{self.short_citation} tentang {self.title}"
