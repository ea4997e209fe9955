"""Form fields for what people type about themselves and ask: the public form's and the officer's alike."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from stakeholders.identity import parse_name, parse_nip, parse_phone, parse_satker_code

LAYOUT = "\n\t"


def plain_text(raw: str) -> str:
    """Text as typed, fit to be stored: one kind of line end, composed letters, no trailing space.

    HTML, emoji and right-to-left text are kept: they are text, escaped and isolated where they are shown. NUL,
    other control characters and broken surrogates raise `ValidationError`. What shows nothing is empty.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in LAYOUT for sign in text):
        raise ValidationError(
            "Isian memuat karakter yang tidak dapat disimpan. Mohon ketik ulang bagian ini.",
            code="control_characters",
        )
    text = unicodedata.normalize("NFC", text).strip()
    return text if any(unicodedata.category(sign)[0] not in "CZ" for sign in text) else ""


class PlainTextArea(forms.CharField):
    """Text of several lines."""

    widget: type[forms.Widget] = forms.Textarea

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.widget.attrs.setdefault("dir", "auto")

    def to_python(self, value: Any) -> str:
        return plain_text(super().to_python(value) or "")


class PlainTextField(PlainTextArea):
    """Text of one line: a name, a subject. Line breaks and runs of spaces become one space."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> str:
        return re.sub(r"\s+", " ", super().to_python(value))


class NameField(PlainTextField):
    """What somebody, an office or a role is called; it holds no address."""

    def clean(self, value: Any) -> str:
        return parse_name(super().clean(value))


class PhoneField(forms.CharField):
    """A telephone number, cleaned to E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})

    def __init__(self, *, label: str = "Nomor telepon/WhatsApp", **kwargs: Any) -> None:
        super().__init__(label=label, max_length=30, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return parse_phone(text) if text else ""


class NipField(forms.CharField):
    """An NIP or NI PPPK, cleaned to its 18 digits."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, label: str = "NIP", **kwargs: Any) -> None:
        super().__init__(label=label, max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return parse_nip(text, timezone.localdate()).digits if text else ""


class SatkerCodeField(forms.CharField):
    """A satker code, cleaned to its six digits."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, label: str = "Kode satker", **kwargs: Any) -> None:
        super().__init__(label=label, max_length=20, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return parse_satker_code(text) if text else ""
