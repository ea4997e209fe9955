"""The outbox: every message the desk sends, written in the transaction of the act that causes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from notifications.enums import LetterKind, MessageChannel, MessageStatus
from offices.models import Office, Staff
from offices.rights import Right

if TYPE_CHECKING:
    from datetime import datetime

    from offices.duties import Duties


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, duties: Duties) -> MessageQuerySet:
        """The messages of the staff member's own office, for those who may read its consultations."""
        return self.filter(office=duties.office_id) if duties.may(Right.READ_CONSULTATIONS) else self.none()

    def due(self, now: datetime) -> MessageQuerySet:
        """Waiting to be sent at an aware moment, longest waiting first."""
        return self.filter(status=MessageStatus.QUEUED, next_attempt_at__lte=now).order_by(
            "next_attempt_at", "pk"
        )


class Message(models.Model):
    """One message to one recipient.

    `dedupe_key` names the occasion ("MTR-2026-000123:received:4711"): a second row for it is never stored.
    `next_attempt_at` is set while the message waits; `sent_at` once it left; `last_error` says why it did not, `failed_at`
    when it last failed for good, also after somebody had it sent again.
    `links` says what the private links of the body open (`notifications.links`); their keys are stored nowhere.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # proof that a promise was kept
        db_index=False,  # the composite indexes begin with it
        related_name="messages",
        verbose_name="kantor",
    )
    channel = models.CharField("saluran", max_length=12, choices=MessageChannel, default=MessageChannel.EMAIL)
    kind = models.CharField("peristiwa", max_length=40)
    reference = models.CharField("nomor konsultasi", max_length=40, blank=True)
    recipient = models.CharField("alamat penerima", max_length=254)
    recipient_name = models.CharField("nama penerima", max_length=160, blank=True)
    subject = models.CharField("perihal", max_length=200)
    body = models.TextField("isi")
    links = models.JSONField(default=dict, blank=True, editable=False)
    dedupe_key = models.CharField("kunci sekali kirim", max_length=120)
    status = models.CharField("status", max_length=12, choices=MessageStatus, default=MessageStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    next_attempt_at = models.DateTimeField("percobaan berikutnya", null=True, blank=True)
    last_error = models.CharField("kendala terakhir", max_length=500, blank=True)
    provider_id = models.CharField("nomor pesan pada saluran", max_length=200, blank=True)
    created_at = models.DateTimeField("dibuat")
    sent_at = models.DateTimeField("terkirim", null=True, blank=True)
    failed_at = models.DateTimeField("gagal", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "pesan"
        verbose_name_plural = "pesan"
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("dedupe_key",),
                name="message_once_per_occasion",
                violation_error_message="Pesan untuk peristiwa ini sudah ada.",
            ),
            models.CheckConstraint(
                name="message_channel_known",
                condition=Q(channel__in=MessageChannel.values),
                violation_error_message="Saluran pesan tidak dikenal.",
            ),
            models.CheckConstraint(
                name="message_status_known",
                condition=Q(status__in=MessageStatus.values),
                violation_error_message="Status pesan tidak dikenal.",
            ),
            models.CheckConstraint(
                name="message_sent_exactly_when_it_has_a_moment",
                condition=Q(status=MessageStatus.SENT, sent_at__isnull=False)
                | (~Q(status=MessageStatus.SENT) & Q(sent_at__isnull=True)),
                violation_error_message="Pesan terkirim memiliki waktu kirim, pesan lain tidak.",
            ),
            models.CheckConstraint(
                name="message_queued_exactly_when_it_has_a_next_attempt",
                condition=Q(status=MessageStatus.QUEUED, next_attempt_at__isnull=False)
                | (~Q(status=MessageStatus.QUEUED) & Q(next_attempt_at__isnull=True)),
                violation_error_message="Hanya pesan yang antre memiliki waktu percobaan berikutnya.",
            ),
            models.CheckConstraint(
                name="message_failed_has_a_reason",
                condition=~Q(status=MessageStatus.FAILED) | ~Q(last_error=""),
                violation_error_message="Pesan yang gagal memiliki alasan.",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_attempt_at", "id"),
                name="message_queued",
                condition=Q(status=MessageStatus.QUEUED),
            ),
            models.Index(fields=("office", "-id"), name="message_office"),
            models.Index(fields=("office", "status", "-id"), name="message_office_status"),
            models.Index(fields=("office", "reference"), name="message_reference"),
        )

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"

    @property
    def is_to_stakeholder(self) -> bool:
        """Whether it went to the contact person of a consultation; its occasion says so."""
        return self.dedupe_key.endswith(":stakeholder")


class DigestDay(models.Model):
    """That an office's people were sent their morning digests on a local date, or had none coming."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="digest_days")
    on = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("office", "on"), name="digest_day_once"),)

    def __str__(self) -> str:
        return f"{self.office_id}: {self.on}"


