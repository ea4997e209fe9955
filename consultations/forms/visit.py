"""Who asks, whom to reach, and what they ask: the part that all forms filled in beside a visitor share."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from consultations.attachments import AttachmentsField, FilesForm
from consultations.forms.public import ContactChannelField, offer_channels, require_address
from consultations.lifecycle import Contact
from offices.models import Category
from regulations.models import Regulation
from stakeholders.enums import StakeholderKind
from stakeholders.forms import NameField, NipField, PhoneField, PlainTextArea, SatkerCodeField
from stakeholders.services import remember_satker, satker_by_code, save_stakeholder

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from offices.models import Office
    from stakeholders.models import Satker, Stakeholder

LONGEST_TEXT = 10_000
LONGEST_EMAIL = 254


class VisitForm(FilesForm):
    """`is_answered` and `is_followed_up` say what the officer has chosen; each makes its own fields duties."""

    name = NameField(label="Nama lengkap", max_length=120)
    kind = forms.ChoiceField(
        label="Jenis stakeholder", choices=StakeholderKind.choices, initial=StakeholderKind.SATKER
    )
    satker_code = SatkerCodeField(required=False)
    satker_name = NameField(
        label="Nama satker",
        max_length=160,
        required=False,
        help_text="Diisi hanya bila kode belum ada dalam daftar.",
    )
    organisation = NameField(label="Instansi/lembaga", max_length=160, required=False)
    phone = PhoneField(required=False)
    email = forms.EmailField(label="Surel", max_length=LONGEST_EMAIL, required=False)
    role = NameField(
        label="Peran/jabatan",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "roles", "autocomplete": "off"}),
    )
    nip = NipField(label="NIP (bila ada)", required=False)
    contact_name = NameField(label="Nama kontak person", max_length=120, required=False)
    contact_phone = PhoneField(label="Telepon kontak person", required=False)
    contact_email = forms.EmailField(label="Surel kontak person", max_length=LONGEST_EMAIL, required=False)
    channel = ContactChannelField()
    category = forms.ModelChoiceField(Category.objects.none(), label="Kategori", empty_label="Pilih kategori")
    question = PlainTextArea(
        label="Pertanyaan", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5})
    )
    attachments = AttachmentsField(required=False)
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
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.office, self.now = office, now
        self.satker: Satker | None = None
        offer_channels(self, office)
        category = self.fields["category"]
        assert isinstance(category, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        category.queryset = Category.objects.filter(office=office).offered()

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

    @property
    def is_answered(self) -> bool:
        """Whether the answer is given on the spot."""
        raise NotImplementedError

    @property
    def is_followed_up(self) -> bool:
        """Whether the stakeholder is to be reached later."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == StakeholderKind.SATKER:
            self._clean_satker(cleaned)
        self._clean_contact(cleaned)
        if self.is_answered and not cleaned.get("answer") and not self.has_error("answer"):
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
        fields = ("contact_phone", "contact_email") if self._names_another else ("phone", "email")
        if self.is_followed_up and not any(cleaned.get(field) or self.has_error(field) for field in fields):
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

    def contact(self) -> Contact:
        """Whom to reach: who asks, unless another contact person is named."""
        cleaned = self.cleaned_data
        prefix = "contact_" if self._names_another else ""
        return Contact(
            cleaned[f"{prefix}name"],
            cleaned[f"{prefix}phone"],
            cleaned[f"{prefix}email"],
            cleaned.get("channel", ""),
        )
