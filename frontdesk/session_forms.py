"""What an officer takes down during a service session, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from consultations.enums import Source
from consultations.forms.documents import document_lines, require_documents
from consultations.forms.visit import LONGEST_TEXT, VisitForm
from consultations.lifecycle import Departure, Intake, Referral, Resolution
from frontdesk.enums import SessionOutcome
from frontdesk.sessions import Ending
from stakeholders.forms import PlainTextArea, PlainTextField

if TYPE_CHECKING:
    from django.http import QueryDict

    from frontdesk.models import ServiceSession
    from frontdesk.sessions import Draft

LONGEST_LINE = 160
GONE = (
    "Konsultasi belum dapat kami selesaikan pada kunjungan Bapak/Ibu. "
    "Apabila jawaban masih diperlukan, silakan menghubungi kami kembali."
)
NEEDS_CONTACT = frozenset({SessionOutcome.FOLLOW_UP, SessionOutcome.DOCUMENTS, SessionOutcome.ESCALATED})
LARGEST_VERSION = 2**31 - 2
UNDRAFTED = frozenset({"attachments", "version"})


class SessionForm(VisitForm):
    """The visitor, the question and the outcome on one screen; each outcome asks for what it needs."""

    version = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="Hasil layanan", choices=SessionOutcome, widget=forms.RadioSelect)
    documents = forms.MultipleChoiceField(
        label="Dokumen yang diminta", required=False, widget=forms.CheckboxSelectMultiple
    )
    other_documents = PlainTextArea(
        label="Dokumen lain",
        max_length=LONGEST_TEXT,
        required=False,
        help_text="Satu dokumen per baris.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    agency = PlainTextField(label="Instansi yang berwenang", max_length=LONGEST_LINE, required=False)
    agency_channel = PlainTextField(
        label="Saluran yang dapat dihubungi",
        max_length=LONGEST_LINE,
        required=False,
        help_text="Misalnya alamat situs, nomor telepon, atau loket.",
    )
    note = PlainTextArea(
        label="Catatan internal",
        max_length=LONGEST_TEXT,
        required=False,
        help_text="Hanya terlihat oleh petugas.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *data: Any, session: ServiceSession, **kwargs: Any) -> None:
        super().__init__(*data, **kwargs)
        self.session = session
        self.initial.setdefault("version", session.draft_version)
        category = self.chosen_category
        documents = self.fields["documents"]
        assert isinstance(documents, forms.MultipleChoiceField)  # noqa: S101 (for the type checker)
        documents.choices = [(name, name) for name in (category.document_names if category else [])]

    @property
    def is_answered(self) -> bool:
        return self.cleaned_data.get("outcome") == SessionOutcome.RESOLVED

    @property
    def is_followed_up(self) -> bool:
        return self.cleaned_data.get("outcome") in NEEDS_CONTACT

    @property
    def left_unasked(self) -> bool:
        """The visitor went away before asking anything: nothing else of the form matters."""
        question = self.data.get("question", "").strip()
        return self.data.get("outcome") == SessionOutcome.LEFT and not question

    def clean_other_documents(self) -> list[str]:
        return document_lines(self.cleaned_data["other_documents"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if outcome == SessionOutcome.REFERRED:
            for name in ("agency", "agency_channel"):
                if not cleaned.get(name) and not self.has_error(name):
                    self.add_error(name, "Bagian ini wajib diisi bila dirujuk.")
        if outcome == SessionOutcome.DOCUMENTS and not self.has_error("other_documents"):
            try:
                require_documents(self._documents(cleaned))
            except forms.ValidationError as error:
                self.add_error("other_documents", error)
        return cleaned

    def _documents(self, cleaned: dict[str, Any]) -> list[str]:
        return [*cleaned.get("documents", []), *cleaned.get("other_documents", [])]

    def ending(self) -> Ending:
        """What became of the visit, with the person known to the office from now on."""
        if self.left_unasked:
            return Ending(outcome=SessionOutcome.LEFT)
        cleaned = self.cleaned_data
        outcome = SessionOutcome(cleaned["outcome"])
        intake = Intake(
            source=Source.COUNTER,
            category=cleaned["category"],
            stakeholder=self.save_stakeholder(),
            contact=self.contact(),
            question=cleaned["question"],
            received_at=self.session.started_at,
            files=cleaned["attachments"],
        )
        return Ending(
            outcome=outcome,
            intake=intake,
            resolution=self._resolution(outcome),
            documents=self._documents(cleaned) if outcome is SessionOutcome.DOCUMENTS else (),
            note=cleaned["note"],
        )

    def _resolution(self, outcome: SessionOutcome) -> Resolution | Referral | Departure | None:
        cleaned = self.cleaned_data
        match outcome:
            case SessionOutcome.RESOLVED:
                return Resolution(cleaned["answer"], list(cleaned["regulations"]))
            case SessionOutcome.REFERRED:
                return Referral(cleaned["agency"], cleaned["agency_channel"])
            case SessionOutcome.LEFT:
                return Departure(GONE)
        return None


class DraftForm(forms.Form):
    """The version of the draft that what is typed was built on."""

    version = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION)


def draft_from(data: QueryDict) -> Draft:
    """What of a sent form is kept as a draft: its fields' values as typed, whether or not they make sense yet."""
    names = SessionForm.base_fields.keys() - UNDRAFTED
    return {
        name: [value.replace("\x00", "") for value in data.getlist(name)]
        for name in sorted(names & data.keys())
    }


def typed_in(draft: Draft) -> dict[str, Any]:
    """A draft as the form's initial values."""
    many = ("documents", "regulations")
    return {name: values if name in many else values[0] for name, values in draft.items() if values}
