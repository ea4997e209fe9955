"""Counters and the rules of the queue, as an office's administrator keeps them."""
# mypy: disable-error-code="type-arg"
# Django's admin classes are generic for the type checker only.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import CheckboxSelectMultiple, ModelForm

from frontdesk.models import Counter, QueueSettings
from offices.admin import OfficeScopedAdmin, duties, is_keeper
from offices.models import Category

if TYPE_CHECKING:
    from django.db.models import ManyToManyField
    from django.forms import ModelMultipleChoiceField
    from django.http import HttpRequest


class CounterForm(ModelForm):
    def clean(self) -> dict[str, Any]:
        """A counter serves categories of its own office; only the system administrator is offered others."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        office = said.get("office")
        if any(category.office_id != getattr(office, "pk", None) for category in said.get("categories", ())):
            self.add_error("categories", ValidationError("Pilih kategori kantor ini saja.", code="office"))
        return said


@admin.register(Counter)
class CounterAdmin(OfficeScopedAdmin):
    form = CounterForm
    list_display = ("__str__", "name", "is_active", "office")
    list_filter = ("is_active",)
    list_select_related = ("office",)
    fields = ("office", "number", "name", "is_active", "categories")

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        kwargs["widget"] = CheckboxSelectMultiple()
        if not is_keeper(request):
            kwargs["queryset"] = Category.objects.filter(office=duties(request).office_id)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(QueueSettings)
class QueueSettingsAdmin(OfficeScopedAdmin):
    list_display = ("office", "regulars_between_priorities", "longest_wait_minutes", "slot_capacity")
    list_select_related = ("office",)
    fieldsets = (
        (None, {"fields": ("office",)}),
        (
            "Urutan panggilan",
            {"fields": ("regulars_between_priorities", "longest_wait_minutes", "returns", "return_after")},
        ),
        ("Pemesanan jadwal", {"fields": ("takes_bookings", "slot_minutes", "slot_capacity", "booking_days")}),
        ("Papan antrean", {"fields": ("has_voice",)}),
    )
