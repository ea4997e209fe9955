"""What officers and heads write to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from offices.models import Unit
from stakeholders.forms import PlainTextArea

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from offices.models import Appointment

LONGEST_TEXT = 5000


def _text_area(label: str, *, rows: int, help_text: str = "") -> PlainTextArea:
    widget = forms.Textarea(attrs={"rows": rows})
    return PlainTextArea(max_length=LONGEST_TEXT, label=label, help_text=help_text, widget=widget)


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the type checker only
    """A unit to ask. With `heads`, by unit id, each is shown with whoever heads it today."""

    heads: Mapping[int, Sequence[Appointment]] | None = None

    def label_from_instance(self, obj: Unit) -> str:
        if self.heads is None:
            return obj.name
        held = ", ".join(f"{each.staff} ({each.title})" for each in self.heads.get(obj.pk, ()))
        return f"{obj}: {held or 'belum ada kepala yang bertugas'}"


class EscalationForm(forms.Form):
    """Ask a unit's head."""

    unit = UnitField(queryset=Unit.objects.none(), label="Kepada", empty_label=None)
    reason = _text_area(
        "Alasan eskalasi",
        rows=5,
        help_text="Apa yang perlu dipastikan dan apa yang sudah diperiksa. Hanya terlihat oleh petugas.",
    )

    def __init__(
        self,
        *args: Any,
        units: QuerySet[Unit],
        heads: Mapping[int, Sequence[Appointment]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)  # noqa: S101 (for the type checker)
        field.heads = heads
        field.queryset = units


class ForwardForm(EscalationForm):
    """Hand an escalation to another unit."""

    unit = UnitField(queryset=Unit.objects.none(), label="Unit tujuan", empty_label="Pilih unit")
    reason = _text_area("Alasan diteruskan", rows=3)


class AnswerForm(forms.Form):
    """A head's direction."""

    answer = _text_area("Arahan", rows=6, help_text="Petugas mengolahnya menjadi jawaban kepada stakeholder.")


class ReturnForm(forms.Form):
    """Give an escalation back without a direction."""

    return_reason = _text_area("Alasan dikembalikan", rows=3)