class MessageText(models.Model):
    """How one office words one kind of message, with `{nomor}`-like placeholders; without a row the default serves."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="message_texts", verbose_name="kantor"
    )
    kind = models.CharField("peristiwa", max_length=40, choices=LetterKind)
    subject = models.CharField("perihal", max_length=150)
    body = models.TextField("isi", max_length=5000)

    class Meta:
        verbose_name = "teks pesan"
        verbose_name_plural = "teks pesan"
        constraints = (
            models.UniqueConstraint(
                fields=("office", "kind"),
                name="message_text_once",
                violation_error_message="Teks untuk peristiwa ini sudah ada di kantor ini.",
            ),
            models.CheckConstraint(
                name="message_text_kind_known",
                condition=Q(kind__in=LetterKind.values),
                violation_error_message="Peristiwa ini tidak dikenal.",
            ),
            models.CheckConstraint(
                name="message_text_not_empty",
                condition=~Q(subject="") & ~Q(body=""),
                violation_error_message="Perihal dan isi wajib diisi.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.office_id})"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, staff: Staff) -> NoticeQuerySet:
        """One's own, of the office one works in now."""
        return self.filter(recipient=staff, office=staff.office_id)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """What one staff member is told inside the desk: `url` is the page it is about, `reference` its consultation.

    `dedupe_key` names the occasion and the person; a second row for it is never stored.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.CASCADE,  # a hint, no evidence: the timeline and the messages hold that
        db_index=False,  # no page asks by office alone
        related_name="notices",
    )
    recipient = models.ForeignKey(
        Staff,
        on_delete=models.CASCADE,  # as above
        db_index=False,  # the composite index begins with it
        related_name="notices",
    )
    reference = models.CharField("nomor konsultasi", max_length=40)
    title = models.CharField("judul", max_length=200)
    text = models.CharField("perihal", max_length=200, blank=True)
    url = models.CharField("alamat halaman", max_length=200)
    dedupe_key = models.CharField("kunci sekali tulis", max_length=120)
    at = models.DateTimeField("ditulis")
    read_at = models.DateTimeField("dibaca", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "pemberitahuan"
        verbose_name_plural = "pemberitahuan"
        constraints = (
            models.UniqueConstraint(
                fields=("dedupe_key",),
                name="notice_once_per_occasion",
                violation_error_message="Pemberitahuan untuk peristiwa ini sudah ada.",
            ),
            models.CheckConstraint(
                name="notice_leads_within_the_desk",
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"),
                violation_error_message="Pemberitahuan hanya membuka halaman aplikasi ini.",
            ),
        )
        indexes = (
            models.Index(fields=("recipient", "-id"), name="notice_latest"),
            models.Index(
                fields=("recipient", "office"), condition=Q(read_at__isnull=True), name="notice_unread"
            ),
            models.Index(fields=("read_at",), condition=Q(read_at__isnull=False), name="notice_read"),
        )

    def __str__(self) -> str:
        return f"{self.title} → {self.recipient_id}"
