"""What the library can be asked; the query string is its state. A value that makes no sense asks for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from regulations.models import Regulation
from regulations.search import LONGEST_SEARCH, search_regulations

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from offices.models import Category

FIRST_SHOWN, MOST_SHOWN = 30, 300
OFFERED = 8


class RegulationSearch(forms.Form):
    """Words to find, one category of the office to stay within, and how many to show."""

    cari = forms.CharField(label="Nomor atau kata", max_length=LONGEST_SEARCH, required=False)
    berlaku = forms.BooleanField(label="Hanya yang berlaku", required=False)
    tampil = forms.IntegerField(min_value=FIRST_SHOWN, max_value=MOST_SHOWN, required=False)

    def __init__(self, *args: Any, categories: QuerySet[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Semua kategori"), *categories.values_list("code", "name")]
        self.fields["kategori"] = forms.ChoiceField(label="Kategori", choices=choices, required=False)

    def find(self) -> tuple[list[Regulation], int]:
        """The regulations asked for, the best first, and how many to show next time if there are more, else 0."""
        self.is_valid()
        asked = self.cleaned_data
        limit = asked.get("tampil") or FIRST_SHOWN
        found = search_regulations(
            asked.get("cari", ""),
            limit=limit + 1,
            category_code=asked.get("kategori"),
            only_in_force=asked.get("berlaku", False),
        )
        more = min(limit + FIRST_SHOWN, MOST_SHOWN) if len(found) > limit < MOST_SHOWN else 0
        return found[:limit], more


class RegulationPick(forms.Form):
    """What an officer searches while writing an answer, and the regulations ticked in it so far."""

    cari = forms.CharField(max_length=LONGEST_SEARCH, required=False)
    kategori = forms.CharField(max_length=20, required=False)
    regulations = forms.ModelMultipleChoiceField(Regulation.objects.defer("search"), required=False)

    def find(self) -> tuple[list[Regulation], list[Regulation]]:
        """The ticked ones, and the best others for the words; at most three queries."""
        self.is_valid()
        asked = self.cleaned_data
        ticked = list(asked.get("regulations", ()))
        found = search_regulations(
            asked.get("cari", ""), limit=OFFERED + len(ticked), category_code=asked.get("kategori")
        )
        return ticked, [each for each in found if each not in ticked][:OFFERED]
