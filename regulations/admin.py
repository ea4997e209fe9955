"""The library as an office's administrator keeps it."""
# mypy: disable-error-code="type-arg"
# Django's admin classes are generic for the type checker only.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from offices.admin import DutyRights
from offices.rights import Right
from regulations.models import Regulation

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(Regulation)
class RegulationAdmin(DutyRights, admin.ModelAdmin):
    """Shared by all offices, and so changed by the system administrator alone; nobody deletes what answers rest on."""

    right_to_change = Right.CHANGE_SHARED

    list_display = ("short_citation", "title", "status", "is_verified")
    list_filter = ("status", "is_verified", "kind")
    search_fields = ("number", "title", "subject")

    def is_own(self, request: HttpRequest, obj: Any) -> bool:  # noqa: ARG002 - every office's
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return False
