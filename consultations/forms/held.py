"""What an officer decides about a held question."""

from django import forms

from consultations.models.held import REASON_LENGTH
from stakeholders.forms import PlainTextField


class RejectForm(forms.Form):
    reason = PlainTextField(
        label="Alasan penolakan",
        max_length=REASON_LENGTH,
        help_text="Dapat dibaca pengirim pada halaman rujukannya.",
    )
