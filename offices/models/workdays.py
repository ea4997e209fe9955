"""When an office works: its weekly hours and the days that differ."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from offices.enums import HolidayKind, ServiceKind, Weekday
from offices.models.office import Office


class ServiceHours(models.Model):
    """When one kind of service is open on one weekday, in office local time; no row means closed."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="service_hours", verbose_name="kantor"
    )
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
                name="service_hours_weekday_known",
                condition=Q(weekday__in=Weekday.values),
                violation_error_message="Hari tidak dikenal.",
            ),
            models.CheckConstraint(
                name="service_hours_open_before_close",
                condition=Q(opens_at__lt=F("closes_at")),
                violation_error_message="Jam buka harus sebelum jam tutup.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_service_display()}, {self.get_weekday_display()} {self.opens_at:%H.%M}-{self.closes_at:%H.%M}"


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def for_office(self, office: Office) -> HolidayQuerySet:
        """National rows and the office's own."""
        return self.filter(Q(office__isnull=True) | Q(office=office))


class Holiday(models.Model):
    """A day that differs from the week's pattern. Rows without office are national; an office's own row wins."""

    office = models.ForeignKey(
        Office,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="holidays",
        verbose_name="kantor",
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
            models.CheckConstraint(
                name="holiday_kind_known",
                condition=Q(kind__in=HolidayKind.values),
                violation_error_message="Jenis hari khusus tidak dikenal.",
            ),
            models.CheckConstraint(
                name="holiday_local_kinds_need_office",
                condition=Q(office__isnull=False) | ~Q(kind__in=[HolidayKind.LOCAL, HolidayKind.CLOSED]),
                violation_error_message="Libur lokal dan kantor tutup dicatat untuk satu kantor.",
            ),
        )
        indexes = (models.Index(fields=("date",), name="holiday_date"),)

    def __str__(self) -> str:
        return f"{self.date}: {self.name}"
