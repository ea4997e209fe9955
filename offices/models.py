"""Offices, their units and people, the service standard they promise, and the days they work."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse

from offices.enums import (
    AppointmentKind,
    HolidayKind,
    Role,
    ServiceKind,
    TimeZone,
    UnitKind,
    Weekday,
)


class Office(models.Model):
    """One KPPN. Its slug is its public address, its prefix starts every consultation number."""

    slug = models.SlugField("alamat halaman", unique=True)
    number_prefix = models.CharField(
        "awalan nomor",
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2,6}$", "Awalan terdiri atas 2 sampai 6 huruf kapital.")],
    )
    name = models.CharField("nama singkat", max_length=80)
    full_name = models.CharField("nama lengkap", max_length=160)
    kind = models.CharField("tipe", max_length=4, default="A1")
    kanwil = models.CharField("kantor wilayah", max_length=160)
    address = models.CharField("alamat", max_length=200)
    postal_code = models.CharField("kode pos", max_length=5, blank=True)
    phone = models.CharField("telepon", max_length=20, blank=True)
    whatsapp = models.CharField("WhatsApp", max_length=20, blank=True)
    email = models.EmailField("surel", blank=True)
    website = models.URLField("situs", blank=True)
    hai_cso_host = models.CharField("aplikasi tempat HAI CSO", max_length=60, default="OM SPAN")
    time_zone = models.CharField("zona waktu", max_length=20, choices=TimeZone, default=TimeZone.WITA)
    motto = models.CharField("motto", max_length=200, blank=True)
    notice_of_service = models.TextField("maklumat pelayanan", blank=True)

    class Meta:
        verbose_name = "kantor"
        verbose_name_plural = "kantor"
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                name="office_time_zone_known",
                condition=Q(time_zone__in=TimeZone.values),
                violation_error_message="Zona waktu tidak dikenal.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("office", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def zone_label(self) -> str:
        """WIB, WITA or WIT."""
        return TimeZone(self.time_zone).label

    def local_date(self, moment: datetime) -> date:
        """The date on the office's wall at an aware moment."""
        return moment.astimezone(self.zone).date()


class ServiceHours(models.Model):
    """When one kind of service is open on one weekday, in office local time; no row means closed."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="service_hours")
    service = models.CharField("layanan", max_length=12, choices=ServiceKind)
    weekday = models.PositiveSmallIntegerField("hari", choices=Weekday)
    opens_at = models.TimeField("buka")
    closes_at = models.TimeField("tutup")

    class Meta:
        verbose_name = "jam layanan"
        verbose_name_plural = "jam layanan"
        ordering = ("service", "weekday")
        constraints = (
            models.UniqueConstraint(
                fields=("office", "service", "weekday"),
                name="service_hours_once_per_weekday",
                violation_error_message="Jam layanan untuk hari ini sudah ada.",
            ),
            models.CheckConstraint(
                name="service_hours_open_before_close",
                condition=Q(opens_at__lt=F("closes_at")),
                violation_error_message="Jam buka harus sebelum jam tutup.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_service_display()}, {self.get_weekday_display()} {self.opens_at:%H.%M}-{self.closes_at:%H.%M}"


class Unit(models.Model):
    """A Seksi or Subbagian: a part of an office that has a head, to whom questions are escalated."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="units")
    code = models.CharField("kode", max_length=12)
    kind = models.CharField("jenis", max_length=12, choices=UnitKind)
    name = models.CharField("nama", max_length=100, help_text="Lengkap, misalnya Seksi Bank.")

    class Meta:
        verbose_name = "unit"
        verbose_name_plural = "unit"
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("office", "code"),
                name="unit_code_once_per_office",
                violation_error_message="Kode unit sudah dipakai di kantor ini.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def head_title(self) -> str:
        """The title of whoever heads the unit: 'Kepala Seksi Bank'."""
        return f"Kepala {self.name}"


