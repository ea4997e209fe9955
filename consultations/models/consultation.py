"""A consultation: the question, its contact, its state, and how it belongs to others."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.urls import reverse

from consultations.enums import OPEN_STATUSES, Channel, ContactChannel, LinkKind, News, Source, Status
from offices.models import Category, Office, ServiceStandard, Staff
from offices.rights import Right
from stakeholders.models import Stakeholder

if TYPE_CHECKING:
    from datetime import date, datetime

    from offices.duties import Duties

IS_OPEN = Q(status__in=OPEN_STATUSES)
HAS_CONTACT = ~Q(contact_phone="", contact_email="")


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, duties: Duties) -> ConsultationQuerySet:
        """What a staff member may read: their own office's, when their role reads consultations at all."""
        if not duties.may(Right.READ_CONSULTATIONS):
            return self.none()
        return self.filter(office_id=duties.office_id)

    def of_contact(self, contact: str) -> ConsultationQuerySet:
        """Asked with an e-mail address, given in small letters, or a telephone number in E.164."""
        if "@" in contact:
            return self.alias(contact_email_lower=Lower("contact_email")).filter(contact_email_lower=contact)
        return self.filter(contact_phone=contact)

    def referring_to(self, source: str, reference: str) -> ConsultationQuerySet:
        """Come in through a source that gave it this number of its own, in whatever letters."""
        return self.filter(source=source, external_reference__iexact=reference).exclude(external_reference="")

    def open(self) -> ConsultationQuerySet:
        return self.filter(IS_OPEN)

    def with_parts(self) -> ConsultationQuerySet:
        """With everything an act looks at."""
        return self.select_related("office", "category__unit", "standard", "stakeholder", "officer")

    def lock(self, *, skip_locked: bool = False) -> list[Consultation]:
        """These rows, held until the transaction ends, as they stand now; by primary key, two queries.

        Rows held elsewhere are waited for, or with `skip_locked` left out.
        They are locked bare and read afterwards: a lock that had to wait would otherwise come back with the parts
        that the row had before. Rows that only refer to them are not held up.
        """
        held = (
            self.select_for_update(no_key=True, skip_locked=skip_locked)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        return list(Consultation.objects.with_parts().in_bulk(list(held)).values())

    def overdue(self, now: datetime) -> ConsultationQuerySet:
        """Unanswered past the due moment."""
        return self.filter(IS_OPEN, due_at__lt=now)

    def due_between(self, start: datetime, end: datetime) -> ConsultationQuerySet:
        """Unanswered and due from start (included) to end (excluded)."""
        return self.filter(IS_OPEN, due_at__gte=start, due_at__lt=end)

    def to_call(self) -> ConsultationQuerySet:
        """There is news that no message could bring, and no officer has recorded the call yet."""
        return self.filter(to_call_since__isnull=False)

    def with_news(self) -> ConsultationQuerySet:
        """Something has come in and no officer has acted since."""
        return self.filter(news_since__isnull=False)

    def owing_progress(self, today: date) -> ConsultationQuerySet:
        """Unanswered, progress owed by an office local date, and none given since the last one was due."""
        return self.filter(
            IS_OPEN,
            Q(last_progress_on__isnull=True) | Q(last_progress_on__lte=F("progress_settled_on")),
            progress_due_on__lte=today,
        )


class Consultation(models.Model):
    """One question and its way to an answer. Written only by the functions of `lifecycle`."""

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # a consultation is evidence that a public promise was kept
        related_name="consultations",
    )
    number = models.CharField("nomor", max_length=20, unique=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key_version = models.PositiveSmallIntegerField(default=1, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    submission_id = models.UUIDField(null=True, editable=False)
    channel = models.CharField("saluran", max_length=12, choices=Channel)
    source = models.CharField("sumber", max_length=12, choices=Source)
    external_reference = models.CharField("nomor referensi luar", max_length=60, blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="consultations")
    standard = models.ForeignKey(
        ServiceStandard,
        on_delete=models.PROTECT,  # the version of the promise it was served under
        related_name="consultations",
    )
    stakeholder = models.ForeignKey(
        Stakeholder,
        on_delete=models.PROTECT,  # identity is the first duty of the standard
        related_name="consultations",
    )
    contact_name = models.CharField("kontak person", max_length=120)
    contact_phone = models.CharField("telepon", max_length=20, blank=True)
    contact_email = models.EmailField("surel", blank=True)
    contact_channel = models.CharField(
        "kabar disampaikan melalui", max_length=12, choices=ContactChannel, default=ContactChannel.PHONE
    )
    to_call_since = models.DateTimeField("perlu dihubungi lewat telepon sejak", null=True, blank=True)
    subject = models.CharField("perihal", max_length=160)
    question = models.TextField("pertanyaan")
    status = models.CharField(max_length=20, choices=Status, default=Status.NEW)
    officer = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="consultations"
    )
    received_at = models.DateTimeField("diterima")
    recorded_at = models.DateTimeField("dicatat")
    promised_at = models.DateTimeField("dijanjikan")
    due_at = models.DateTimeField("batas waktu jawaban")
    late_at = models.DateTimeField("terlambat sejak", null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    progress_settled_on = models.DateField()
    progress_due_on = models.DateField(null=True, blank=True)
    last_progress_on = models.DateField(null=True, blank=True)
    news = ArrayField(
        models.CharField(max_length=20, choices=News), verbose_name="kabar masuk", default=list, blank=True
    )
    news_since = models.DateTimeField("kabar masuk sejak", null=True, blank=True)
    search = models.GeneratedField(
        expression=SearchVector("number", "contact_name", "external_reference", config="simple")
        + SearchVector("subject", "question", config="indonesian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = "konsultasi"
        verbose_name_plural = "konsultasi"
        constraints = (
            models.UniqueConstraint(name="consultation_sent_once", fields=("office", "submission_id")),
            models.UniqueConstraint(
                "office",
                "source",
                Upper("external_reference"),
                name="consultation_reference_once",
                condition=~Q(external_reference=""),
                violation_error_message="Nomor referensi ini sudah tercatat.",
            ),
            models.CheckConstraint(name="consultation_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="consultation_source_known", condition=Q(source__in=Source.values)),
            models.CheckConstraint(
                name="consultation_channel_fits_source",
                condition=Q(channel=Channel.TATAP_MUKA, source=Source.COUNTER)
                | (Q(channel=Channel.ONLINE) & ~Q(source=Source.COUNTER)),
                violation_error_message="Saluran tidak sesuai dengan sumber konsultasi.",
            ),
            models.CheckConstraint(
                name="consultation_contact_for_follow_up",
                condition=HAS_CONTACT
                | Q(channel=Channel.TATAP_MUKA)
                & ~Q(status__in=[Status.AWAITING_DOCUMENTS, Status.ESCALATED]),
                violation_error_message="Telepon atau surel kontak person wajib diisi.",
            ),
            models.CheckConstraint(
                name="consultation_contact_channel_has_address",
                condition=Q(contact_channel=ContactChannel.EMAIL) & ~Q(contact_email="")
                | Q(contact_channel=ContactChannel.WHATSAPP) & ~Q(contact_phone="")
                | Q(contact_channel=ContactChannel.PHONE),
                violation_error_message="Saluran yang dipilih belum memiliki alamat surel atau nomor.",
            ),
            models.CheckConstraint(
                name="consultation_resolved_has_moment",
                condition=~Q(status__in=[Status.RESOLVED, Status.CLOSED]) | Q(resolved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="consultation_ended_has_moment",
                condition=Q(
                    status__in=[Status.CLOSED, Status.REFERRED, Status.CANCELLED], ended_at__isnull=False
                )
                | ~Q(status__in=[Status.CLOSED, Status.REFERRED, Status.CANCELLED])
                & Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="consultation_taken_has_officer",
                condition=Q(status__in=[Status.NEW, Status.CANCELLED, Status.REFERRED])
                | Q(officer__isnull=False),
            ),
            models.CheckConstraint(
                name="consultation_due_after_receipt", condition=Q(due_at__gt=F("received_at"))
            ),
            models.CheckConstraint(
                name="consultation_news_known", condition=Q(news__contained_by=News.values)
            ),
            models.CheckConstraint(
                name="consultation_news_has_moment_while_open",
                condition=Q(news=[], news_since__isnull=True)
                | ~Q(news=[]) & Q(news_since__isnull=False) & IS_OPEN,
            ),
            models.CheckConstraint(
                name="consultation_received_before_recorded",
                condition=Q(received_at__lte=F("recorded_at")),
                violation_error_message="Waktu diterima tidak boleh di masa depan.",
            ),
        )
        indexes = (
            models.Index(fields=("office", "due_at", "id"), condition=IS_OPEN, name="consultation_open_due"),
            models.Index(
                fields=("office", "progress_due_on"), condition=IS_OPEN, name="consultation_open_progress"
            ),
            models.Index(
                fields=("officer", "due_at", "id"), condition=IS_OPEN, name="consultation_open_mine"
            ),
            models.Index(
                fields=("office", "received_at", "id"),
                condition=Q(status=Status.NEW),
                name="consultation_new",
            ),
            models.Index(
                fields=("office", "to_call_since", "id"),
                condition=Q(to_call_since__isnull=False),
                name="consultation_to_call",
            ),
            models.Index(
                fields=("office", "news_since", "id"),
                condition=Q(news_since__isnull=False),
                name="consultation_with_news",
            ),
            models.Index("office", F("received_at").desc(), F("id").desc(), name="consultation_latest"),
            models.Index(
                "office", "status", F("received_at").desc(), F("id").desc(), name="consultation_status_latest"
            ),
            models.Index(Lower("contact_email"), F("id").desc(), name="consultation_contact_email"),
            models.Index("contact_phone", F("id").desc(), name="consultation_contact_phone"),
            GinIndex(fields=("search",), name="consultation_search"),
        )

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("consultation", args=[self.number])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    def owes_progress(self, today: date) -> bool:
        """The same question as `owing_progress` asks of the database."""
        return (
            self.is_open
            and (self.last_progress_on is None or self.last_progress_on <= self.progress_settled_on)
            and self.progress_due_on is not None
            and self.progress_due_on <= today
        )

    @property
    def is_unseen(self) -> bool:
        """Whether it was sent by the public form and no officer has taken it: the contact typed there may be anybody's."""
        return self.source == Source.FORM and self.submission_id is not None and self.officer_id is None

    @property
    def has_contact(self) -> bool:
        return bool(self.contact_phone or self.contact_email)


class Link(models.Model):
    """How one consultation belongs to an earlier one."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="links")
    to = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=12, choices=LinkKind)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("consultation", "to"), name="link_once"),
            models.CheckConstraint(name="link_kind_known", condition=Q(kind__in=LinkKind.values)),
            models.CheckConstraint(name="link_to_another", condition=~Q(consultation=F("to"))),
        )

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.kind} {self.to_id}"


class NumberCounter(models.Model):
    """The last consultation number of an office's year. Its row lock keeps the numbers free of gaps."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="number_counters")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("office", "year"), name="number_counter_once"),)

    def __str__(self) -> str:
        return f"{self.office_id}/{self.year}: {self.last}"
