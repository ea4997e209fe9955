"""How an office runs its queue, its counters, and which officer sits at which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from offices.models import Category, Office, Staff
from offices.rights import Right

if TYPE_CHECKING:
    from datetime import date

    from offices.duties import Duties

REGULARS = (0, 20)
WAIT_MINUTES = (5, 240)
SLOT_MINUTES = (5, 240)
SLOT_SEATS = (0, 50)
BOOKING_DAYS = (1, 60)


def _within(bounds: tuple[int, int]) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(bounds[0]), MaxValueValidator(bounds[1])]


class QueueSettings(models.Model):
    """The rules of one office's queue; an office without a row has the defaults."""

    office = models.OneToOneField(
        Office, on_delete=models.CASCADE, related_name="queue_settings", verbose_name="kantor"
    )
    regulars_between_priorities = models.PositiveSmallIntegerField(
        "nomor reguler di antara dua nomor prioritas",
        default=1,
        validators=_within(REGULARS),
        help_text="0 berarti nomor prioritas selalu didahulukan.",
    )
    longest_wait_minutes = models.PositiveSmallIntegerField(
        "menit menunggu paling lama",
        default=45,
        validators=_within(WAIT_MINUTES),
        help_text="Nomor yang sudah menunggu selama ini dipanggil lebih dahulu, apa pun jenisnya.",
    )
    returns = models.PositiveSmallIntegerField(
        "kesempatan kembali bagi yang tidak hadir saat dipanggil", default=2, validators=_within((0, 5))
    )
    return_after = models.PositiveSmallIntegerField(
        "kembali setelah (nomor)",
        default=3,
        validators=_within((1, 20)),
        help_text="Setelah berapa nomor berikutnya yang tidak hadir dipanggil kembali.",
    )
    takes_bookings = models.BooleanField("menerima pemesanan jadwal", default=True)
    slot_minutes = models.PositiveSmallIntegerField(
        "menit per jadwal", default=30, validators=_within(SLOT_MINUTES)
    )
    slot_capacity = models.PositiveSmallIntegerField(
        "tempat per jadwal", default=4, validators=_within(SLOT_SEATS)
    )
    booking_days = models.PositiveSmallIntegerField(
        "jadwal dibuka untuk (hari kerja ke depan)", default=10, validators=_within(BOOKING_DAYS)
    )
    has_voice = models.BooleanField("papan antrean bersuara", default=True)

    class Meta:
        verbose_name = "pengaturan antrean"
        verbose_name_plural = "pengaturan antrean"
        constraints = (
            models.CheckConstraint(
                name="queue_settings_within_bounds",
                condition=Q(
                    regulars_between_priorities__range=REGULARS,
                    longest_wait_minutes__range=WAIT_MINUTES,
                    slot_minutes__range=SLOT_MINUTES,
                    slot_capacity__range=SLOT_SEATS,
                    booking_days__range=BOOKING_DAYS,
                    return_after__gte=1,
                ),
                violation_error_message="Salah satu angka di luar batas yang diperbolehkan.",
            ),
        )

    def __str__(self) -> str:
        return f"Antrean {self.office}"

    @classmethod
    def of(cls, office: Office) -> QueueSettings:
        """The office's settings, or an unsaved row of defaults; one query."""
        return cls.objects.filter(office=office).first() or cls(office=office)


class CounterQuerySet(models.QuerySet["Counter"]):
    def visible_to(self, duties: Duties) -> CounterQuerySet:
        """The counters of the staff member's own office; whoever has a duty there may know them."""
        return self.filter(office=duties.office_id) if duties.may(Right.READ_QUEUE) else self.none()

    def in_use(self) -> CounterQuerySet:
        return self.filter(is_active=True)


class Counter(models.Model):
    """A place where visitors are served. Without categories it serves all."""

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # visits stay attributable to a place
        related_name="counters",
        verbose_name="kantor",
    )
    number = models.PositiveSmallIntegerField("nomor loket", validators=[MinValueValidator(1)])
    name = models.CharField("nama", max_length=60, blank=True, help_text="Misalnya Konsultasi SAKTI.")
    is_active = models.BooleanField("dipakai", default=True)
    categories = models.ManyToManyField(
        Category,
        blank=True,
        related_name="counters",
        verbose_name="kategori yang dilayani",
        help_text="Kosongkan bila loket ini melayani semua kategori.",
    )

    objects = CounterQuerySet.as_manager()

    class Meta:
        verbose_name = "loket"
        verbose_name_plural = "loket"
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=("office", "number"),
                name="counter_number_once_per_office",
                violation_error_message="Nomor loket sudah dipakai di kantor ini.",
            ),
            models.CheckConstraint(
                name="counter_number_from_one",
                condition=Q(number__gte=1),
                violation_error_message="Nomor loket dimulai dari 1.",
            ),
        )

    def __str__(self) -> str:
        return f"Loket {self.number}"


class CounterShiftQuerySet(models.QuerySet["CounterShift"]):
    def open(self) -> CounterShiftQuerySet:
        return self.filter(closed_at__isnull=True)

    def open_on(self, day: date) -> CounterShiftQuerySet:
        """Open on an office local date; one forgotten on an earlier day no longer counts."""
        return self.open().filter(day=day)


class CounterShift(models.Model):
    """An officer at a counter, from opening to closing, on one local date of the office."""

    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="shifts")
    officer = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="counter_shifts")
    day = models.DateField()
    opened_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CounterShiftQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("counter",), condition=Q(closed_at__isnull=True), name="shift_one_open_per_counter"
            ),
            models.UniqueConstraint(
                fields=("officer",), condition=Q(closed_at__isnull=True), name="shift_one_open_per_officer"
            ),
            models.CheckConstraint(
                name="shift_closed_after_opened",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.counter_id}: {self.officer_id} {self.day}"
