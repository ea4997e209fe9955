"""One form for each act on a ticket. It knows its own act: a page shows it only when the lifecycle allows that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from consultations import lifecycle
from consultations.attachments import AttachmentsField
from consultations.enums import Act, ContactChannel, DocumentStatus, LinkKind, ProgressChannel
from consultations.forms.public import ContactChannelField, offer_channels, require_address
from consultations.lifecycle import Contact, Verdict
from consultations.models import Consultation
from consultations.reach import sending_channels
from consultations.transitions import allowed_acts
from offices.models import Category
from regulations.models import Regulation
from stakeholders.forms import PhoneField, PlainTextArea, PlainTextField
from stakeholders.identity import display_phone

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.actors import Actor
    from consultations.models import DocumentItem

LONGEST_TEXT = 10_000
LONGEST_EMAIL = 254
LONGEST_LINE = 160
SEND = "kirim"
MOST_DOCUMENTS = 20


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ActForm(forms.Form):
    """`path` is the act's address under the ticket's, named `url_name`; `done` is said once it is done."""

    act: ClassVar[Act]
    url_name: ClassVar[str]
    path: ClassVar[str]
    title: ClassVar[str]
    icon: ClassVar[str]
    button: ClassVar[str]
    done: ClassVar[str]
    tone: ClassVar[str] = "secondary"
    do_not_call_in_templates: ClassVar[bool] = True  # menus are made of the classes

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{self.path}_%s"
        self.consultation = consultation

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        """Do it, with the cleaned values; returns the consultation to go on with. Raises RuleError."""
        raise NotImplementedError

    def _offer(self, field_name: str) -> None:
        """Let a field choose among the categories the office offers."""
        field = self.fields[field_name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        field.queryset = Category.objects.filter(office=self.consultation.office_id).offered()


def sending_choice(consultation: Consultation) -> list[tuple[str, str]]:
    """The choice to send a message, named by where it goes; none when only a call reaches the contact person."""
    channel = ContactChannel(consultation.contact_channel)
    if channel not in sending_channels(consultation.office):
        return []
    by_email = channel is ContactChannel.EMAIL
    address = consultation.contact_email if by_email else display_phone(consultation.contact_phone)
    return [(SEND, f"{channel.label} ke {address}")]


class TakeForm(ActForm):
    act = Act.TAKE
    url_name = "take"
    path = "tangani"
    tone = "primary"
    title = "Tangani"
    icon = "hand"
    button = "Tangani konsultasi ini"
    done = "Konsultasi ini sekarang Anda tangani."

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.take(self.consultation, by=by, now=now)


class TakeOverForm(ActForm):
    act = Act.TAKE_OVER
    url_name = "take_over"
    path = "ambil-alih"
    title = "Ambil alih"
    icon = "user-check"
    button = "Ambil alih"
    done = "Konsultasi ini sekarang Anda tangani. Petugas sebelumnya diberi tahu."

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.take_over(self.consultation, by=by, now=now)


class ReplyForm(ActForm):
    act = Act.REPLY
    url_name = "reply"
    path = "balas"
    title = "Balas stakeholder"
    icon = "send"
    button = "Kirim balasan"
    done = "Balasan telah dikirim kepada stakeholder."

    text = PlainTextArea(label="Balasan kepada stakeholder", max_length=LONGEST_TEXT, widget=_area(5))
    attachments = AttachmentsField(required=False)

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        text, files = self.cleaned_data["text"], self.cleaned_data["attachments"]
        return lifecycle.reply(self.consultation, text, by=by, now=now, files=files)


class NoteForm(ActForm):
    act = Act.NOTE
    url_name = "note"
    path = "catatan"
    title = "Catatan internal"
    icon = "lock"
    button = "Simpan catatan"
    done = "Catatan internal telah disimpan."

    text = PlainTextArea(
        label="Catatan, hanya terlihat oleh petugas", max_length=LONGEST_TEXT, widget=_area(5)
    )
    attachments = AttachmentsField(required=False)

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        text, files = self.cleaned_data["text"], self.cleaned_data["attachments"]
        return lifecycle.note(self.consultation, text, by=by, now=now, files=files)


class ProgressForm(ActForm):
    act = Act.POST_PROGRESS
    url_name = "post_progress"
    path = "progres"
    title = "Progres"
    icon = "megaphone"
    button = "Catat progres"
    done = "Progres telah dicatat."

    text = PlainTextArea(label="Progres yang disampaikan", max_length=LONGEST_TEXT, widget=_area(5))
    told_through = forms.ChoiceField(label="Disampaikan melalui")

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, consultation=consultation, **kwargs)
        channel = self.fields["told_through"]
        assert isinstance(channel, forms.ChoiceField)  # noqa: S101 (for the type checker)
        channel.choices = [
            *sending_choice(consultation),
            (ProgressChannel.PHONE, "Telepon (sudah disampaikan)"),
            (ProgressChannel.WHATSAPP, "WhatsApp (sudah disampaikan)"),
            (ProgressChannel.IN_PERSON, "Langsung (sudah disampaikan)"),
        ]

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        chosen = self.cleaned_data["told_through"]
        told_through = None if chosen == SEND else ProgressChannel(chosen)
        return lifecycle.post_progress(
            self.consultation, self.cleaned_data["text"], by=by, now=now, told_through=told_through
        )


class RequestDocumentsForm(ActForm):
    act = Act.REQUEST_DOCUMENTS
    url_name = "request_documents"
    path = "minta-dokumen"
    tone = "primary"
    title = "Minta dokumen"
    icon = "file-plus"
    button = "Kirim permintaan"
    done = "Permintaan dokumen telah dikirim kepada stakeholder."

    listed = forms.MultipleChoiceField(
        label="Dokumen yang biasanya diperlukan", required=False, widget=forms.CheckboxSelectMultiple
    )
    others = PlainTextArea(
        label="Dokumen lain",
        max_length=LONGEST_TEXT,
        required=False,
        help_text="Satu dokumen per baris.",
        widget=_area(3),
    )
    note = PlainTextArea(
        label="Keterangan untuk stakeholder", max_length=LONGEST_TEXT, required=False, widget=_area(2)
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, consultation=consultation, **kwargs)
        names = consultation.category.document_names
        if not names:
            del self.fields["listed"]
            return
        listed = self.fields["listed"]
        assert isinstance(listed, forms.ChoiceField)  # noqa: S101 (for the type checker)
        listed.choices = [(name, name) for name in names]

    def clean_others(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]
        if any(len(name) > LONGEST_LINE for name in names):
            raise ValidationError(f"Nama dokumen paling panjang {LONGEST_LINE} karakter.", code="too_long")
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wanted = [*cleaned.get("listed", []), *cleaned.get("others", [])]
        if len(wanted) > MOST_DOCUMENTS:
            raise ValidationError(
                f"Paling banyak {MOST_DOCUMENTS} dokumen dalam satu permintaan.", code="many"
            )
        if not wanted and not self.errors:
            raise ValidationError("Pilih atau tuliskan paling sedikit satu dokumen.", code="none")
        return {**cleaned, "wanted": wanted}

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        wanted, note = self.cleaned_data["wanted"], self.cleaned_data["note"]
        lifecycle.request_documents(self.consultation, wanted, by=by, now=now, note=note)
        return self.consultation


class ResolveForm(ActForm):
    act = Act.RESOLVE
    url_name = "resolve"
    path = "selesai"
    tone = "primary"
    title = "Selesaikan"
    icon = "circle-check"
    button = "Kirim jawaban dan selesaikan"
    done = "Jawaban telah dikirim. Status konsultasi: Selesai (Resolved)."

    answer = PlainTextArea(label="Jawaban", max_length=LONGEST_TEXT, widget=_area(8))
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
        widget=_area(3),
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
        widget=_area(3),
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
        self._offer("category")

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

    name = PlainTextField(label="Nama kontak person", max_length=120)
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
        label="Yang disampaikan (bila perlu)", max_length=LONGEST_TEXT, required=False, widget=_area(3)
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

    question = PlainTextArea(label="Pertanyaan yang dipisahkan", max_length=LONGEST_TEXT, widget=_area(4))
    category = forms.ModelChoiceField(Category.objects.none(), label="Kategori", empty_label="Pilih kategori")

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, consultation=consultation, **kwargs)
        self._offer("category")

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
    LinkForm,
    SplitForm,
    ReferForm,
    CancelForm,
)


def offered_forms(consultation: Consultation, by: Actor) -> list[type[ActForm]]:
    """The acts the lifecycle allows somebody now, without those that would change nothing."""
    acts = allowed_acts(consultation, by.kind)
    pointless: set[type[ActForm]] = set()
    if consultation.officer == by.staff:
        pointless.add(TakeOverForm)
    if not consultation.is_open:
        pointless.add(SplitForm)
    if consultation.to_call_since is None:
        pointless.add(CallForm)
    return [form for form in ACT_FORMS if form.act in acts and form not in pointless]


COMPOSER: tuple[type[ActForm], ...] = (ReplyForm, NoteForm, ProgressForm)


class ItemForm(ActForm):
    """An act on one document of a request."""

    item: DocumentItem

    def __init__(self, *args: Any, item: DocumentItem, **kwargs: Any) -> None:
        super().__init__(*args, consultation=item.request.consultation, **kwargs)
        self.item = item
        self.auto_id = f"{self.path}_{item.pk}_%s"


class ReviewForm(ItemForm):
    """What an officer finds of the document; the reason goes with one that does not fit."""

    act = Act.REVIEW_DOCUMENT
    url_name = "review_document"
    path = "periksa"
    done = "Hasil pemeriksaan dokumen telah dicatat."

    verdict = forms.ChoiceField(choices=[(verdict.value, verdict.value.label) for verdict in Verdict])
    reason = PlainTextField(label="Alasan belum sesuai", max_length=500, required=False)

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        verdict = Verdict(DocumentStatus(self.cleaned_data["verdict"]))
        return lifecycle.review_document(
            self.item, verdict, by=by, now=now, reason=self.cleaned_data["reason"]
        )


class HandedInForm(ItemForm):
    """A document that the stakeholder gave to the officer instead of uploading it."""

    act = Act.RECEIVE_DOCUMENTS
    url_name = "receive_document"
    path = "terima"
    done = "Dokumen telah diterima."

    attachments = AttachmentsField(label="Berkas")

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.receive_documents(
            self.consultation, {self.item: self.cleaned_data["attachments"]}, by=by, now=now
        )


ITEM_FORMS: tuple[type[ItemForm], ...] = (ReviewForm, HandedInForm)
