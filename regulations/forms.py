"""What the library can be asked; the query string is its state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from offices.models import Category


class RegulationSearch(forms.Form):
    """Words to find, and one category of the office to stay within."""

    cari = forms.CharField(label="Nomor atau kata", max_length=200, required=False)

    def __init__(self, *args: Any, categories: QuerySet[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Semua kategori"), *categories.values_list("code", "name")]
        self.fields["kategori"] = forms.ChoiceField(label="Kategori", choices=choices, required=False)
