"""What was promised, and the moments at which the clock must act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from consultations.enums import TimerKind
from consultations.models.consultation import Consultation
from offices.models import Office

if TYPE_CHECKING:
    from datetime import datetime


class Promise(models.Model):
    """One promised due moment: the first from receipt, a further one from each reopening. Kept for the record."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="promises")
    sequence = models.PositiveSmallIntegerField()
    anchor_at = models.DateTimeField()
    due_at = models.DateTimeField()
    late_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("sequence",)
        constraints = (
            models.UniqueConstraint(fields=("consultation", "sequence"), name="promise_sequence_once"),
            models.UniqueConstraint(
                fields=("consultation",),
                condition=Q(answered_at__isnull=True),
                name="promise_one_unanswered",
            ),
            models.CheckConstraint(
                name="promise_late_after_due", condition=Q(late_at__isnull=True) | Q(late_at__gte=F("due_at"))
            ),
        )
        indexes = (
            models.Index(
                fields=("answered_at",), condition=Q(answered_at__isnull=False), name="promise_answered"
            ),
        )

    def __str__(self) -> str:
        return f"{self.consultation_id}/{self.sequence}"

    @property
    def is_kept(self) -> bool | None:
        """Whether the answer came by the due moment; None while that is still open."""
        if self.late_at is not None:
            return False
        return None if self.answered_at is None else self.answered_at <= self.due_at


IS_FAILING = Q(fired_at__isnull=True, failures__gt=0)


class TimerQuerySet(models.QuerySet["Timer"]):
    def unfired(self) -> TimerQuerySet:
        return self.filter(fired_at__isnull=True)

    def due(self, now: datetime) -> TimerQuerySet:
        """Unfired and ripe for the sweep, oldest first."""
        return self.unfired().filter(sweep_at__lte=now).order_by("sweep_at", "id")

    def failing(self) -> TimerQuerySet:
        """Unfired, because each try has failed so far."""
        return self.filter(IS_FAILING)


class Timer(models.Model):
    """A moment at which the clock must act. It acts once: its act and its mark commit together.

    `fires_at` is the true moment; `sweep_at` is when the sweep looks at it, later only after a failure. `failures` counts
    the tries that failed; no act on the consultation makes them forgotten. What has ended keeps no timers.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="timers")
    kind = models.CharField(max_length=20, choices=TimerKind)
    key = models.CharField(max_length=40)
    fires_at = models.DateTimeField()
    sweep_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects = TimerQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("consultation", "kind", "key"), name="timer_once"),
            models.CheckConstraint(name="timer_kind_known", condition=Q(kind__in=TimerKind.values)),
            models.CheckConstraint(
                name="timer_swept_after_its_moment", condition=Q(sweep_at__gte=F("fires_at"))
            ),
        )
        indexes = (
            models.Index(fields=("sweep_at", "id"), condition=Q(fired_at__isnull=True), name="timer_unfired"),
            models.Index(fields=("id",), condition=IS_FAILING, name="timer_failing"),
        )

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.kind} {self.key}"


class AppliedCalendar(models.Model):
    """Which working calendar an office's open consultations were last counted on."""

    office = models.OneToOneField(Office, on_delete=models.CASCADE, related_name="applied_calendar")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.office_id}: {self.digest[:12]}"
