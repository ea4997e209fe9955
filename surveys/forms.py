"""What stakeholders fill in about the service they got."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from consultations.forms.public import OnceForm
from stakeholders.forms import PlainTextArea
from surveys.elements import ELEMENTS
from surveys.enums import Education, Gender, Occupation, Score
from surveys.models import MAX_COMMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.forms.boundfield import BoundField
    from django.utils.functional import _StrOrPromise

    from offices.models import Office

UNSAID = ("", "Tidak ingin menyebutkan")


class RatingForm(forms.Form):
    """One question, and a word on it."""

    score = forms.TypedChoiceField(
        label="Bagaimana penilaian Bapak/Ibu atas jawaban kami?",
        choices=[(score.value, score.label) for score in reversed(Score)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Silakan pilih salah satu penilaian."},
    )
    comment = PlainTextArea(
        label="Komentar (boleh dikosongkan)",
        max_length=MAX_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SurveyForm(OnceForm):
    """The nine elements; who responds is asked, but need not be said."""

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for element in ELEMENTS:
            self.fields[element.name] = forms.TypedChoiceField(
                label=element.question,
                choices=element.choices[::-1],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": "Silakan pilih salah satu jawaban."},
            )
        self.fields["suggestion"] = PlainTextArea(
            label="Saran untuk perbaikan layanan",
            max_length=MAX_COMMENT,
            required=False,
            help_text="Mohon tidak menuliskan nama atau data pribadi; survei ini anonim.",
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["category"] = forms.ModelChoiceField(
            office.categories.offered(),
            label="Layanan yang ditanyakan",
            required=False,
            empty_label=UNSAID[1],
        )
        for name, label, choices in (
            ("gender", "Jenis kelamin", Gender.choices),
            ("education", "Pendidikan terakhir", Education.choices),
            ("occupation", "Pekerjaan utama", Occupation.choices),
        ):
            self.fields[name] = _optional(label, choices)

    @property
    def questions(self) -> list[BoundField]:
        return [self[element.name] for element in ELEMENTS]

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, as the response stores it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "page"}


def _optional(label: str, choices: Sequence[tuple[str, _StrOrPromise]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[UNSAID, *choices], required=False)
