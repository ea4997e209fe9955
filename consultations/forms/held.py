"""What officers decide about held questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from consultations.models.held import REASON_LENGTH, HeldSubmission
from stakeholders.forms import PlainTextField

if TYPE_CHECKING:
    from consultations.models import HeldSubmissionQuerySet

USUAL_REASONS = (
    "Iklan atau tautan, bukan pertanyaan kepada KPPN.",
    "Isi kiriman tidak dapat dipahami sebagai pertanyaan.",
    "Kiriman yang sama sudah kami terima.",
    "Kiriman percobaan.",
)


class RejectForm(forms.Form):
    """One reason for all that are ticked; what a colleague has decided meanwhile may be among them."""

    held = forms.ModelMultipleChoiceField(
        HeldSubmission.objects.none(),
        label="Kiriman",
        error_messages={"required": "Silakan centang paling sedikit satu kiriman."},
    )
    reason = PlainTextField(
        label="Alasan penolakan",
        max_length=REASON_LENGTH,
        help_text="Dapat dibaca setiap pengirim pada halaman rujukannya.",
        widget=forms.TextInput(attrs={"list": "alasan-lazim", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, visible: HeldSubmissionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.fields["held"]
        assert isinstance(held, forms.ModelMultipleChoiceField)  # noqa: S101 (for the type checker)
        held.queryset = visible
