"""A question as it is taken down at the desk: who asks, what, and whether it is answered on the spot."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from consultations.attachments import AttachmentsField
from consultations.enums import Channel, Source
from consultations.forms.public import ContactChannelField, OnceForm, offer_channels, require_address
from consultations.lifecycle import Contact, Intake, Resolution
from offices.models import Category
from regulations.models import Regulation
from stakeholders.enums import StakeholderKind
from stakeholders.forms import NipField, PhoneField, PlainTextArea, PlainTextField, SatkerCodeField
from stakeholders.identity import display_phone
from stakeholders.services import remember_satker, satker_by_code, save_stakeholder

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from offices.models import Office
    from stakeholders.models import Satker, Stakeholder

LONGEST_TEXT = 10_000
LONGEST_EMAIL = 254
LARGEST_KEY = 2**63 - 1


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


class IntakeForm(OnceForm):
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
        help_text="Nomor tiket HAI CSO atau nomor surat.",
    )
    name = PlainTextField(label="Nama lengkap", max_length=120)
    kind = forms.ChoiceField(
        label="Jenis stakeholder", choices=StakeholderKind.choices, initial=StakeholderKind.SATKER
    )
    satker_code = SatkerCodeField(required=False)
    satker_name = PlainTextField(
        label="Nama satker",
        max_length=160,
        required=False,
        help_text="Diisi hanya bila kode belum ada dalam daftar.",
    )
    organisation = PlainTextField(label="Instansi/lembaga", max_length=160, required=False)
    phone = PhoneField(required=False)
    email = forms.EmailField(label="Surel", max_length=LONGEST_EMAIL, required=False)
    role = PlainTextField(
        label="Peran/jabatan",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "roles", "autocomplete": "off"}),
    )
    nip = NipField(label="NIP (bila ada)", required=False)
    contact_name = PlainTextField(label="Nama kontak person", max_length=120, required=False)
    contact_phone = PhoneField(label="Telepon kontak person", required=False)
    contact_email = forms.EmailField(label="Surel kontak person", max_length=LONGEST_EMAIL, required=False)
    channel = ContactChannelField()
    category = forms.ModelChoiceField(Category.objects.none(), label="Kategori", empty_label="Pilih kategori")
    question = PlainTextArea(
        label="Pertanyaan", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5})
    )
    attachments = AttachmentsField(required=False)
    outcome = forms.ChoiceField(label="Jawaban sudah tersedia?", choices=Outcome, widget=forms.RadioSelect)
    answer = PlainTextArea(
        label="Jawaban yang disampaikan",
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    regulations = forms.ModelMultipleChoiceField(Regulation.objects.defer("search"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        office: Office,
        now: datetime,
        may_answer: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial={"received_at": now, **(initial or {})})
        self.office, self.now = office, now
        self.satker: Satker | None = None
        offer_channels(self, office)
        category, received_at = self.fields["category"], self.fields["received_at"]
        assert isinstance(category, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        assert isinstance(received_at, MomentField)  # noqa: S101 (same)
        category.queryset = Category.objects.filter(office=office).offered()
        received_at.zone = office.zone
        received_at.label = f"Waktu diterima ({office.zone_label})"
        if not may_answer:
            for name in ("outcome", "answer", "regulations"):
                del self.fields[name]

    @property
    def chosen_category(self) -> Category | None:
        """The category chosen so far, whether or not the form was sent; None for anything that is not offered."""
        with suppress(ValidationError):
            category: Category | None = self.fields["category"].to_python(self["category"].value())
            return category
        return None

    @property
    def ticked_regulations(self) -> list[str]:
        """The keys of the regulations ticked so far, as they were sent."""
        return self["regulations"].value() or [] if "regulations" in self.fields else []

    def clean_received_at(self) -> datetime:
        moment: datetime = self.cleaned_data["received_at"]
        if moment > self.now:
            raise ValidationError("Waktu diterima tidak boleh di masa depan.", code="future")
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == StakeholderKind.SATKER:
            self._clean_satker(cleaned)
        self._clean_contact(cleaned)
        if (
            cleaned.get("outcome") == Outcome.ANSWERED
            and not cleaned.get("answer")
            and not self.has_error("answer")
        ):
            self.add_error("answer", "Jawaban wajib diisi bila konsultasi selesai di tempat.")
        return cleaned

    def _clean_satker(self, cleaned: dict[str, Any]) -> None:
        code = cleaned.get("satker_code")
        if not code:
            if not self.has_error("satker_code"):
                self.add_error("satker_code", "Kode satker wajib diisi.")
            return
        self.satker = satker_by_code(code)
        if self.satker is None and not cleaned.get("satker_name") and not self.has_error("satker_name"):
            self.add_error("satker_name", "Kode ini belum ada dalam daftar. Mohon isi nama satkernya.")

    def _clean_contact(self, cleaned: dict[str, Any]) -> None:
        """Somebody must be reachable for a follow-up (step 7b), and for whatever was not asked face to face."""
        if self._names_another and not cleaned.get("contact_name") and not self.has_error("contact_name"):
            self.add_error("contact_name", "Nama kontak person wajib diisi.")
        source = cleaned.get("source")
        is_online = source is not None and Source(source).channel == Channel.ONLINE
        fields = ("contact_phone", "contact_email") if self._names_another else ("phone", "email")
        if (is_online or cleaned.get("outcome") == Outcome.FOLLOW_UP) and not any(
            cleaned.get(field) or self.has_error(field) for field in fields
        ):
            self.add_error(fields[0], "Isi nomor telepon atau surel, agar jawaban dapat disampaikan.")
        require_address(self, phone=fields[0], email=fields[1])

    @property
    def _names_another(self) -> bool:
        """Whether the contact person is somebody else than who asks."""
        return any(
            self.data.get(name, "").strip() for name in ("contact_name", "contact_phone", "contact_email")
        )

    def save_stakeholder(self) -> Stakeholder:
        """The person who asks, as the office knows them from now on."""
        wanted = {name: self.cleaned_data[name] for name in ("kind", "name", "role", "phone", "email", "nip")}
        if wanted["kind"] == StakeholderKind.SATKER:
            satker = self.satker or remember_satker(
                self.cleaned_data["satker_code"], self.cleaned_data["satker_name"]
            )
            return save_stakeholder(self.office, satker=satker, now=self.now, by_officer=True, **wanted)
        organisation = self.cleaned_data["organisation"]
        return save_stakeholder(
            self.office, organisation=organisation, now=self.now, by_officer=True, **wanted
        )

    def intake(self, stakeholder: Stakeholder) -> Intake:
        cleaned = self.cleaned_data
        prefix = "contact_" if self._names_another else ""
        return Intake(
            source=Source(cleaned["source"]),
            category=cleaned["category"],
            stakeholder=stakeholder,
            contact=Contact(
                cleaned[f"{prefix}name"],
                cleaned[f"{prefix}phone"],
                cleaned[f"{prefix}email"],
                cleaned.get("channel", ""),
            ),
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


class LookupForm(forms.Form):
    """What is searched for, or who was chosen among what was found."""

    cari = forms.CharField(max_length=100, required=False)
    orang = forms.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False)
    satker = SatkerCodeField(required=False)


def details_of(person: Stakeholder) -> dict[str, str]:
    """The intake form's identity, filled from a person the office knows."""
    return {
        "kind": person.kind,
        "name": person.name,
        "phone": display_phone(person.phone),
        "email": person.email,
        "role": person.role,
        "nip": person.nip,
        "organisation": person.organisation,
        **details_of_satker(person.satker),
    }


def details_of_satker(satker: Satker | None) -> dict[str, str]:
    """The intake form's satker fields, blank without a satker."""
    return {
        "satker_code": satker.code if satker else "",
        "satker_name": satker.name if satker else "",
    }
