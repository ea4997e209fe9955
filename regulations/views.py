"""The library of regulations as staff search it, by itself or from the form an answer is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from offices.http import right_required
from offices.models import Category
from offices.rights import Right
from regulations.forms import RegulationPick, RegulationSearch

if TYPE_CHECKING:
    from django.http import HttpResponse

    from offices.http import DeskRequest


@require_safe
@right_required(Right.READ_REGULATIONS)
@vary_on_headers("HX-Request")
def regulation_list(request: DeskRequest) -> HttpResponse:
    """What the words find, also while they are typed; without words, the newest rules in force."""
    search = RegulationSearch(
        request.GET, categories=Category.objects.filter(office=request.duties.office_id)
    )
    found, more = search.find()
    template = "regulations/regulation_list.html"
    if request.htmx:
        template += "#results"
    context = {"search": search, "regulations": found, "more": more}
    return render(request, template, context)


@require_safe
@right_required(Right.READ_REGULATIONS)
@vary_on_headers("HX-Request")
def regulation_search(request: DeskRequest) -> HttpResponse:
    """The choices of an answer's form, those ticked first; without htmx the library itself, in its own page."""
    pick = RegulationPick(request.GET)
    if not request.htmx:
        query = urlencode({"cari": pick["cari"].value() or ""})
        return redirect(f"{reverse('regulation_list')}?{query}")
    ticked, offered = pick.find()
    context = {"ticked": ticked, "regulations": offered}
    return render(request, "regulations/partials/_choices.html", context)
