"""Asking for documents, and looking at what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from consultations import lifecycle
from consultations.attachments import AttachmentsField, FilesForm
from consultations.enums import Act, DocumentStatus
from consultations.forms.act import LONGEST_LINE, LONGEST_TEXT, ActForm, area
from consultations.lifecycle import Verdict
from stakeholders.forms import PlainTextArea, PlainTextField

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.actors import Actor
    from consultations.models import Consultation, DocumentItem

MOST_DOCUMENTS = 20


def document_lines(text: str) -> list[str]:
    """The documents named one a line; raises ValidationError for a name that is too long."""
    names = [line.strip() for line in text.splitlines() if line.strip()]
    if any(len(name) > LONGEST_LINE for name in names):
        raise ValidationError(f"Nama dokumen paling panjang {LONGEST_LINE} karakter.", code="too_long")
    return names


def require_documents(wanted: list[str]) -> None:
    """Raises ValidationError unless a request names at least one document, and not too many."""
    if not wanted:
        raise ValidationError("Pilih atau tuliskan paling sedikit satu dokumen.", code="none")
    if len(wanted) > MOST_DOCUMENTS:
        raise ValidationError(f"Paling banyak {MOST_DOCUMENTS} dokumen dalam satu permintaan.", code="many")


class RequestDocumentsForm(ActForm):
    act = Act.REQUEST_DOCUMENTS
    url_name = "request_documents"
    path = "minta-dokumen"
    tone = "primary"
    title = "Minta dokumen"
    icon = "file-plus"
    button = "Kirim permintaan"
    done = "Permintaan dokumen telah dikirim kepada stakeholder."
    done_unsent = (
        "Permintaan dokumen telah dicatat. Tidak ada pesan yang dapat dikirim; mohon hubungi stakeholder."
    )

    listed = forms.MultipleChoiceField(
        label="Dokumen yang biasanya diperlukan", required=False, widget=forms.CheckboxSelectMultiple
    )
    others = PlainTextArea(
        label="Dokumen lain",
        max_length=LONGEST_TEXT,
        required=False,
        help_text="Satu dokumen per baris.",
        widget=area(3),
    )
    note = PlainTextArea(
        label="Keterangan untuk stakeholder", max_length=LONGEST_TEXT, required=False, widget=area(2)
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
        return document_lines(self.cleaned_data["others"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wanted = [*cleaned.get("listed", []), *cleaned.get("others", [])]
        if not self.errors:
            require_documents(wanted)
        return {**cleaned, "wanted": wanted}

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        wanted, note = self.cleaned_data["wanted"], self.cleaned_data["note"]
        lifecycle.request_documents(self.consultation, wanted, by=by, now=now, note=note)
        return self.consultation


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
    newest_seen = forms.IntegerField(
        required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        verdict = Verdict(DocumentStatus(self.cleaned_data["verdict"]))
        return lifecycle.review_document(
            self.item,
            verdict,
            by=by,
            now=now,
            reason=self.cleaned_data["reason"],
            newest_seen=self.cleaned_data["newest_seen"],
        )


class HandedInForm(FilesForm, ItemForm):
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
