"""What an officer takes down during a service session, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from consultations.enums import Source
from consultations.forms.documents import document_lines, require_documents
from consultations.forms.visit import LONGEST_TEXT, VisitForm
from consultations.lifecycle import Departure, Intake, Referral, Resolution
from frontdesk.enums import BY_RECEPTIONIST, UNASKED, UNIDENTIFIED, SessionOutcome
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
ANSWERING = ("answer", "regulations", "documents", "other_documents", "agency", "agency_channel")
UNDRAFTED = frozenset({"attachments", "version"})


class SessionForm(VisitForm):
    """The visitor, the question and the outcome on one screen; each outcome asks for what it needs.

    A receptionist records who was served and what they ask, and leaves the answer to an officer: `may_answer`.
    """

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

    def __init__(self, *data: Any, session: ServiceSession, may_answer: bool, **kwargs: Any) -> None:
        super().__init__(*data, **kwargs)
        self.session, self.may_answer = session, may_answer
        self.initial.setdefault("version", session.draft_version)
        if self._is_unasked:
            self.fields["category"].required = self.fields["question"].required = False
        if not may_answer:
            self._leave_the_answer()
            return
        category = self.chosen_category
        documents = self.fields["documents"]
        assert isinstance(documents, forms.MultipleChoiceField)  # noqa: S101 (for the type checker)
        documents.choices = [(name, name) for name in (category.document_names if category else [])]

    def _leave_the_answer(self) -> None:
        for name in ANSWERING:
            del self.fields[name]
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)  # noqa: S101 (for the type checker)
        outcome.choices = [(each, each.label) for each in BY_RECEPTIONIST]

    @property
    def is_answered(self) -> bool:
        return self.cleaned_data.get("outcome") == SessionOutcome.RESOLVED

    @property
    def is_followed_up(self) -> bool:
        return self.cleaned_data.get("outcome") in NEEDS_CONTACT

    @property
    def _is_unasked(self) -> bool:
        """The visitor asked nothing, so that who they are is enough."""
        return self.data.get("outcome") in UNASKED and not self.data.get("question", "").strip()

    @property
    def is_unserved(self) -> bool:
        """Nobody came, or they went on without a word: nothing else of the form matters."""
        is_unserved = self.data.get("outcome") in UNIDENTIFIED
        return is_unserved and not any(self.data.get(name, "").strip() for name in ("name", "question"))

    def clean_other_documents(self) -> list[str]:
        return document_lines(self.cleaned_data["other_documents"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if outcome in UNASKED and outcome != SessionOutcome.LEFT and cleaned.get("question"):
            self.add_error(
                "outcome", "Pertanyaan sudah ditulis. Pilih hasil lain, atau kosongkan pertanyaannya."
            )
        elif outcome == SessionOutcome.NOT_SERVED:
            self.add_error("outcome", "Identitas sudah dicatat. Pilih “Pengunjung pergi”.")
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
        if self.is_unserved:
            return Ending(outcome=SessionOutcome(self.data["outcome"]))
        cleaned = self.cleaned_data
        outcome, visitor = SessionOutcome(cleaned["outcome"]), self.save_stakeholder()
        if self._is_unasked:
            return Ending(outcome=outcome, visitor=visitor)
        intake = Intake(
            source=Source.COUNTER,
            category=cleaned["category"],
            stakeholder=visitor,
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
            is_handed_on=not self.may_answer,
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
