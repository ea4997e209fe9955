"""A question put to a unit's head (steps 7a and 13a of the standard)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse

from consultations.clocks import timer_moment
from consultations.enums import ActorKind, TimerKind
from consultations.models import Consultation
from escalations.enums import OPEN_ESCALATION_STATUSES, SPOKEN_STATUSES, EscalationStatus
from offices.enums import Role
from offices.models import Staff, Unit

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.actors import Actor
    from offices.duties import Duties

IS_OPEN = Q(status__in=OPEN_ESCALATION_STATUSES)
OVERSEERS = frozenset({Role.OFFICE_HEAD, Role.OFFICE_ADMIN})


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, duties: Duties) -> EscalationQuerySet:
        """A unit's head sees their unit's; officers, the office's head and administrator see the office's."""
        own_office = self.filter(consultation__office=duties.office_id)
        if duties.has_role(Role.CSO, *OVERSEERS):
            return own_office
        return own_office.filter(unit__in=duties.headed_unit_ids)

    def concerning(self, staff: Staff, duties: Duties) -> EscalationQuerySet:
        """What belongs in a staff member's inbox: their unit's, what they asked or handle, or all they oversee."""
        visible = self.visible_to(duties)
        if duties.has_role(*OVERSEERS) or not duties.has_role(Role.CSO):
            return visible
        own = Q(unit__in=duties.headed_unit_ids)
        return visible.filter(own | Q(asked_by=staff) | Q(consultation__officer=staff))

    def open(self) -> EscalationQuerySet:
        """Waiting for a head's word."""
        return self.filter(IS_OPEN)

    def ended(self) -> EscalationQuerySet:
        """Answered, returned, forwarded or withdrawn."""
        return self.exclude(IS_OPEN)

    def with_answer_by(self) -> EscalationQuerySet:
        """With `answer_by`, the moment of the head's own clock; null once the word came in time, or was asked at once."""
        return self.annotate(  # type: ignore[no-redef]  # the model names it for its readers
            answer_by=timer_moment(TimerKind.HEAD_ANSWER, consultation="consultation", key="pk")
        )

    def end_open(self, text: str, *, by: Actor, now: datetime) -> list[Unit]:
        """End what is open because its consultation ends; returns the units that were asked.

        A head's own last word is the answer to what he or she was asked; anybody else's withdraws the question.
        """
        units = [escalation.unit for escalation in self.open().select_related("unit")]
        if by.kind == ActorKind.HEAD:
            self.open().update(
                status=EscalationStatus.ANSWERED,
                ended_at=now,
                answered_by=by.staff,
                answered_as=by.title,
                answer=text,
            )
        self.open().update(status=EscalationStatus.WITHDRAWN, ended_at=now)
        return units


class Escalation(models.Model):
    """One question to one unit. Forwarding ends it and begins another; the public deadline never moves.

    `reason` is the officer's question and goes along when it is forwarded; `answer` is the head's direction, or why
    it was returned or forwarded.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="escalations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="escalations")
    reason = models.TextField("alasan")
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="escalations_asked")
    asked_at = models.DateTimeField("dieskalasi")
    status = models.CharField(max_length=12, choices=EscalationStatus, default=EscalationStatus.WAITING)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="escalations_answered"
    )
    answered_as = models.CharField(max_length=160, blank=True)
    answer = models.TextField("arahan", blank=True)
    forwarded_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="forwarded_to"
    )

    answer_by: datetime | None  # read `with_answer_by`

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = "eskalasi"
        verbose_name_plural = "eskalasi"
        ordering = ("asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("consultation",),
                condition=IS_OPEN,
                name="escalation_one_open",
                violation_error_message="Masih ada eskalasi yang menunggu jawaban.",
            ),
            models.CheckConstraint(
                name="escalation_status_known",
                condition=Q(status__in=EscalationStatus.values),
                violation_error_message="Status eskalasi tidak dikenal.",
            ),
            models.CheckConstraint(
                name="escalation_accepted_has_moment",
                condition=~Q(status=EscalationStatus.ACCEPTED) | Q(accepted_at__isnull=False),
                violation_error_message="Eskalasi yang ditelaah memiliki waktu diterima.",
            ),
            models.CheckConstraint(
                name="escalation_ended_has_moment",
                condition=(IS_OPEN & Q(ended_at__isnull=True)) | (~IS_OPEN & Q(ended_at__isnull=False)),
                violation_error_message="Eskalasi memiliki waktu berakhir tepat apabila sudah berakhir.",
            ),
            models.CheckConstraint(
                name="escalation_word_has_author",
                condition=~Q(status__in=SPOKEN_STATUSES)
                | Q(answered_by__isnull=False) & ~Q(answer="") & ~Q(answered_as=""),
                violation_error_message="Arahan atau alasan wajib diisi dan memiliki penanda tangan.",
            ),
            models.CheckConstraint(
                name="escalation_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Alasan eskalasi wajib diisi.",
            ),
        )
        indexes = (
            models.Index(fields=("unit", "asked_at"), condition=IS_OPEN, name="escalation_unit_open"),
            models.Index(
                fields=("unit", "-ended_at", "-id"), condition=~IS_OPEN, name="escalation_unit_ended"
            ),
            models.Index(fields=("-ended_at", "-id"), condition=~IS_OPEN, name="escalation_ended"),
            models.Index(fields=("consultation", "asked_at"), name="escalation_consultation"),
        )

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("escalation", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_ESCALATION_STATUSES
