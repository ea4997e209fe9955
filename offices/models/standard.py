"""What an office promises, and the kinds of question it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from offices.corrections import corrected_words, lines_of
from offices.models.office import Office, Unit

if TYPE_CHECKING:
    from datetime import date


STANDARD_PARTS = (
    "requirements",
    "procedure_face_to_face",
    "procedure_online",
    "completion_time",
    "cost",
    "products",
    "complaint_channels",
)
MINUTES = (1, 480)
WORKING_DAYS = (1, 60)
WORKING_HOURS = (1, 80)


def _within(bounds: tuple[int, int]) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(bounds[0]), MaxValueValidator(bounds[1])]


class ServiceStandardQuerySet(models.QuerySet["ServiceStandard"]):
    def on(self, day: date) -> ServiceStandardQuerySet:
        """Each office's version in force on a date: the latest that had begun."""
        return self.filter(valid_from__lte=day).order_by("office_id", "-valid_from").distinct("office_id")


class ServiceStandard(models.Model):
    """One version of the promise of Layanan Konsultasi Stakeholder; each consultation keeps the one it began under.

    The texts hold one point a line. Times are minutes, working hours and working days.
    """

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="standards", verbose_name="kantor"
    )
    decree_number = models.CharField("nomor keputusan", max_length=60)
    valid_from = models.DateField("berlaku mulai")
    session_minutes = models.PositiveSmallIntegerField(
        "menit per jenis layanan", default=20, validators=_within(MINUTES)
    )
    session_warning_minutes = models.PositiveSmallIntegerField(
        "menit peringatan", default=15, validators=_within(MINUTES)
    )
    answer_working_days = models.PositiveSmallIntegerField(
        "hari kerja jawaban", default=3, validators=_within(WORKING_DAYS)
    )
    progress_every_working_days = models.PositiveSmallIntegerField(
        "progres setiap (hari kerja)", default=1, validators=_within(WORKING_DAYS)
    )
    close_after_working_days = models.PositiveSmallIntegerField(
        "ditutup otomatis setelah (hari kerja)", default=5, validators=_within(WORKING_DAYS)
    )
    head_answer_working_hours = models.PositiveSmallIntegerField(
        "jam kerja arahan kepala unit",
        default=8,
        validators=_within(WORKING_HOURS),
        help_text="Selalu berakhir sebelum batas waktu jawaban kepada stakeholder.",
    )
    requirements = models.TextField("persyaratan")
    procedure_face_to_face = models.TextField("prosedur tatap muka")
    procedure_online = models.TextField(
        "prosedur online",
        help_text=(
            "Tenggat layanan online dihitung sejak tanggal pertanyaan diterima, walaupun naskah keputusan "
            "menyebut 'setelah konsultasi tatap muka dilaksanakan'."
        ),
    )
    completion_time = models.TextField("waktu penyelesaian")
    cost = models.TextField("biaya/tarif")
    products = models.TextField("produk pelayanan")
    complaint_channels = models.TextField("pengaduan layanan")
    steps_numbered_through = models.BooleanField(
        "langkah online melanjutkan nomor langkah tatap muka", default=False
    )
    corrections = models.TextField(
        "koreksi terhadap naskah keputusan",
        blank=True,
        help_text=(
            "Satu koreksi per baris, diawali kata yang dikoreksi dalam tanda petik: “...”: naskah keputusan "
            "menyebut .... Tampil sebagai catatan kaki pada halaman kantor."
        ),
    )

    objects = ServiceStandardQuerySet.as_manager()

    class Meta:
        verbose_name = "standar pelayanan"
        verbose_name_plural = "standar pelayanan"
        ordering = ("office", "-valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("office", "valid_from"),
                name="standard_one_version_a_day",
                violation_error_message="Sudah ada standar yang berlaku mulai tanggal ini.",
            ),
            models.CheckConstraint(
                name="standard_minutes_within_bounds",
                condition=Q(session_minutes__range=MINUTES, session_warning_minutes__range=MINUTES)
                & Q(session_warning_minutes__lte=F("session_minutes")),
                violation_error_message="Menit peringatan tidak boleh melebihi menit per jenis layanan.",
            ),
            models.CheckConstraint(
                name="standard_working_days_within_bounds",
                condition=Q(
                    answer_working_days__range=WORKING_DAYS,
                    progress_every_working_days__range=WORKING_DAYS,
                    close_after_working_days__range=WORKING_DAYS,
                ),
                violation_error_message="Hari kerja harus antara 1 dan 60.",
            ),
            models.CheckConstraint(
                name="standard_working_hours_within_bounds",
                condition=Q(head_answer_working_hours__range=WORKING_HOURS),
                violation_error_message="Jam kerja harus antara 1 dan 80.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.decree_number} ({self.office})"

    def clean(self) -> None:
        """A correction that marks no words of the standard would be a footnote to nothing."""
        text = "\n".join(getattr(self, part) for part in STANDARD_PARTS)
        for line in lines_of(self.corrections):
            words = corrected_words(line)
            if not words:
                raise ValidationError(
                    {
                        "corrections": f"Awali koreksi dengan kata yang dikoreksi dalam tanda petik “...”: {line}"
                    }
                )
            if words not in text:
                raise ValidationError({"corrections": f"Kata “{words}” tidak ada dalam teks standar ini."})


class CategoryQuerySet(models.QuerySet["Category"]):
    def offered(self) -> CategoryQuerySet:
        return self.filter(is_active=True)


class Category(models.Model):
    """A kind of question: where it is routed and which documents it usually needs."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="categories", verbose_name="kantor"
    )
    code = models.CharField("kode", max_length=20)
    name = models.CharField("nama", max_length=100)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,  # a category without a unit could not be escalated
        related_name="categories",
        verbose_name="unit tujuan eskalasi",
    )
    documents = models.TextField(
        "dokumen yang biasanya diperlukan", blank=True, help_text="Satu dokumen per baris."
    )
    is_active = models.BooleanField("ditawarkan", default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "kategori"
        verbose_name_plural = "kategori"
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("office", "code"),
                name="category_code_once_per_office",
                violation_error_message="Kode kategori sudah dipakai di kantor ini.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.unit_id and self.office_id and self.unit.office_id != self.office_id:
            raise ValidationError({"unit": "Unit ini bukan bagian dari kantor tersebut."})

    @property
    def document_names(self) -> list[str]:
        return [line.strip() for line in self.documents.splitlines() if line.strip()]
