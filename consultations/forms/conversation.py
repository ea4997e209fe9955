"""Taking a ticket, and what is said on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.utils.text import capfirst

from consultations import lifecycle
from consultations.attachments import AttachmentsField, FilesForm
from consultations.enums import Act, ProgressChannel, Status
from consultations.forms.act import LONGEST_TEXT, ActForm, area
from consultations.reach import address_in_words
from stakeholders.forms import PlainTextArea

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.actors import Actor
    from consultations.models import Consultation


SEND = "kirim"


class TakeForm(ActForm):
    act = Act.TAKE
    url_name = "take"
    path = "tangani"
    tone = "primary"
    title = "Tangani"
    icon = "hand"
    button = "Tangani konsultasi ini"
    done = "Konsultasi ini sekarang Bapak/Ibu tangani."

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.take(self.consultation, by=by, now=now)


class TakeOverForm(ActForm):
    act = Act.TAKE_OVER
    url_name = "take_over"
    path = "ambil-alih"
    title = "Ambil alih"
    icon = "user-check"
    button = "Ambil alih"
    done = "Konsultasi ini sekarang Bapak/Ibu tangani. Petugas sebelumnya diberi tahu."

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return lifecycle.take_over(self.consultation, by=by, now=now)


class ReplyForm(FilesForm, ActForm):
    act = Act.REPLY
    url_name = "reply"
    path = "balas"
    title = "Balas stakeholder"
    icon = "send"
    button = "Kirim balasan"
    done = "Balasan telah dikirim kepada stakeholder."
    done_unsent = "Balasan telah dicatat. Tidak ada pesan yang dapat dikirim; mohon hubungi stakeholder."

    text = PlainTextArea(label="Balasan kepada stakeholder", max_length=LONGEST_TEXT, widget=area(5))
    attachments = AttachmentsField(required=False)

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        text, files = self.cleaned_data["text"], self.cleaned_data["attachments"]
        return lifecycle.reply(self.consultation, text, by=by, now=now, files=files)


class NoteForm(FilesForm, ActForm):
    act = Act.NOTE
    url_name = "note"
    path = "catatan"
    title = "Catatan internal"
    icon = "lock"
    button = "Simpan catatan"
    done = "Catatan internal telah disimpan."

    text = PlainTextArea(
        label="Catatan, hanya terlihat oleh petugas", max_length=LONGEST_TEXT, widget=area(5)
    )
    attachments = AttachmentsField(required=False)

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        text, files = self.cleaned_data["text"], self.cleaned_data["attachments"]
        return lifecycle.note(self.consultation, text, by=by, now=now, files=files)


def sending_choice(consultation: Consultation) -> list[tuple[str, str]]:
    """The choice to send a message, named by where it goes; none when only a call reaches the contact person."""
    address = address_in_words(consultation)
    return [(SEND, capfirst(address))] if address else []


class ProgressForm(ActForm):
    act = Act.POST_PROGRESS
    url_name = "post_progress"
    path = "progres"
    title = "Progres"
    icon = "megaphone"
    button = "Catat progres"
    done = "Progres telah dicatat."

    text = PlainTextArea(label="Progres yang disampaikan", max_length=LONGEST_TEXT, widget=area(5))
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

    @property
    def already_told_through(self) -> ProgressChannel | None:
        """How it was told already; None when it is to be sent."""
        chosen = self.cleaned_data["told_through"]
        return None if chosen == SEND else ProgressChannel(chosen)

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        text = self.cleaned_data["text"]
        return lifecycle.post_progress(
            self.consultation, text, by=by, now=now, told_through=self.already_told_through
        )


class OwedProgressForm(ProgressForm):
    """A progress that is owed today, among others on one page; whoever tells it takes a question that is nobody's."""

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, consultation=consultation, **kwargs)
        self.auto_id = f"{self.path}-{consultation.pk}_%s"

    @transaction.atomic
    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        if self.consultation.status == Status.NEW:
            lifecycle.take(self.consultation, by=by, now=now)
        return lifecycle.post_progress(
            self.consultation,
            self.cleaned_data["text"],
            by=by,
            now=now,
            told_through=self.already_told_through,
            only_if_owed=True,
        )
