"""The public pages of an office: which office, and the service standard it promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices.contacts import contacts_of
from offices.models import Office
from offices.service_hours import opening_states

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_not_required
def office_list(request: HttpRequest) -> HttpResponse:
    return render(request, "offices/office_list.html", {"offices": Office.objects.all()})


@require_safe
@login_not_required
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """The service standard in force today at the office, and whether its services are open now."""
    now = timezone.now()
    chosen = get_object_or_404(Office.objects.prefetch_related("service_hours"), slug=slug)
    context = {
        "office": chosen,
        "standard": chosen.standards.filter(valid_from__lte=chosen.local_date(now)).first(),
        "opening_states": opening_states(chosen, now),
        "contacts": contacts_of(chosen),
    }
    return render(request, "offices/office.html", context)
