"""Held questions: what their sender is told, and the officer's decision."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultations.access import held_by_token, held_for
from consultations.errors import RuleError
from consultations.forms.held import RejectForm
from consultations.held import accept, reject
from consultations.models import HeldSubmission
from consultations.tokens import token_of
from offices.contacts import contacts_of
from offices.enums import Role
from offices.http import office_of, role_required

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from offices.http import DeskRequest

SHOWN = 25  # the longest waiting; the rest follows as these are decided


@require_safe
@login_not_required
@never_cache
def held_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The sender's page: waiting for an officer, or where it led."""
    held = held_by_token(token)
    context = {
        "office": held.office,
        "held": held,
        "contacts": contacts_of(held.office),
        "tracking_token": token_of(held.consultation) if held.consultation else "",
    }
    response = render(request, "consultations/public/held.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
@role_required(Role.CSO)
def held_list(request: DeskRequest) -> HttpResponse:
    return _page(request)


@require_POST
@role_required(Role.CSO)
def held_accept(request: DeskRequest, pk: int) -> HttpResponse:
    held = held_for(request.duties, pk)
    try:
        consultation = accept(held, by=request.user, now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("held_list")
    messages.success(request, f"Kiriman {held.reference} menjadi konsultasi, dihitung sejak saat dikirim.")
    return redirect(consultation)


@require_POST
@role_required(Role.CSO)
def held_reject(request: DeskRequest, pk: int) -> HttpResponse:
    held, form = held_for(request.duties, pk), RejectForm(request.POST, auto_id=f"id_{pk}_%s")
    if not form.is_valid():
        return _page(request, refused=(held.pk, form))
    try:
        reject(held, form.cleaned_data["reason"], by=request.user, now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Kiriman {held.reference} ditolak.")
    return redirect("held_list")


def _page(request: DeskRequest, refused: tuple[int, RejectForm] | None = None) -> HttpResponse:
    """What waits, the longest first; a refused form stands at its row."""
    waiting = list(
        HeldSubmission.objects.visible_to(request.duties)
        .waiting()
        .select_related("category")
        .prefetch_related("files")
        .order_by("submitted_at", "pk")[: SHOWN + 1]
    )
    pk, form = refused or (0, None)
    context = {
        "office": office_of(request),
        "rows": [
            (held, form if form and held.pk == pk else RejectForm(auto_id=f"id_{held.pk}_%s"))
            for held in waiting[:SHOWN]
        ],
        "has_more": len(waiting) > SHOWN,
        "refused_form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "consultations/desk/held_list.html", context, status=status)