class Staff(AbstractUser):
    """A person who signs in. What they may do comes from their appointments, never from flags here."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # a person's acts stay attributable to an office
        null=True,
        blank=True,
        related_name="staff",
        verbose_name="kantor",
    )
    full_name = models.CharField("nama lengkap", max_length=120)
    email = models.EmailField("surel", blank=True)

    objects: ClassVar[UserManager[Staff]] = UserManager()

    REQUIRED_FIELDS = ["full_name", "email"]

    class Meta:
        verbose_name = "pegawai"
        verbose_name_plural = "pegawai"
        ordering = ("full_name",)

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def on(self, day: date) -> AppointmentQuerySet:
        """Appointments in force on a local date of their office."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Appointment(models.Model):
    """Which staff member holds which role from when to when (both days included, office local dates)."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="appointments", verbose_name="kantor")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="appointments", verbose_name="pegawai")
    role = models.CharField("peran", max_length=20, choices=Role)
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="appointments", verbose_name="unit"
    )
    kind = models.CharField(
        "jenis penugasan", max_length=12, choices=AppointmentKind, default=AppointmentKind.DEFINITIF
    )
    starts_on = models.DateField("mulai tanggal")
    ends_on = models.DateField("sampai dengan tanggal", null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "penugasan"
        verbose_name_plural = "penugasan"
        ordering = ("staff__full_name", "role", "starts_on")
        constraints = (
            models.CheckConstraint(
                name="appointment_unit_for_unit_head_only",
                condition=Q(role=Role.UNIT_HEAD, unit__isnull=False) | (~Q(role=Role.UNIT_HEAD) & Q(unit__isnull=True)),
                violation_error_message="Unit diisi untuk Kepala unit, dan hanya untuk Kepala unit.",
            ),
            models.CheckConstraint(
                name="appointment_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="Tanggal akhir tidak boleh sebelum tanggal mulai.",
            ),
            models.CheckConstraint(
                name="appointment_stand_in_heads_only",
                condition=Q(kind=AppointmentKind.DEFINITIF) | Q(role__in=[Role.UNIT_HEAD, Role.OFFICE_HEAD]),
                violation_error_message="Plh. dan Plt. hanya untuk Kepala unit atau Kepala KPPN.",
            ),
            # An integer range of one number compares units without the btree_gist extension.
            ExclusionConstraint(
                name="appointment_one_head_of_a_kind",
                expressions=[
                    (Func("unit_id", "unit_id", models.Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role=Role.UNIT_HEAD, kind=AppointmentKind.DEFINITIF),
                violation_error_message="Unit ini sudah memiliki kepala definitif pada tanggal tersebut.",
            ),
        )
        indexes = (models.Index(fields=("staff", "starts_on"), name="appointment_staff"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.staff})"

    def clean(self) -> None:
        if self.staff_id and self.office_id and self.staff.office_id != self.office_id:
            raise ValidationError({"staff": "Pegawai ini tidak bertugas di kantor tersebut."})
        if self.unit is not None and self.unit.office_id != self.office_id:
            raise ValidationError({"unit": "Unit ini bukan bagian dari kantor tersebut."})

    @property
    def title(self) -> str:
        """How the holder signs: 'Kepala Seksi Bank', 'Plh. Kepala Seksi Bank', 'Petugas CSO'."""
        title = self.unit.head_title if self.unit is not None else Role(self.role).label
        return title if self.kind == AppointmentKind.DEFINITIF else f"{AppointmentKind(self.kind).label} {title}"


class ServiceStandard(models.Model):
    """One version of the promise of Layanan Konsultasi Stakeholder; each consultation keeps the one it began under.

    The texts hold one point a line. Times are minutes and working days.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="standards", verbose_name="kantor")
    decree_number = models.CharField("nomor keputusan", max_length=60)
    valid_from = models.DateField("berlaku mulai")
    session_minutes = models.PositiveSmallIntegerField("menit per jenis layanan", default=20)
    session_warning_minutes = models.PositiveSmallIntegerField("menit peringatan", default=15)
    answer_working_days = models.PositiveSmallIntegerField(
        "hari kerja jawaban", default=3, validators=[MinValueValidator(1)]
    )
    progress_every_working_days = models.PositiveSmallIntegerField(
        "progres setiap (hari kerja)", default=1, validators=[MinValueValidator(1)]
    )
    close_after_working_days = models.PositiveSmallIntegerField(
        "ditutup otomatis setelah (hari kerja)", default=5, validators=[MinValueValidator(1)]
    )
    requirements = models.TextField("persyaratan")
    procedure_face_to_face = models.TextField("prosedur tatap muka")
    procedure_online = models.TextField("prosedur online")
    completion_time = models.TextField("waktu penyelesaian")
    cost = models.TextField("biaya/tarif")
    products = models.TextField("produk pelayanan")
    complaint_channels = models.TextField("pengaduan layanan")

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
                name="standard_times_positive",
                condition=Q(session_minutes__gt=0)
                & Q(session_warning_minutes__lte=F("session_minutes"))
                & Q(answer_working_days__gt=0)
                & Q(progress_every_working_days__gt=0)
                & Q(close_after_working_days__gt=0),
                violation_error_message="Waktu standar harus lebih dari nol.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.decree_number} ({self.office})"


class CategoryQuerySet(models.QuerySet["Category"]):
    def offered(self) -> CategoryQuerySet:
        return self.filter(is_active=True)


class Category(models.Model):
    """A kind of question: where it is routed and which documents it usually needs."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="categories", verbose_name="kantor")
    code = models.CharField("kode", max_length=20)
    name = models.CharField("nama", max_length=100)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,  # a category without a unit could not be escalated
        related_name="categories",
        verbose_name="unit tujuan eskalasi",
    )
    documents = models.TextField("dokumen yang biasanya diperlukan", blank=True, help_text="Satu dokumen per baris.")
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


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def for_office(self, office: Office) -> HolidayQuerySet:
        """National rows and the office's own."""
        return self.filter(Q(office__isnull=True) | Q(office=office))


class Holiday(models.Model):
    """A day that differs from the week's pattern. Rows without office are national; an office's own row wins."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, null=True, blank=True, related_name="holidays", verbose_name="kantor"
    )
    date = models.DateField("tanggal")
    name = models.CharField("keterangan", max_length=160)
    kind = models.CharField("jenis", max_length=20, choices=HolidayKind)
    source = models.CharField("sumber", max_length=160, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = "hari khusus"
        verbose_name_plural = "kalender kerja"
        ordering = ("date",)
        constraints = (
            models.UniqueConstraint(
                fields=("office", "date"),
                name="holiday_one_row_a_day",
                nulls_distinct=False,
                violation_error_message="Tanggal ini sudah tercatat.",
            ),
        )
        indexes = (models.Index(fields=("date",), name="holiday_date"),)

    def __str__(self) -> str:
        return f"{self.date}: {self.name}"
