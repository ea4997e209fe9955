"""The list of satuan kerja as the system administrator keeps it."""
# mypy: disable-error-code="type-arg"
# Django's admin classes are generic for the type checker only.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from offices.admin import DutyRights, OfficeScopedAdmin
from offices.rights import Right
from stakeholders.models import PersonLookup, Satker

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(Satker)
class SatkerAdmin(DutyRights, admin.ModelAdmin):
    """Shared by all offices, and so changed by the system administrator alone; nobody deletes whom somebody spoke for.

    An office's desk records a satker that is not in the list under the name it is given.
    """

    right_to_change = Right.CHANGE_SHARED

    list_display = ("code", "name", "ministry_name", "is_listed")
    list_filter = ("is_listed",)
    search_fields = ("code", "name")

    def is_own(self, request: HttpRequest, obj: Any) -> bool:  # noqa: ARG002 - every office's
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return False


@admin.register(PersonLookup)
class PersonLookupAdmin(OfficeScopedAdmin):
    """Read by the office's head and administrator, and changed by nobody."""

    list_display = ("at", "staff", "stakeholder", "office")
    list_select_related = ("staff", "stakeholder", "office")
    search_fields = ("staff__full_name", "stakeholder__name")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return False
