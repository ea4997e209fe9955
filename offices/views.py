"""The public pages of an office: which office, and the service standard it promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices.models import Office

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_not_required
def office_list(request: HttpRequest) -> HttpResponse:
    return render(request, "offices/office_list.html", {"offices": Office.objects.all()})


@require_safe
@login_not_required
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """The service standard in force today at the office."""
    chosen = get_object_or_404(Office, slug=slug)
    today = chosen.local_date(timezone.now())
    standard = chosen.standards.filter(valid_from__lte=today).first()
    return render(request, "offices/office.html", {"office": chosen, "standard": standard})
