"""The forms of a ticket, one for each act, and which of them are offered to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from consultations import lifecycle
from consultations.attachments import AttachmentsField, FilesForm
from consultations.enums import Act, LinkKind
from consultations.forms.act import LONGEST_EMAIL, LONGEST_LINE, LONGEST_TEXT, ActForm, area
from consultations.forms.conversation import NoteForm, ProgressForm, ReplyForm, TakeForm, TakeOverForm
from consultations.forms.documents import HandedInForm, ItemForm, RequestDocumentsForm, ReviewForm
from consultations.forms.public import ContactChannelField, offer_channels, require_address
from consultations.lifecycle import Contact
from consultations.models import Consultation
from consultations.transitions import allowed_acts
from offices.models import Category
from regulations.models import Regulation
from stakeholders.forms import NameField, PhoneField, PlainTextArea, PlainTextField
from stakeholders.identity import display_phone

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.actors import Actor


class ResolveForm(FilesForm, ActForm):
    act = Act.RESOLVE
    url_name = "resolve"
    path = "selesai"
    tone = "primary"
    title = "Selesaikan"
    icon = "circle-check"
    button = "Kirim jawaban dan selesaikan"
    done = "Jawaban telah dikirim. Status konsultasi: Selesai (Resolved)."
    done_unsent = "Jawaban telah dicatat. Status konsultasi: Selesai (Resolved). Tidak ada pesan yang dapat dikirim; mohon hubungi stakeholder."

    answer = PlainTextArea(label="Jawaban", max_length=LONGEST_TEXT, widget=area(8))
    regulations = forms.ModelMultipleChoiceField(
        Regulation.objects.defer("search"), label="Dasar peraturan", required=False
    )
    attachments = AttachmentsField(required=False)

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.resolve(
            self.consultation,
            self.cleaned_data["answer"],
            by=by,
            now=now,
            regulations=self.cleaned_data["regulations"],
            files=self.cleaned_data["attachments"],
        )


class ReopenForm(ActForm):
    act = Act.REOPEN
    url_name = "reopen"
    path = "buka-kembali"
    title = "Buka kembali"
    icon = "rotate-ccw"
    button = "Buka kembali"
    done = "Konsultasi dibuka kembali dengan batas waktu baru."

    reason = PlainTextArea(
        label="Alasan dibuka kembali",
        max_length=LONGEST_TEXT,
        help_text="Terlihat oleh stakeholder.",
        widget=area(3),
    )

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.reopen(self.consultation, self.cleaned_data["reason"], by=by, now=now)


class ReferForm(ActForm):
    act = Act.REFER
    url_name = "refer"
    path = "rujuk"
    title = "Rujuk ke instansi lain"
    icon = "signpost"
    button = "Rujuk"
    done = "Konsultasi dirujuk, dan stakeholder diberi tahu."
    done_unsent = "Konsultasi dirujuk. Tidak ada pesan yang dapat dikirim; mohon hubungi stakeholder."

    agency = PlainTextField(
        label="Instansi yang berwenang",
        max_length=LONGEST_LINE,
        widget=forms.TextInput(attrs={"list": "agencies", "autocomplete": "off"}),
    )
    channel = PlainTextField(
        label="Saluran yang dapat dihubungi",
        max_length=LONGEST_LINE,
        help_text="Misalnya alamat situs, nomor telepon, atau loket.",
        widget=forms.TextInput(attrs={"list": "channels", "autocomplete": "off"}),
    )

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        agency, channel = self.cleaned_data["agency"], self.cleaned_data["channel"]
        return lifecycle.refer(self.consultation, agency, channel, by=by, now=now)


class CancelForm(ActForm):
    act = Act.CANCEL
    url_name = "cancel"
    path = "batal"
    title = "Batalkan"
    icon = "ban"
    button = "Batalkan konsultasi"
    done = "Konsultasi dibatalkan."
    tone = "danger"

    reason = PlainTextArea(
        label="Alasan pembatalan",
        max_length=LONGEST_TEXT,
        help_text="Misalnya tercatat dua kali. Alasan ini disampaikan kepada stakeholder.",
        widget=area(3),
    )

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.cancel(self.consultation, self.cleaned_data["reason"], by=by, now=now)


class CategoriseForm(ActForm):
    act = Act.CATEGORISE
    url_name = "categorise"
    path = "kategori"
    title = "Ubah kategori"
    icon = "tag"
    button = "Ubah kategori"
    done = "Kategori telah diubah."

    category = forms.ModelChoiceField(
        Category.objects.none(), label="Kategori yang sesuai", empty_label="Pilih kategori"
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, consultation=consultation, **kwargs)
        self.offer_categories("category")

    def clean_category(self) -> Category:
        category: Category = self.cleaned_data["category"]
        if category.pk == self.consultation.category_id:
            raise ValidationError("Konsultasi ini sudah berkategori tersebut.", code="same")
        return category

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.categorise(self.consultation, self.cleaned_data["category"], by=by, now=now)


class ContactForm(ActForm):
    act = Act.RECORD_CONTACT
    url_name = "record_contact"
    path = "kontak"
    title = "Catat kontak person"
    icon = "contact"
    button = "Simpan kontak"
    done = "Kontak person telah dicatat."

    name = NameField(label="Nama kontak person", max_length=120)
    phone = PhoneField(required=False)
    email = forms.EmailField(label="Surel", max_length=LONGEST_EMAIL, required=False)
    channel = ContactChannelField()

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        known = {
            "channel": consultation.contact_channel,
            "name": consultation.contact_name,
            "phone": display_phone(consultation.contact_phone),
            "email": consultation.contact_email,
        }
        super().__init__(*args, consultation=consultation, initial=known, **kwargs)
        offer_channels(self, consultation.office)

    def clean(self) -> dict[str, Any]:
        require_address(self, phone="phone", email="email")
        return self.cleaned_data

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.record_contact(self.consultation, Contact(**self.cleaned_data), by=by, now=now)


class SendLinkForm(ActForm):
    act = Act.SEND_LINK
    url_name = "send_link"
    path = "kirim-tautan"
    title = "Kirim ulang tautan"
    icon = "send"
    button = "Kirim ulang tautan ke kontak"
    done = "Tautan pelacakan dikirim ke kontak person."

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.send_link(self.consultation, by=by, now=now)


class RenewLinkForm(ActForm):
    act = Act.RENEW_LINK
    url_name = "renew_link"
    path = "ganti-tautan"
    title = "Ganti tautan"
    icon = "key-round"
    button = "Ganti tautan"
    done = "Tautan lama tidak berlaku lagi. Tautan baru dikirim ke kontak person."
    done_unsent = (
        "Tautan lama tidak berlaku lagi. Tidak ada pesan yang dapat dikirim; mohon hubungi stakeholder."
    )
    tone = "danger"

    reason = PlainTextArea(
        label="Alasan tautan diganti",
        max_length=LONGEST_TEXT,
        help_text="Misalnya diketahui orang lain. Terlihat oleh stakeholder.",
        widget=area(3),
    )

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.renew_link(self.consultation, self.cleaned_data["reason"], by=by, now=now)


class CallForm(ActForm):
    act = Act.RECORD_CALL
    url_name = "record_call"
    path = "telepon"
    tone = "primary"
    title = "Catat telepon"
    icon = "phone-call"
    button = "Catat sudah dihubungi"
    done = "Telepon kepada stakeholder telah dicatat."

    text = PlainTextArea(
        label="Yang disampaikan (bila perlu)", max_length=LONGEST_TEXT, required=False, widget=area(3)
    )

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.record_call(self.consultation, self.cleaned_data["text"], by=by, now=now)


class SplitForm(ActForm):
    act = Act.LINK
    url_name = "split"
    path = "pecah"
    title = "Pecah topik"
    icon = "split"
    button = "Buat konsultasi baru"
    done = "Topik kedua kini menjadi konsultasi tersendiri."

    question = PlainTextArea(label="Pertanyaan yang dipisahkan", max_length=LONGEST_TEXT, widget=area(4))
    category = forms.ModelChoiceField(Category.objects.none(), label="Kategori", empty_label="Pilih kategori")

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, consultation=consultation, **kwargs)
        self.offer_categories("category")

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        question, category = self.cleaned_data["question"], self.cleaned_data["category"]
        return lifecycle.split(self.consultation, question, category, by=by, now=now)


class LinkForm(ActForm):
    act = Act.LINK
    url_name = "link"
    path = "tautkan"
    title = "Tautkan"
    icon = "link"
    button = "Tautkan"
    done = "Konsultasi telah ditautkan."

    kind = forms.ChoiceField(
        label="Hubungan", choices=[(kind, kind.label) for kind in LinkKind if kind is not LinkKind.SPLIT]
    )
    number = PlainTextField(label="Nomor konsultasi", max_length=20, help_text="Contoh MTR-2026-000123.")

    def clean_number(self) -> Consultation:
        own_office = Consultation.objects.filter(office=self.consultation.office_id)
        found = own_office.filter(number=self.cleaned_data["number"].upper()).first()
        if found is None:
            raise ValidationError("Nomor konsultasi tidak ditemukan.", code="unknown")
        return found

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        to, kind = self.cleaned_data["number"], LinkKind(self.cleaned_data["kind"])
        lifecycle.link(self.consultation, to, kind, by=by, now=now)
        return self.consultation


ACT_FORMS: tuple[type[ActForm], ...] = (
    TakeForm,
    TakeOverForm,
    ReplyForm,
    NoteForm,
    ProgressForm,
    ResolveForm,
    RequestDocumentsForm,
    ReopenForm,
    ContactForm,
    CallForm,
    CategoriseForm,
    SendLinkForm,
    RenewLinkForm,
    LinkForm,
    SplitForm,
    ReferForm,
    CancelForm,
)
COMPOSER: tuple[type[ActForm], ...] = (ReplyForm, NoteForm, ProgressForm)
ITEM_FORMS: tuple[type[ItemForm], ...] = (ReviewForm, HandedInForm)


def offered_forms(consultation: Consultation, by: Actor) -> list[type[ActForm]]:
    """The acts the lifecycle allows somebody now, without those that would change nothing."""
    acts = allowed_acts(consultation, by.kind)
    pointless: set[type[ActForm]] = set()
    if consultation.officer == by.staff:
        pointless.add(TakeOverForm)
    if consultation.ended_at:  # allowed for a letter's sake: its address is corrected on the letter's page
        pointless.add(ContactForm)
    if not consultation.is_open:
        pointless.add(SplitForm)
    if consultation.to_call_since is None:
        pointless.add(CallForm)
    return [form for form in ACT_FORMS if form.act in acts and form not in pointless]
