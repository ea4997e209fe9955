from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from offices.models import Category


class RegulationSearch(forms.Form):
    """Words to find, and one category of the office to stay within."""

    cari = forms.CharField(label="Nomor atau kata", max_length=200, required=False)
    kategori = forms.ChoiceField(label="Kategori", required=False)

    def __init__(self, *args: Any, categories: QuerySet[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kategori"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [("", "Semua kategori"), *categories.values_list("code", "name")]
