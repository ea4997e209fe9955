"""The filter of the outbox page; the query string is its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from notifications.enums import MessageStatus

if TYPE_CHECKING:
    from notifications.models import MessageQuerySet

LARGEST_KEY = 2**63 - 1


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
