"""Offices and their units."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from offices.enums import TimeZone, UnitKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from offices.calendar import Hours
    from offices.calendars import Period


# First words of the desk's own addresses; an office of that name could not be reached.
RESERVED_SLUGS = (
    "admin",
    "antrean",
    "eskalasi",
    "healthz",
    "keluar",
    "lacak",
    "laporan",
    "masuk",
    "meja",
    "metrics",
    "peraturan",
    "sandi",
    "static",
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
    sends_email = models.BooleanField("berkirim kabar melalui surel", default=True)
    sends_whatsapp = models.BooleanField("berkirim kabar melalui WhatsApp", default=False)
    whatsapp_phone_number_id = models.CharField(
        "ID nomor pengirim WhatsApp",
        max_length=32,
        blank=True,
        help_text="Phone number ID dari WhatsApp Business Platform, hanya angka.",
        validators=[RegexValidator(r"^[0-9]+$", "ID nomor pengirim hanya terdiri atas angka.")],
    )
    notice_of_service = models.TextField("maklumat pelayanan", blank=True)
    notice_signed_by = models.CharField(
        "penanda tangan maklumat",
        max_length=160,
        blank=True,
        help_text="Jabatan dan nama, misalnya Kepala KPPN Mataram, lalu namanya.",
    )
    notice_signed_on = models.DateField("tanggal maklumat", null=True, blank=True)
    weeks: Mapping[Period, Mapping[int, Hours]] | None = None  # kept by `offices.calendars`

    class Meta:
        verbose_name = "kantor"
        verbose_name_plural = "kantor"
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                name="office_slug_not_reserved",
                condition=~Q(slug__in=RESERVED_SLUGS),
                violation_error_message="Alamat halaman ini dipakai oleh sistem. Silakan pilih yang lain.",
            ),
            models.CheckConstraint(
                name="office_time_zone_known",
                condition=Q(time_zone__in=TimeZone.values),
                violation_error_message="Zona waktu tidak dikenal.",
            ),
            models.CheckConstraint(
                name="office_whatsapp_has_its_sender",
                condition=Q(sends_whatsapp=False) | Q(whatsapp_phone_number_id__regex=r"^[0-9]+$"),
                violation_error_message="Isi ID nomor pengirim WhatsApp sebelum memakai saluran ini.",
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


class Unit(models.Model):
    """A Seksi or Subbagian: a part of an office that has a head, to whom questions are escalated."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="units", verbose_name="kantor")
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
