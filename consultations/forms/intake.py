"""A question as it is taken down at the desk: through which way it came, when, and whether it is answered at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from consultations.enums import Channel, Source
from consultations.forms.public import OnceForm
from consultations.forms.visit import VisitForm
from consultations.lifecycle import Intake, Resolution
from stakeholders.forms import PlainTextField

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from stakeholders.models import Stakeholder


class Outcome(models.TextChoices):
    """What the officer has at the end of the conversation."""

    ANSWERED = "selesai", "Sudah, selesai di tempat"
    FOLLOW_UP = "tindak_lanjut", "Belum, perlu tindak lanjut"


class MomentField(forms.DateTimeField):
    """A moment to the minute, typed and shown as on the wall of a zone."""

    zone: ZoneInfo
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().prepare_value(value)


class IntakeForm(OnceForm, VisitForm):
    """All of it on one screen. A receptionist takes the question down only: `may_answer` is for officers."""

    source = forms.ChoiceField(
        label="Disampaikan melalui",
        choices=[choice for choice in Source.choices if choice[0] != Source.FORM],
        initial=Source.COUNTER,
        widget=forms.RadioSelect,
    )
    received_at = MomentField(label="Waktu diterima")
    external_reference = PlainTextField(
        label="Nomor referensi",
        max_length=60,
        required=False,
        help_text="Nomor tiket HAI CSO atau nomor surat. Surat bernomor sama dari pengirim lain ditulis beserta nama pengirimnya.",
    )
    outcome = forms.ChoiceField(label="Jawaban sudah tersedia?", choices=Outcome, widget=forms.RadioSelect)
    field_order = ("page", "source", "received_at", "external_reference")

    def __init__(
        self,
        *data: Any,
        now: datetime,
        may_answer: bool,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*data, now=now, initial={"received_at": now, **(initial or {})}, **kwargs)
        received_at = self.fields["received_at"]
        assert isinstance(received_at, MomentField)  # noqa: S101 (for the type checker)
        received_at.zone = self.office.zone
        received_at.label = f"Waktu diterima ({self.office.zone_label})"
        if not may_answer:
            for name in ("outcome", "answer", "regulations"):
                del self.fields[name]

    @property
    def is_answered(self) -> bool:
        return self.cleaned_data.get("outcome") == Outcome.ANSWERED

    @property
    def is_followed_up(self) -> bool:
        """Also when it was not asked face to face, and when an officer is still to answer it."""
        source = self.cleaned_data.get("source")
        is_online = source is not None and Source(source).channel == Channel.ONLINE
        return (
            is_online or "outcome" not in self.fields or self.cleaned_data.get("outcome") == Outcome.FOLLOW_UP
        )

    def clean_received_at(self) -> datetime:
        moment: datetime = self.cleaned_data["received_at"]
        if moment > self.now:
            raise ValidationError("Waktu diterima tidak boleh di masa depan.", code="future")
        return moment

    def intake(self, stakeholder: Stakeholder) -> Intake:
        cleaned = self.cleaned_data
        return Intake(
            source=Source(cleaned["source"]),
            category=cleaned["category"],
            stakeholder=stakeholder,
            contact=self.contact(),
            question=cleaned["question"],
            received_at=cleaned["received_at"],
            external_reference=cleaned["external_reference"],
            submission_id=self.submission_id,
            files=cleaned["attachments"],
        )

    def resolution(self) -> Resolution | None:
        """The answer given on the spot; None when the question needs a follow-up."""
        if self.cleaned_data["outcome"] != Outcome.ANSWERED:
            return None
        return Resolution(self.cleaned_data["answer"], list(self.cleaned_data["regulations"]))
