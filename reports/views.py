"""The public page of an office: the service standard it promises, and how the promise is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices.contacts import contacts_of, map_url
from offices.corrections import lines_of
from offices.models import Office
from offices.service_hours import opening_states
from reports.figures import figures_of
from reports.linked_data import government_service

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_not_required
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """The standard in force today at the office, whether its services are open now, and the month's figures."""
    now = timezone.now()
    chosen = get_object_or_404(Office, slug=slug)
    standard = chosen.standards.filter(valid_from__lte=chosen.local_date(now)).first()
    context = {
        "office": chosen,
        "standard": standard,
        "first_online_step": len(lines_of(standard.procedure_face_to_face)) + 1 if standard else 1,
        "opening_states": opening_states(chosen, now),
        "contacts": contacts_of(chosen),
        "map_url": map_url(chosen),
        "figures": figures_of(chosen, now),
        "linked_data": government_service(chosen, chosen.local_date(now)),
    }
    return render(request, "reports/office.html", context)
