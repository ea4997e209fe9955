"""What a visitor fills in for a number or a slot, and where an officer sends a visitor on to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from consultations.forms.public import OnceForm, WorkForm
from frontdesk.enums import PriorityReason
from offices.dates import format_time
from stakeholders.forms import NameField, PhoneField, SatkerCodeField
from stakeholders.services import satker_by_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from frontdesk.bookings import Slot
    from frontdesk.models import Counter
    from offices.models import Category, Office
    from stakeholders.models import Satker


class CategoryChoice(forms.TypedChoiceField):
    """One of the office's offered categories, cleaned to the category."""

    def offer(self, categories: Iterable[Category], empty: str) -> None:
        """Offer these; `empty` is the first line of a list to choose from."""
        by_code = {category.code: category for category in categories}
        self.choices = [("", empty)] * bool(empty) + [(code, each.name) for code, each in by_code.items()]
        self.coerce = by_code.__getitem__


def offer_categories(form: forms.Form, office: Office, empty: str = "") -> None:
    field = form.fields["category"]
    assert isinstance(field, CategoryChoice)  # noqa: S101 - for the type checker
    field.offer(office.categories.offered(), empty)


class TicketForm(OnceForm):
    """A number: for what, and whether the visitor may go before. The rest is optional."""

    category = CategoryChoice(
        label="Keperluan Bapak/Ibu",
        widget=forms.RadioSelect,
        error_messages={"required": "Silakan pilih salah satu."},
    )
    reason = forms.ChoiceField(
        label="Prioritas",
        choices=[("", "Bukan prioritas"), *PriorityReason.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    satker_code = SatkerCodeField(required=False, help_text="6 digit, bila mewakili satuan kerja.")
    phone = PhoneField(required=False, help_text="Agar petugas lebih cepat mengenali Bapak/Ibu.")

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_categories(self, office)

    def clean_satker_code(self) -> Satker | None:
        """The satker of the code; nothing when none was given."""
        code = self.cleaned_data["satker_code"]
        satker = satker_by_code(code) if code else None
        if code and satker is None:
            raise ValidationError(
                "Kode satker ini tidak ada dalam daftar. Silakan periksa kembali atau kosongkan.",
                code="unknown",
            )
        return satker


class BookingForm(WorkForm):
    """A slot of the day shown, for what, and who comes."""

    starts_at = forms.TypedChoiceField(
        label="Waktu kedatangan",
        coerce=datetime.fromisoformat,
        widget=forms.RadioSelect,
        error_messages={"required": "Silakan pilih salah satu."},
    )
    category = CategoryChoice(label="Keperluan")
    name = NameField(
        label="Nama lengkap", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Alamat surel",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PhoneField(required=False, help_text="Contoh 081234567890.")

    def __init__(self, *args: Any, office: Office, slots: Iterable[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_categories(self, office, "Pilih keperluan")
        field = self.fields["starts_at"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(slot.starts_at.isoformat(), format_time(slot.starts_at)) for slot in slots]

    def clean(self) -> dict[str, Any]:
        reached = {"phone", "email"} & {*self.errors, *filter(self.cleaned_data.get, self.cleaned_data)}
        if not reached:
            self.add_error("email", ValidationError("Isi alamat surel atau nomor telepon.", code="contact"))
        return self.cleaned_data


class TransferForm(forms.Form):
    """Where a visitor is sent on to: another category, a certain counter, or both."""

    category = CategoryChoice(label="Kategori", required=False, empty_value=None)
    counter = forms.TypedChoiceField(label="Loket", required=False, empty_value=None)

    def __init__(self, *args: Any, office: Office, counters: Iterable[Counter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_categories(self, office, "Kategori tetap")
        by_number = {str(counter.number): counter for counter in counters}
        field = self.fields["counter"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        field.choices = [("", "Loket mana saja"), *((number, str(c)) for number, c in by_number.items())]
        field.coerce = by_number.__getitem__
