"""When an office works: its weekly hours and the days that differ."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Deferrable, F, Q

from offices.dates import format_days
from offices.enums import HolidayKind, ServiceKind, Weekday
from offices.models.office import Office
from offices.models.ranges import days_held, hours_held, only_number, only_service

LONGEST_SPECIAL = timedelta(days=366)
OVERLAPPING_HOURS = "Jam ini bertumpang tindih dengan jam lain pada hari yang sama."


class OpenInterval(models.Model):
    """A stretch of a weekday during which a service is open, in office local time; a break lies between two of them."""

    weekday = models.PositiveSmallIntegerField("hari", choices=Weekday)
    opens_at = models.TimeField("buka")
    closes_at = models.TimeField("tutup")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H.%M}-{self.closes_at:%H.%M}"

    def clean(self) -> None:
        # The constraint says so too, but comparing two rows fails on such a range first.
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": "Jam buka harus sebelum jam tutup."})


def _interval_constraints(name: str) -> tuple[models.CheckConstraint, models.CheckConstraint]:
    return (
        models.CheckConstraint(
            name=f"{name}_weekday_known",
            condition=Q(weekday__in=Weekday.values),
            violation_error_message="Hari tidak dikenal.",
        ),
        models.CheckConstraint(
            name=f"{name}_open_before_close",
            condition=Q(opens_at__lt=F("closes_at")),
            violation_error_message="Jam buka harus sebelum jam tutup.",
        ),
    )


def _service_known(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{name}_service_known",
        condition=Q(service__in=ServiceKind.values),
        violation_error_message="Layanan tidak dikenal.",
    )


class ServiceHours(OpenInterval):
    """When one kind of service is open on one weekday of the usual week; a weekday without a row is closed."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="service_hours", verbose_name="kantor"
    )
    service = models.CharField("layanan", max_length=12, choices=ServiceKind)

    class Meta:
        verbose_name = "jam layanan"
        verbose_name_plural = "jam layanan"
        ordering = ("service", "weekday", "opens_at")
        constraints = (
            *_interval_constraints("service_hours"),
            _service_known("service_hours"),
            ExclusionConstraint(
                name="service_hours_apart",
                expressions=[
                    (only_number("office"), RangeOperators.OVERLAPS),
                    (only_service(), RangeOperators.OVERLAPS),
                    (only_number("weekday"), RangeOperators.OVERLAPS),
                    (hours_held(), RangeOperators.OVERLAPS),
                ],
                deferrable=Deferrable.DEFERRED,  # rows of one day are moved one by one
                violation_error_message=OVERLAPPING_HOURS,
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_service_display()}, {super().__str__()}"


class SpecialHours(models.Model):
    """Some dates on which one service keeps other hours than usual: half a day, Ramadan; without intervals it is closed.

    A free day stays free. Where a single date lies within a longer period, the date wins.
    """

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="special_hours", verbose_name="kantor"
    )
    service = models.CharField("layanan", max_length=12, choices=ServiceKind)
    name = models.CharField(
        "keterangan", max_length=80, help_text="Misalnya Ramadan 1448 H atau setengah hari."
    )
    starts_on = models.DateField("mulai tanggal")
    ends_on = models.DateField(
        "sampai dengan tanggal", help_text="Sama dengan tanggal mulai untuk satu hari."
    )

    class Meta:
        verbose_name = "jam layanan khusus"
        verbose_name_plural = "jam layanan khusus"
        ordering = ("-starts_on", "service")
        constraints = (
            _service_known("special_hours"),
            models.CheckConstraint(
                name="special_hours_end_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Tanggal akhir tidak boleh sebelum tanggal mulai.",
            ),
            models.CheckConstraint(
                name="special_hours_within_a_year",
                condition=Q(ends_on__lt=F("starts_on") + LONGEST_SPECIAL),
                violation_error_message="Jam khusus berlaku paling lama satu tahun.",
            ),
            models.UniqueConstraint(
                fields=("office", "service", "starts_on"),
                condition=Q(starts_on=F("ends_on")),
                name="special_hours_once_a_date",
                violation_error_message="Jam khusus layanan ini untuk tanggal tersebut sudah ada.",
            ),
            ExclusionConstraint(
                name="special_hours_periods_apart",
                expressions=[
                    (only_number("office"), RangeOperators.OVERLAPS),
                    (only_service(), RangeOperators.OVERLAPS),
                    (days_held(), RangeOperators.OVERLAPS),
                ],
                condition=Q(starts_on__lt=F("ends_on")),
                violation_error_message="Masa ini bertumpang tindih dengan jam khusus lain untuk layanan yang sama.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_service_display()}, {self.name} ({self.days})"

    def clean(self) -> None:
        # The constraint says so too, but comparing two periods fails on such a range first.
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "Tanggal akhir tidak boleh sebelum tanggal mulai."})

    @property
    def days(self) -> str:
        """'24 Desember 2026' or '8 Februari 2027 s.d. 9 Maret 2027'."""
        return format_days(self.starts_on, self.ends_on)

    @property
    def weekdays(self) -> set[int]:
        """Those that occur between its dates."""
        days = min((self.ends_on - self.starts_on).days + 1, len(Weekday))
        return {(self.starts_on + timedelta(step)).weekday() for step in range(days)}


class SpecialInterval(OpenInterval):
    """One stretch of a weekday within special hours."""

    special = models.ForeignKey(
        SpecialHours, on_delete=models.CASCADE, related_name="intervals", verbose_name="jam khusus"
    )

    class Meta:
        verbose_name = "jam buka"
        verbose_name_plural = "jam buka"
        ordering = ("weekday", "opens_at")
        constraints = (
            *_interval_constraints("special_interval"),
            ExclusionConstraint(
                name="special_interval_apart",
                expressions=[
                    (only_number("special"), RangeOperators.OVERLAPS),
                    (only_number("weekday"), RangeOperators.OVERLAPS),
                    (hours_held(), RangeOperators.OVERLAPS),
                ],
                deferrable=Deferrable.DEFERRED,  # as above
                violation_error_message=OVERLAPPING_HOURS,
            ),
        )

    def clean(self) -> None:
        super().clean()
        special = getattr(self, "special", None)  # a form that was sent by hand may name none
        if special and special.starts_on and special.ends_on and self.weekday not in special.weekdays:
            raise ValidationError(
                {"weekday": f"Hari {self.get_weekday_display()} tidak ada pada {special.days}."}
            )


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
