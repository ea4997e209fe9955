"""Choosing the regulations an answer rests on, while it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.shortcuts import render
from django.views.decorators.http import require_safe

from offices.enums import Role
from offices.http import role_required
from regulations.models import Regulation
from regulations.search import search_regulations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse, QueryDict

    from offices.http import DeskRequest

MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A regulation to tick, or ticked already."""

    regulation: Regulation
    is_ticked: bool


class CitingForm(forms.Form):
    """Words to find, and what was ticked before."""

    cari = forms.CharField(max_length=200, required=False)
    regulations = forms.ModelMultipleChoiceField(Regulation.objects.defer("search"), required=False)


def citing_choices(form: forms.Form, *, text: str = "", category_code: str | None = None) -> list[Choice]:
    """What the form has ticked, then what the words find; without words, the newest of the category."""
    ticked: Iterable[Regulation] = form.cleaned_data.get("regulations", ()) if form.is_bound else ()
    choices = [Choice(regulation, is_ticked=True) for regulation in ticked]
    chosen = {choice.regulation.pk for choice in choices}
    if text or category_code:
        found = search_regulations(text, limit=MOST_FOUND, category_code=category_code)
        choices += [
            Choice(regulation, is_ticked=False) for regulation in found if regulation.pk not in chosen
        ]
    return choices


def ticked_choices(typed: QueryDict) -> list[Choice]:
    """What an unfinished form has ticked so far."""
    form = CitingForm(typed)
    form.is_valid()
    return citing_choices(form)


@require_safe
@role_required(Role.CSO, Role.UNIT_HEAD)
def regulation_search(request: DeskRequest) -> HttpResponse:
    """The choices for the words typed so far; what is ticked stays."""
    form = CitingForm(request.GET)
    form.is_valid()
    choices = citing_choices(form, text=form.cleaned_data.get("cari", ""))
    template = "consultations/desk/partials/_regulation_picker.html#choices"
    return render(request, template, {"choices": choices})
