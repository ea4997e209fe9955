"""One visitor served face to face on one topic, measured against the standard's minutes."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from consultations.models import Consultation
from frontdesk.enums import UNASKED, UNIDENTIFIED, UNSERVED, SessionOutcome
from frontdesk.models.counters import Counter
from frontdesk.models.tickets import QueueTicket
from offices.models import Office, ServiceStandard, Staff
from stakeholders.models import Stakeholder

if TYPE_CHECKING:
    from datetime import date

    from offices.duties import Duties

RUNNING = Q(ended_at__isnull=True)
UNRECORDED = Q(outcome="")
SERVED = Q(ended_at__isnull=False) & ~Q(outcome__in=UNSERVED)


class ServiceSessionQuerySet(models.QuerySet["ServiceSession"]):
    def visible_to(self, duties: Duties, officer: Staff) -> ServiceSessionQuerySet:
        """An officer's own sessions at the office they serve now; nobody else reads what is not recorded yet."""
        return self.filter(office=duties.office_id, officer=officer)

    def running(self) -> ServiceSessionQuerySet:
        return self.filter(RUNNING)

    def forgotten(self) -> ServiceSessionQuerySet:
        """Ended by nobody, and not recorded yet."""
        return self.filter(UNRECORDED, ended_at__isnull=False)

    def unrecorded(self) -> ServiceSessionQuerySet:
        """Running or forgotten: their drafts are still to become something."""
        return self.filter(UNRECORDED)

    def served(self) -> ServiceSessionQuerySet:
        """Over, with the visitor still there: what is counted."""
        return self.filter(SERVED)

    def started_on(self, office: Office, day: date) -> ServiceSessionQuerySet:
        """Begun on an office local date."""
        start = datetime.combine(day, time(), office.zone)
        return self.filter(started_at__gte=start, started_at__lt=start + timedelta(days=1))


class ServiceSession(models.Model):
    """From calling a visitor to the end of one topic. Written only by `sessions`.

    A further topic of the same visitor is a session of its own that `follows` the earlier one. When a number is sent on
    during the service, the next officer's session may begin before the first has ended. `draft` holds what
    the officer typed, by field name, until it is recorded; `draft_version` counts its changes. One that nobody ended
    is ended by the clock with `is_time_accurate` false and without an outcome: recording it may come later.
    A consultation taken down without a session gets one that `is_noted_later`, whose minutes nobody knows.
    `visitor` is who was served without a question; with one the consultation names them.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # a session is evidence of the standard's minutes
        related_name="service_sessions",
    )
    officer = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="service_sessions")
    standard = models.ForeignKey(
        ServiceStandard,
        on_delete=models.PROTECT,  # whose minutes it is measured against
        related_name="service_sessions",
    )
    counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, null=True, blank=True, related_name="service_sessions"
    )
    ticket = models.ForeignKey(
        QueueTicket, on_delete=models.PROTECT, null=True, blank=True, related_name="service_sessions"
    )
    follows = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    consultation = models.OneToOneField(
        Consultation,
        on_delete=models.PROTECT,  # what the visit became
        null=True,
        blank=True,
        related_name="service_session",
    )
    visitor = models.ForeignKey(
        Stakeholder,
        on_delete=models.PROTECT,  # identity is the first duty of the standard
        null=True,
        blank=True,
        related_name="service_sessions",
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=SessionOutcome, blank=True)
    is_time_accurate = models.BooleanField(default=True)
    is_noted_later = models.BooleanField(default=False)
    draft = models.JSONField(default=dict)
    draft_version = models.PositiveIntegerField(default=0)
    draft_saved_at = models.DateTimeField(null=True, blank=True)

    objects = ServiceSessionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("officer",), condition=RUNNING, name="session_one_running_per_officer"
            ),
            models.CheckConstraint(
                name="session_outcome_known", condition=Q(outcome__in=["", *SessionOutcome.values])
            ),
            models.CheckConstraint(
                name="session_ended_after_started",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="session_outcome_once_ended",
                condition=Q(ended_at__isnull=True, outcome="", is_time_accurate=True)
                | Q(ended_at__isnull=False, is_time_accurate=False)
                | Q(ended_at__isnull=False) & ~UNRECORDED,
            ),
            models.CheckConstraint(
                name="session_recorded_has_consultation",
                condition=Q(consultation__isnull=True, outcome__in=["", *UNASKED])
                | Q(consultation__isnull=False)
                & ~Q(outcome__in=["", SessionOutcome.FORM_ONLY, *UNIDENTIFIED]),
            ),
            models.CheckConstraint(
                name="session_served_has_identity",
                condition=Q(outcome__in=["", *UNIDENTIFIED])
                | Q(visitor__isnull=False)
                | Q(consultation__isnull=False),
            ),
            models.CheckConstraint(
                name="session_noted_later_is_unmeasured",
                condition=Q(is_noted_later=False) | Q(is_time_accurate=False, consultation__isnull=False),
            ),
            models.CheckConstraint(
                name="session_recorded_keeps_no_draft", condition=UNRECORDED | Q(draft={})
            ),
        )
        indexes = (
            models.Index(fields=("office", "started_at"), name="session_office_started"),
            models.Index(fields=("officer", "started_at"), condition=UNRECORDED, name="session_unrecorded"),
            models.Index(fields=("started_at",), condition=RUNNING, name="session_running"),
        )

    def __str__(self) -> str:
        return f"{self.officer_id}: {self.started_at}"

    def get_absolute_url(self) -> str:
        return reverse("service_session", args=[self.pk])

    @property
    def is_recorded(self) -> bool:
        return bool(self.outcome)

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def minutes_over_at(self) -> datetime:
        """When the standard's minutes are used up."""
        return self.started_at + timedelta(minutes=self.standard.session_minutes)
