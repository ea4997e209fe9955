"""The documents asked for, and the files that came."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from consultations.enums import OUTSTANDING_DOCUMENT_STATUSES, DocumentStatus, FileState
from consultations.models.consultation import Consultation
from consultations.models.timeline import Entry
from offices.models import Staff

if TYPE_CHECKING:
    from datetime import datetime

IS_QUARANTINED = Q(state=FileState.QUARANTINED)
IS_INFECTED_AND_STORED = Q(state=FileState.INFECTED) & ~Q(file="")


class DocumentRequest(models.Model):
    """A checklist of supporting documents asked from the stakeholder (steps 5 and 11 of the standard)."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="document_requests")
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="document_requests")
    note = models.TextField("keterangan", blank=True)

    class Meta:
        ordering = ("requested_at", "id")

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.requested_at:%Y-%m-%d}"


class DocumentItemQuerySet(models.QuerySet["DocumentItem"]):
    def outstanding(self) -> DocumentItemQuerySet:
        """Asked for and not (or not rightly) sent yet."""
        return self.filter(status__in=OUTSTANDING_DOCUMENT_STATUSES)


class DocumentItem(models.Model):
    """One document of a request."""

    request = models.ForeignKey(DocumentRequest, on_delete=models.PROTECT, related_name="items")
    name = models.CharField("dokumen", max_length=160)
    status = models.CharField(max_length=12, choices=DocumentStatus, default=DocumentStatus.REQUESTED)
    reason = models.CharField("alasan", max_length=500, blank=True)

    objects = DocumentItemQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="document_status_known", condition=Q(status__in=DocumentStatus.values)
            ),
            models.CheckConstraint(
                name="document_rejected_with_reason",
                condition=~Q(status=DocumentStatus.REJECTED) | ~Q(reason=""),
                violation_error_message="Alasan wajib diisi apabila dokumen belum sesuai.",
            ),
            models.UniqueConstraint(fields=("request", "name"), name="document_once_per_request"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_outstanding(self) -> bool:
        return self.status in OUTSTANDING_DOCUMENT_STATUSES


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def quarantined(self) -> AttachmentQuerySet:
        return self.filter(IS_QUARANTINED)

    def to_scan(self, now: datetime) -> AttachmentQuerySet:
        """Those whose scan is due at an aware moment, longest waiting first."""
        return self.quarantined().filter(scan_at__lte=now).order_by("scan_at", "pk")

    def infected_and_stored(self) -> AttachmentQuerySet:
        """Those whose content is still to be deleted."""
        return self.filter(IS_INFECTED_AND_STORED)


class Attachment(models.Model):
    """A file of a consultation, stored privately and served only after a permission check.

    While it is in quarantine `scan_at` says when it is scanned next; `finding` names what an infected one held.
    The content of an infected one is deleted, and `file` emptied.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="attachments")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="attachments")
    item = models.ForeignKey(
        DocumentItem, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    file = models.FileField(max_length=200)
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=FileState, default=FileState.READY)
    scan_at = models.DateTimeField(null=True, blank=True)
    finding = models.CharField(max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="attachment_not_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="attachment_sha256_shape", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="attachment_state_whole",
                condition=Q(state=FileState.READY, scan_at__isnull=True, finding="") & ~Q(file="")
                | IS_QUARANTINED & Q(scan_at__isnull=False, finding="") & ~Q(file="")
                | Q(state=FileState.INFECTED, scan_at__isnull=True) & ~Q(finding=""),
            ),
        )
        indexes = (
            models.Index(fields=("scan_at", "id"), condition=IS_QUARANTINED, name="attachment_to_scan"),
            models.Index(fields=("id",), condition=IS_INFECTED_AND_STORED, name="attachment_to_delete"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_ready(self) -> bool:
        """Whether it may be handed out."""
        return self.state == FileState.READY

    @property
    def is_quarantined(self) -> bool:
        return self.state == FileState.QUARANTINED
