"""The library of regulations as staff search it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from offices.models import Category
from regulations.forms import RegulationSearch
from regulations.search import search_regulations

if TYPE_CHECKING:
    from django.http import HttpResponse

    from offices.http import DeskRequest

MOST_SHOWN = 30


@require_safe
@vary_on_headers("HX-Request")
def regulation_list(request: DeskRequest) -> HttpResponse:
    """What the words find, also while they are typed; without words, the newest rules in force."""
    search = RegulationSearch(
        request.GET, categories=Category.objects.filter(office=request.duties.office_id)
    )
    search.is_valid()
    words, category_code = (search.cleaned_data.get(name, "") for name in ("cari", "kategori"))
    found = search_regulations(words, limit=MOST_SHOWN, category_code=category_code)
    template = "regulations/regulation_list.html"
    if request.htmx:
        template += "#results"
    return render(request, template, {"search": search, "regulations": found, "words": words})
