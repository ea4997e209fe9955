"""The people of an office, and which role each holds from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast

from offices.enums import AppointmentKind, Role
from offices.models.office import Office, Unit
from offices.models.ranges import days_held, only_number

if TYPE_CHECKING:
    from datetime import date, datetime


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
    must_change_password = models.BooleanField(
        "wajib mengganti kata sandi",
        default=False,
        help_text="Kata sandinya diatur oleh orang lain, sehingga diganti saat pertama kali masuk.",
    )

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

    def in_force(self, now: datetime) -> AppointmentQuerySet:
        """Appointments in force at a moment, each on the local date of its own office."""
        local_time = Func(F("office__time_zone"), Value(now, models.DateTimeField()), function="timezone")
        return self.alias(today=Cast(local_time, models.DateField())).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=F("today")), starts_on__lte=F("today")
        )


class Appointment(models.Model):
    """Which staff member holds which role from when to when (both days included, office local dates)."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="appointments", verbose_name="kantor"
    )
    staff = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,  # who held which office when stays known
        related_name="appointments",
        verbose_name="pegawai",
    )
    role = models.CharField("peran", max_length=20, choices=Role)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,  # as above
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name="unit",
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
                name="appointment_role_and_kind_known",
                condition=Q(role__in=Role.values, kind__in=AppointmentKind.values),
                violation_error_message="Peran atau jenis penugasan tidak dikenal.",
            ),
            models.CheckConstraint(
                name="appointment_unit_for_unit_head_only",
                condition=Q(role=Role.UNIT_HEAD, unit__isnull=False)
                | (~Q(role=Role.UNIT_HEAD) & Q(unit__isnull=True)),
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
            ExclusionConstraint(
                name="appointment_one_unit_head",
                expressions=[
                    (only_number("unit"), RangeOperators.OVERLAPS),
                    (days_held(), RangeOperators.OVERLAPS),
                ],
                condition=Q(role=Role.UNIT_HEAD, kind=AppointmentKind.DEFINITIF),
                violation_error_message="Unit ini sudah memiliki kepala definitif pada tanggal tersebut.",
            ),
            ExclusionConstraint(
                name="appointment_one_office_head",
                expressions=[
                    (only_number("office"), RangeOperators.OVERLAPS),
                    (days_held(), RangeOperators.OVERLAPS),
                ],
                condition=Q(role=Role.OFFICE_HEAD, kind=AppointmentKind.DEFINITIF),
                violation_error_message="Kantor ini sudah memiliki kepala definitif pada tanggal tersebut.",
            ),
        )
        indexes = (models.Index(fields=("staff", "starts_on"), name="appointment_staff"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.staff})"

    def clean(self) -> None:
        # The constraint says so too, but comparing the days of two appointments fails on such a range first.
        if self.ends_on and self.starts_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "Tanggal akhir tidak boleh sebelum tanggal mulai."})
        if self.staff_id and self.office_id and self.staff.office_id != self.office_id:
            raise ValidationError({"staff": "Pegawai ini tidak bertugas di kantor tersebut."})
        if self.unit is not None and self.unit.office_id != self.office_id:
            raise ValidationError({"unit": "Unit ini bukan bagian dari kantor tersebut."})

    @property
    def title(self) -> str:
        """How the holder signs: 'Kepala Seksi Bank', 'Plh. Kepala Seksi Bank', 'Petugas CSO'."""
        title = self.unit.head_title if self.unit is not None else Role(self.role).label
        if self.kind == AppointmentKind.DEFINITIF:
            return title
        return f"{AppointmentKind(self.kind).label} {title}"
