"""Questions from the public form that an officer looks at first, and the work their senders' browsers brought."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from consultations.asked import Asked
from consultations.enums import Doubt
from consultations.models.consultation import Consultation
from offices.models import Category, Office, Staff
from offices.rights import Right

if TYPE_CHECKING:
    from datetime import datetime

    from offices.duties import Duties

IS_WAITING = Q(decided_at__isnull=True)
IS_REJECTED = Q(decided_at__isnull=False, consultation__isnull=True)
REASON_LENGTH = 500


class HeldSubmissionQuerySet(models.QuerySet["HeldSubmission"]):
    def visible_to(self, duties: Duties) -> HeldSubmissionQuerySet:
        """Those of the office, for whoever reads its consultations: each of these may become one."""
        return (
            self.filter(office_id=duties.office_id) if duties.may(Right.READ_CONSULTATIONS) else self.none()
        )

    def waiting(self) -> HeldSubmissionQuerySet:
        return self.filter(IS_WAITING)

    def overdue(self, now: datetime) -> HeldSubmissionQuerySet:
        """Waiting past the moment by which the question they may be was to be answered."""
        return self.waiting().filter(due_at__lt=now)

    def failing(self) -> HeldSubmissionQuerySet:
        """Waiting, and the clock's act failed at every try since the last that did not."""
        return self.waiting().filter(failures__gt=0)

    def to_sweep(self, now: datetime) -> HeldSubmissionQuerySet:
        """Waiting and ripe for the clock, oldest first."""
        return self.waiting().filter(sweep_at__lte=now).order_by("sweep_at", "pk")

    def rejected(self) -> HeldSubmissionQuerySet:
        return self.filter(IS_REJECTED)

    def longest_waiting_first(self, after: tuple[datetime, int] | None) -> HeldSubmissionQuerySet:
        """What waits, from the beginning or behind a place: a moment of sending and a key."""
        found = self.waiting().order_by("submitted_at", "pk")
        if after is None:
            return found
        moment, pk = after
        return found.filter(Q(submitted_at__gt=moment) | Q(pk__gt=pk), submitted_at__gte=moment)

    def latest_rejected_first(self, after: tuple[datetime, int] | None) -> HeldSubmissionQuerySet:
        """What was rejected, from the beginning or behind a place: a moment of rejection and a key."""
        found = self.rejected().order_by("-decided_at", "-pk")
        if after is None:
            return found
        moment, pk = after
        return found.filter(Q(decided_at__lt=moment) | Q(pk__lt=pk), decided_at__lte=moment)


class HeldSubmission(models.Model):
    """A question that looked like spam, as it was sent. Written only by `consultations.held`.

    `payload` is `asked.Asked`, emptied when the question has become a consultation. The sender opens the page
    about it with a token of which the hash is stored.

    Its clock (`held_clock`) runs from the sending: `wakes_at` is the next moment it must act at, `sweep_at` when the
    sweep looks at it, later only after a failure. `due_at` and `progress_settled_on`, as those of the consultation it
    may become, are empty until the first sweep has seen it.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="held_submissions")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="held_submissions")
    reference = models.CharField("nomor rujukan", max_length=20, unique=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    submission_id = models.UUIDField(editable=False)
    submitted_at = models.DateTimeField("dikirim")
    doubts = models.JSONField("alasan ditahan")
    payload = models.JSONField("isi kiriman", blank=True)
    due_at = models.DateTimeField("batas waktu jawaban", null=True, blank=True)
    late_at = models.DateTimeField("terlambat sejak", null=True, blank=True)
    progress_settled_on = models.DateField(null=True, blank=True)
    wakes_at = models.DateTimeField(null=True, blank=True)
    sweep_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    files_forgotten_at = models.DateTimeField("berkas dihapus", null=True, blank=True)
    decided_at = models.DateTimeField("diputuskan", null=True, blank=True)
    decided_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="held_submissions"
    )
    reason = models.CharField("alasan penolakan", max_length=REASON_LENGTH, blank=True)
    consultation = models.OneToOneField(
        Consultation, on_delete=models.PROTECT, null=True, blank=True, related_name="held_submission"
    )

    objects = HeldSubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "kiriman tertahan"
        verbose_name_plural = "kiriman tertahan"
        constraints = (
            models.UniqueConstraint(name="held_sent_once", fields=("office", "submission_id")),
            models.CheckConstraint(
                name="held_decision_whole",
                condition=Q(
                    decided_at__isnull=True, decided_by__isnull=True, consultation__isnull=True, reason=""
                )
                | Q(decided_at__isnull=False, decided_by__isnull=False)
                & (Q(consultation__isnull=False, reason="") | Q(consultation__isnull=True) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="held_clock_runs_while_it_waits",
                condition=Q(decided_at__isnull=True, wakes_at__isnull=False, sweep_at__isnull=False)
                | Q(decided_at__isnull=False, wakes_at__isnull=True, sweep_at__isnull=True),
            ),
            models.CheckConstraint(
                name="held_swept_after_its_moment",
                condition=Q(wakes_at__isnull=True) | Q(sweep_at__gte=F("wakes_at")),
            ),
            models.CheckConstraint(
                name="held_late_from_its_due_moment",
                condition=Q(late_at__isnull=True) | Q(due_at__isnull=False, late_at=F("due_at")),
            ),
        )
        indexes = (
            models.Index(fields=("office", "submitted_at", "id"), condition=IS_WAITING, name="held_waiting"),
            models.Index(
                fields=("office", "-decided_at", "-id"), condition=IS_REJECTED, name="held_rejected"
            ),
            models.Index(fields=("sweep_at", "id"), condition=IS_WAITING, name="held_to_sweep"),
            models.Index(fields=("office", "due_at"), condition=IS_WAITING, name="held_due"),
            models.Index(fields=("failures",), condition=IS_WAITING & Q(failures__gt=0), name="held_failing"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None

    @property
    def asked(self) -> Asked:
        """What waits, also when an earlier version of the form stored it."""
        return Asked.read(self.payload)

    @property
    def doubt_labels(self) -> list[str]:
        """In words; a reason that the desk no longer has stands as it was stored."""
        return [Doubt(doubt).label if doubt in Doubt.values else doubt for doubt in self.doubts]


class HeldFile(models.Model):
    """A file that came with a held question. Nobody has opened it: that is for whoever decides."""

    submission = models.ForeignKey(HeldSubmission, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(max_length=200)
    name = models.CharField("nama berkas", max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("ukuran")
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class SpentProof(models.Model):
    """A challenge of the public form whose solution was brought, and for which submission."""

    challenge = models.CharField(max_length=64, primary_key=True)
    submission_id = models.UUIDField()
    spent_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.challenge
