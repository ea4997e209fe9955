"""What happened to a consultation, line by line, and the progress told to the stakeholder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from consultations.enums import Act, ActorKind, ProgressChannel, Status, Visibility
from consultations.models.consultation import Consultation
from notifications.models import Message
from offices.models import Staff
from regulations.models import Regulation

if TYPE_CHECKING:
    from datetime import datetime


class Entry(models.Model):
    """One line of a timeline. The database refuses to change or delete it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="entries")
    act = models.CharField(max_length=24, choices=Act)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12, choices=ActorKind)
    actor = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    actor_label = models.CharField(max_length=200)
    visibility = models.CharField(max_length=10, choices=Visibility)
    text = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=Status)
    submission_id = models.UUIDField(null=True, editable=False)
    regulations: models.ManyToManyField[Regulation, Citation] = models.ManyToManyField(
        Regulation, through="Citation", related_name="entries"
    )

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=("consultation", "at", "id"), name="entry_timeline"),)
        constraints = (
            models.CheckConstraint(
                name="entry_words_known",
                condition=Q(act__in=Act.values, visibility__in=Visibility.values, status__in=Status.values),
            ),
            models.CheckConstraint(
                name="entry_actor_is_staff",
                condition=Q(actor_kind__in=[ActorKind.OFFICER, ActorKind.HEAD], actor__isnull=False)
                | Q(actor_kind__in=[ActorKind.STAKEHOLDER, ActorKind.SYSTEM], actor__isnull=True),
            ),
            models.UniqueConstraint(
                name="entry_sent_once",
                fields=("consultation", "submission_id"),
                condition=Q(submission_id__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.act}"

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC


class Citation(models.Model):
    """A regulation that an answer rests on. As lasting as the entry it belongs to."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="citations")
    regulation = models.ForeignKey(Regulation, on_delete=models.PROTECT, related_name="citations")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("entry", "regulation"), name="citation_once_per_entry"),
        )

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.regulation_id}"


class ProgressUpdate(models.Model):
    """A progress told to the stakeholder, as the standard obliges (steps 7b and 13b).

    Delivered means that the message left, or that an officer told it and recorded so.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="progress_updates")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="progress_update")
    on = models.DateField()
    channel = models.CharField(max_length=12, choices=ProgressChannel)
    is_automatic = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(
        Message,
        to_field="dedupe_key",
        on_delete=models.PROTECT,  # it proves the delivery
        null=True,
        blank=True,
        related_name="progress_updates",
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="progress_channel_known", condition=Q(channel__in=ProgressChannel.values)
            ),
            models.CheckConstraint(
                name="progress_told_or_sent", condition=Q(told_at__isnull=False) ^ Q(message__isnull=False)
            ),
        )
        indexes = (models.Index(fields=("consultation", "on"), name="progress_by_day"),)

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.on}"

    @property
    def delivered_at(self) -> datetime | None:
        return self.told_at or (self.message.sent_at if self.message else None)
