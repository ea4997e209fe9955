"""What a stakeholder fills in: the question, a message on an asked one, and the way back to it."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID, uuid4, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.urls import reverse

from consultations.asked import Asked
from consultations.attachments import AttachmentsField, FilesForm
from consultations.crowding import tries_for
from consultations.enums import ContactChannel, Status
from consultations.lifecycle import NO_CONTACT, Contact
from consultations.proof import issue
from consultations.reach import sending_channels
from consultations.submissions import Submission
from stakeholders.enums import StakeholderKind
from stakeholders.forms import NameField, PhoneField, PlainTextArea, PlainTextField, SatkerCodeField
from stakeholders.identity import has_whatsapp, parse_phone

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.models import Consultation, ConsultationQuerySet, DocumentItem
    from offices.models import Category, Office

MAX_TEXT = 5_000
NUMBER = re.compile(r"[A-Z]{2,6}-[0-9]{4}-[0-9]{6}")
# The pages that a link of ours opens, each with the token in its address; a tracking token may stand alone.
LINKS = {
    "my_consultations": re.compile(r".*/lacak/saya/([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)(?:/.*)?", re.DOTALL),
    "rate_answer": re.compile(r".*/lacak/nilai/([A-Za-z0-9-]+\.[A-Za-z0-9_-]+)(?:/.*)?", re.DOTALL),
    "held_receipt": re.compile(r".*/lacak/tertahan/([A-Za-z0-9_-]{22})(?:/.*)?", re.DOTALL),
    "track": re.compile(r"(?:.*/lacak/)?([A-Za-z0-9_-]{22})(?:/.*)?", re.DOTALL),
}
ORGANISED = (
    StakeholderKind.PEMDA,
    StakeholderKind.BANK_POS,
    StakeholderKind.PENYEDIA,
    StakeholderKind.UNIT_KEMENKEU,
)


class ContactChannelField(forms.ChoiceField):
    """Where news goes, among the channels the office sends through."""

    def __init__(self) -> None:
        super().__init__(
            label="Kabar dikirim melalui",
            choices=ContactChannel.choices,
            required=False,
            widget=forms.RadioSelect,
        )


def offer_channels(form: forms.Form, office: Office) -> None:
    """Let the form's `channel` choose among what the office sends through; with one channel nothing is asked."""
    field = form.fields["channel"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
    field.choices = [(channel.value, channel.label) for channel in sending_channels(office)]
    if len(field.choices) < 2:  # noqa: PLR2004 (a choice needs two)
        del form.fields["channel"]


def require_address(form: forms.Form, *, phone: str, email: str) -> None:
    """The channel chosen needs its address; `phone` and `email` name the fields that hold them."""
    chosen, given = form.cleaned_data.get("channel"), form.cleaned_data
    if chosen == ContactChannel.EMAIL and not given.get(email) and not form.has_error(email):
        form.add_error(email, ValidationError("Isi alamat surel untuk menerima kabar.", code="channel"))
    number = given.get(phone, "")
    if chosen == ContactChannel.WHATSAPP and not has_whatsapp(number) and not form.has_error(phone):
        form.add_error(
            phone,
            ValidationError("Isi nomor ponsel yang memakai WhatsApp untuk menerima kabar.", code="channel"),
        )


class OnceForm(forms.Form):
    """A form whose page carries a number of its own, so that sending it twice does its work once."""

    page = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    unwritten: ClassVar[frozenset[str]] = frozenset()  # fields that no person fills in

    @property
    def submission_id(self) -> UUID:
        """Of the page and what was written on it: a second click gives the same, an edited text another."""
        written = sorted(item for item in self.cleaned_data.items() if item[0] not in self.unwritten)
        said = [f"{name}={_identity(value)}" for name, value in written]
        return uuid5(self.cleaned_data["page"], "\n".join(said))


def _identity(value: Any) -> Any:
    return [file.sha256 for file in value] if isinstance(value, list) else value


class WorkForm(OnceForm):
    """A form with which the browser brings a little work, judged by `proof.doubts_about_work`."""

    # Bare fields: whatever a program writes into them is a reason to look closer, never an error.
    challenge = forms.Field(required=False, widget=forms.HiddenInput)
    solution = forms.Field(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    unwritten = frozenset({"challenge", "solution"})

    @property
    def work(self) -> dict[str, str]:
        """What the browser brought, of a valid form."""
        return {name: self.cleaned_data[name] or "" for name in ("challenge", "solution")}


class TopicForm(FilesForm, OnceForm):
    """A question on one topic to an office, from somebody known."""

    category = forms.TypedChoiceField(label="Kategori pertanyaan")
    question = PlainTextArea(
        label="Pertanyaan atau permasalahan",
        max_length=MAX_TEXT,
        help_text="Satu pokok masalah dalam satu konsultasi. Mohon tidak menuliskan kata sandi, PIN, atau OTP.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    attachments = AttachmentsField(required=False)

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = {category.code: category for category in office.categories.offered()}
        field = self.fields["category"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        field.choices = [
            ("", "Pilih kategori"),
            *((category.code, category.name) for category in self.categories.values()),
        ]
        field.coerce = self.categories.__getitem__
        field.widget.attrs |= {
            "hx-get": reverse("public_form", args=[office.slug]),
            "hx-trigger": "change",
            "hx-target": "#documents",
        }

    @property
    def chosen_category(self) -> Category | None:
        return self.categories.get(self["category"].value() or "")


class ConsultationForm(WorkForm, TopicForm):
    """A question to an office, with who asks and how they are reached."""

    kind = forms.ChoiceField(
        label="Bapak/Ibu mewakili", choices=[("", "Pilih salah satu"), *StakeholderKind.choices]
    )
    satker_code = SatkerCodeField(required=False, help_text="6 digit, contoh 123456.")
    satker_name = NameField(label="Nama satker", max_length=160, required=False)
    organisation = NameField(label="Nama instansi/lembaga/perusahaan", max_length=160, required=False)
    name = NameField(
        label="Nama lengkap", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    role = NameField(
        label="Peran/jabatan",
        max_length=60,
        required=False,
        help_text="Pilih dari saran atau ketik sendiri.",
        widget=forms.TextInput(attrs={"list": "roles", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="Alamat surel",
        max_length=254,
        required=False,
        help_text="Perkembangan dan jawaban kami kirim ke surel ini.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PhoneField(required=False, help_text="Contoh 081234567890.")
    channel = ContactChannelField()
    note = forms.Field(
        label="Kosongkan kolom ini",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    unwritten = WorkForm.unwritten | {"note"}

    field_order = (
        "page",
        "kind",
        "satker_code",
        "satker_name",
        "organisation",
        "name",
        "role",
        "email",
        "phone",
        "channel",
    )

    def __init__(self, *args: Any, office: Office, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, office=office, **kwargs)
        self.fields["challenge"].initial = issue(now, tries_for(office))
        offer_channels(self, office)
        self._ask_for_what_reaches(office)

    def _ask_for_what_reaches(self, office: Office) -> None:
        """Promise mail where the office sends it; elsewhere a telephone number is what reaches who asks."""
        email, phone = self.fields["email"], self.fields["phone"]
        if "channel" in self.fields:
            email.help_text = "Perkembangan dan jawaban dapat kami kirim ke surel ini."
        elif ContactChannel.EMAIL not in sending_channels(office):
            email.help_text = "Kantor ini belum berkirim surel."
            phone.required = True
            phone.error_messages["required"] = (
                "Kantor ini belum berkirim surel. Mohon isi nomor telepon agar petugas dapat menghubungi Bapak/Ibu."
            )

    @property
    def marks(self) -> dict[str, str]:
        """What tells a person's browser from a program, of a valid form."""
        return {"trap": self.cleaned_data["note"] or "", **self.work}

    def ask_for_work_anew(self, office: Office, now: datetime) -> None:
        """The work was spent on a sending that is refused: what is corrected brings another."""
        assert isinstance(self.data, QueryDict)  # noqa: S101 (for the type checker)
        data = self.data.copy()
        data["challenge"], data["solution"] = issue(now, tries_for(office)), ""
        self.data = data

    def submission(self, now: datetime) -> Submission:
        """What a complete form asks for, sent now; its files are opened once the form is valid."""
        said = self.cleaned_data
        return Submission(
            asked=Asked(**{field.name: said.get(field.name, "") for field in fields(Asked)}),
            category=said["category"],
            submission_id=self.submission_id,
            submitted_at=now,
            files=said["attachments"],
        )

    def clean(self) -> dict[str, Any]:
        self._keep_what_fits_the_kind()
        reached = {"phone", "email"} & {*self.errors, *filter(self.cleaned_data.get, self.cleaned_data)}
        if not reached:
            self.add_error(
                "email",
                ValidationError(
                    "Isi alamat surel atau nomor telepon, agar jawaban dapat kami sampaikan.", code="contact"
                ),
            )
        require_address(self, phone="phone", email="email")
        return self.cleaned_data

    def _keep_what_fits_the_kind(self) -> None:
        """Ask for what the kind needs, and forget what was typed before another kind was chosen."""
        kind = self.cleaned_data.get("kind")
        if kind is None:
            return
        needed = {"organisation"} if kind in ORGANISED else set()
        if kind == StakeholderKind.SATKER:
            needed = {"satker_code", "satker_name"}
        for name in ("satker_code", "satker_name", "organisation"):
            if name in needed:
                if not self.cleaned_data.get(name) and name not in self.errors:
                    message = self.fields[name].error_messages["required"]
                    self.add_error(name, ValidationError(message, code="required"))
            elif name != "organisation" or kind != StakeholderKind.LAINNYA:
                self.errors.pop(name, None)
                self.cleaned_data[name] = ""


class MessageForm(FilesForm, OnceForm):
    """What a stakeholder adds to a consultation: a message, why it is reopened, or a further question."""

    text = PlainTextArea(max_length=MAX_TEXT, label="Pesan", widget=forms.Textarea(attrs={"rows": 5}))
    attachments = AttachmentsField(required=False)
    asks_for_contact = False


class ReopenForm(MessageForm):
    """Why a consultation is opened again; whoever was answered on the spot says now how they are reached."""

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consultation = consultation
        self.asks_for_contact = consultation.status == Status.RESOLVED and not consultation.has_contact
        if self.asks_for_contact:
            self.fields["phone"] = PhoneField(required=False, help_text="Contoh 081234567890.")
            self.fields["email"] = forms.EmailField(label="Alamat surel", max_length=254, required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        is_given = any(said.get(name) or self.has_error(name) for name in ("phone", "email"))
        if self.asks_for_contact and not is_given:
            self.add_error("phone", ValidationError(NO_CONTACT, code="contact"))
        return said

    @property
    def contact(self) -> Contact | None:
        """The contact person given now; None where one is known."""
        if not self.asks_for_contact:
            return None
        return Contact(self.consultation.contact_name, self.cleaned_data["phone"], self.cleaned_data["email"])


class UploadForm(FilesForm, OnceForm):
    """What a stakeholder sends for one document that was asked for."""

    attachments = AttachmentsField()

    def __init__(self, item: DocumentItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"id_{item.pk}_%s"})
        self.item = item
        self.fields["attachments"].label = f"Berkas {item.name}"


class AddressField(PlainTextField):
    """An e-mail address, cleaned to small letters, or a telephone number, cleaned to E.164."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, max_length=254)

    def clean(self, value: Any) -> str:
        contact: str = super().clean(value)
        if "@" not in contact:
            return parse_phone(contact)
        validate_email(contact)
        return contact.lower()


class FindForm(forms.Form):
    """The number of a consultation and a contact given with it, cleaned to how both are stored."""

    number = PlainTextField(
        label="Nomor konsultasi",
        max_length=40,
        help_text="Contoh MTR-2026-000123.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    contact = AddressField(label="Surel atau nomor telepon yang dicantumkan")

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].upper()
        if not NUMBER.fullmatch(number):
            raise ValidationError("Nomor konsultasi belum sesuai, contoh MTR-2026-000123.", code="number")
        return number


class ListForm(forms.Form):
    """Whose list of consultations is to be sent."""

    mine = AddressField(label="Surel atau nomor WhatsApp Bapak/Ibu")


class ListPlace(forms.Form):
    """A place in a list of consultations, latest first. A value that makes no sense is none."""

    sebelum = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)

    @property
    def key(self) -> int | None:
        """The key of the consultation at that place."""
        self.is_valid()
        found: int | None = self.cleaned_data.get("sebelum")
        return found

    def filter(self, consultations: ConsultationQuerySet) -> ConsultationQuerySet:
        """Those asked before the one at the place."""
        if self.key:
            consultations = consultations.filter(pk__lt=self.key)
        return consultations.order_by("-pk")


class LinkForm(forms.Form):
    """A link of ours, or the token of a tracking link, cleaned to the name of the page it opens and the token."""

    link = forms.CharField(
        label="Tautan pelacakan", max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_link(self) -> tuple[str, str]:
        for page, link in LINKS.items():
            if found := link.fullmatch(self.cleaned_data["link"]):
                return page, found.group(1)
        raise ValidationError(
            "Tautan belum lengkap. Silakan salin seluruh tautan dari tanda terima atau surel kami.",
            code="link",
        )
