"""The one door to an answer: what may not be seen does not exist (404)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from answers.models import PublicAnswer

if TYPE_CHECKING:
    from offices.duties import Duties
    from offices.models import Office


def answer_for(duties: Duties, pk: int) -> PublicAnswer:
    """An answer of the staff member's own office, withdrawn ones included; raises Http404."""
    found = PublicAnswer.objects.visible_to(duties).defer("search")
    return get_object_or_404(
        found.select_related("office", "category", "source__stakeholder__satker", "source__officer"), pk=pk
    )


def published_answer(office: Office, slug: str) -> PublicAnswer:
    """An answer by its public address, withdrawn and expired ones included; raises Http404."""
    found = PublicAnswer.objects.filter(office=office).defer("search").select_related("category")
    return get_object_or_404(found, slug=slug)
