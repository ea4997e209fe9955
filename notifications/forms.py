"""Places in the outbox and among the notices, whose state is the query string, and the wording of a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from notifications.enums import LetterKind, MessageStatus
from notifications.models import MessageText
from notifications.texts import validate
from offices.parameters import LARGEST_KEY

if TYPE_CHECKING:
    from notifications.models import MessageQuerySet, NoticeQuerySet


class MessageFilter(forms.Form):
    """Which messages to show. A value that makes no sense filters nothing."""

    status = forms.ChoiceField(
        label="Status", choices=[("", "Semua status"), *MessageStatus.choices], required=False
    )
    nomor = forms.CharField(label="Nomor konsultasi", max_length=40, required=False)
    sebelum = forms.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False, widget=forms.HiddenInput)

    def filter(self, messages: MessageQuerySet) -> MessageQuerySet:
        """The messages asked for, newest first, from the page's beginning on."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("status"):
            messages = messages.filter(status=wanted["status"])
        if wanted.get("nomor"):
            messages = messages.filter(reference=wanted["nomor"].upper())
        if wanted.get("sebelum"):
            messages = messages.filter(pk__lt=wanted["sebelum"])
        return messages.order_by("-pk")


class NoticePlace(forms.Form):
    """A place among somebody's notices. A value that makes no sense is none."""

    sebelum = forms.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False)

    @property
    def notice(self) -> int | None:
        """The key of the notice at that place."""
        self.is_valid()
        found: int | None = self.cleaned_data.get("sebelum")
        return found

    def filter(self, notices: NoticeQuerySet) -> NoticeQuerySet:
        """Those older than the notice at the place, newest first."""
        if self.notice:
            notices = notices.filter(pk__lt=self.notice)
        return notices.order_by("-pk")


class MessageTextForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """An office's own wording of one kind of letter; the instance names the office and the kind."""

    subject = forms.CharField(label="Perihal", max_length=150)
    body = forms.CharField(
        label="Isi", max_length=5000, widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"})
    )

    class Meta:
        model = MessageText
        fields = ("subject", "body")

    def clean_subject(self) -> str:
        return self._valid("subject", is_body=False)

    def clean_body(self) -> str:
        return self._valid("body", is_body=True).replace("\r\n", "\n")

    def _valid(self, name: str, *, is_body: bool) -> str:
        text: str = self.cleaned_data[name]
        validate(LetterKind(self.instance.kind), text, is_body=is_body)
        return text
