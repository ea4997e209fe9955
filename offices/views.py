"""Which offices there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from offices.models import Office

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_not_required
def office_list(request: HttpRequest) -> HttpResponse:
    return render(request, "offices/office_list.html", {"offices": Office.objects.all()})
