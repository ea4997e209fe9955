"""What an office's administrator changes without a developer."""
# mypy: disable-error-code="type-arg"
# Django's admin classes are generic for the type checker only.

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.db.models import Q
from django.forms import BaseInlineFormSet, model_to_dict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from offices.account_news import AccountEvent, AccountNews, tell
from offices.calendar import Interval, are_apart
from offices.dates import format_date
from offices.enums import Role
from offices.models import (
    Appointment,
    Category,
    Holiday,
    Office,
    ServiceHours,
    ServiceStandard,
    SpecialHours,
    SpecialInterval,
    Staff,
    Unit,
)
from offices.models.workdays import OVERLAPPING_HOURS
from offices.rights import Right

if TYPE_CHECKING:
    from django.forms import ModelChoiceField, ModelForm
    from django.http import HttpRequest, HttpResponse

    from offices.duties import Duties
    from offices.http import DeskRequest

STANDARD_TERMS = (
    "decree_number",
    "valid_from",
    "session_minutes",
    "session_warning_minutes",
    "answer_working_days",
    "progress_every_working_days",
    "close_after_working_days",
    "head_answer_working_hours",
)

admin.site.unregister(Group)


def duties(request: HttpRequest) -> Duties:
    return cast("DeskRequest", request).duties


class DutyRights:
    """Rights from the matrix instead of Django's permissions, and only over what is the office's own."""

    right_to_change = Right.CHANGE_SETTINGS
    view_on_site: Any = False  # an address that Django makes for any row of any office

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return duties(request).may(Right.READ_SETTINGS) and self.is_own(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return duties(request).may(self.right_to_change) and self.is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def is_own(self, request: HttpRequest, obj: Any) -> bool:
        """Whether a row is the office's; no row at all asks for the right as such. All rows are their keeper's."""
        if obj is None or is_keeper(request):
            return True
        office_id: int | None = obj.pk if isinstance(obj, Office) else obj.office_id
        return office_id == duties(request).office_id


def is_keeper(request: HttpRequest) -> bool:
    """Whether who asks keeps what all offices share."""
    return duties(request).may(Right.CHANGE_SHARED)


class OfficeScopedAdmin(DutyRights, admin.ModelAdmin):
    """Shows and offers only what belongs to the office of who is signed in."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = super().get_queryset(request)
        return rows if is_keeper(request) else self.rows_of(rows, duties(request).office_id)

    def rows_of(self, rows: models.QuerySet, office_id: int) -> models.QuerySet:
        return rows.filter(office=office_id)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if not is_keeper(request):
            office_id = duties(request).office_id
            if db_field.related_model is Office:
                own = Office.objects.filter(pk=office_id)
                kwargs.update(queryset=own, initial=office_id, empty_label=None, required=True)
            else:
                kwargs["queryset"] = db_field.related_model._default_manager.filter(office=office_id)  # noqa: SLF001 - Django's public Meta API
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class HoursFormSet(BaseInlineFormSet):
    """Compares the intervals of a day with one another as they were typed, not with those stored before."""

    def clean(self) -> None:
        super().clean()
        days = defaultdict[tuple[str, int], list[Interval]](list)
        for form in self.forms:
            typed = form.cleaned_data if form.is_valid() else {}
            if not typed or typed.get("DELETE"):
                continue
            hours = days[typed.get("service", ""), typed["weekday"]]
            hours.append(Interval(typed["opens_at"], typed["closes_at"]))
            if not are_apart(hours):
                form.add_error("opens_at", OVERLAPPING_HOURS)


class ServiceHoursInline(DutyRights, admin.TabularInline):
    """Two intervals of one day have a break between them."""

    model = ServiceHours
    verbose_name_plural = "jam layanan (dua baris untuk hari yang sama mengapit istirahat)"
    formset = HoursFormSet
    fields = ("service", "weekday", "opens_at", "closes_at")
    extra = 0


class SpecialIntervalInline(DutyRights, admin.TabularInline):
    model = SpecialInterval
    formset = HoursFormSet
    fields = ("weekday", "opens_at", "closes_at")
    extra = 1


@admin.register(Office)
class OfficeAdmin(OfficeScopedAdmin):
    """An office changes itself; to open or close one is the system administrator's."""

    list_display = ("name", "kanwil", "time_zone", "phone")
    inlines = (ServiceHoursInline,)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def view_on_site(self, obj: Office) -> str:
        return obj.get_absolute_url()

    def rows_of(self, rows: models.QuerySet, office_id: int) -> models.QuerySet:
        return rows.filter(pk=office_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 - Django's signature
        return () if is_keeper(request) else ("slug", "number_prefix")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return is_keeper(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return is_keeper(request)


@admin.register(Unit)
class UnitAdmin(OfficeScopedAdmin):
    list_display = ("name", "code", "kind", "office")
    list_select_related = ("office",)


@admin.register(Staff)
class StaffAdmin(OfficeScopedAdmin, UserAdmin):
    """Accounts; what each may do is entered as an appointment. Who left is made inactive, never deleted."""

    list_display = ("full_name", "username", "email", "office", "is_active", "must_change_password")
    list_filter = ("is_active",)
    list_select_related = ("office",)
    search_fields = ("full_name", "username", "email")
    ordering = ("full_name",)
    filter_horizontal = ()
    fieldsets = ((None, {"fields": ("username", "password", "full_name", "email", "office", "is_active")}),)
    add_fieldsets = (
        (None, {"fields": ("username", "full_name", "email", "office", "password1", "password2")}),
    )

    @method_decorator(sensitive_post_parameters())
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - Django's signature
        """Setting somebody's password ends their sessions, is told to them and their head, and holds for one sign-in."""
        if id == str(request.user.pk):
            return redirect("password_change")
        before = self.get_object(request, id)
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            after = self.get_object(request, id)
            if before is not None and after is not None and after.password != before.password:
                self._set_by_another(request, after)
        return response

    def save_model(self, request: HttpRequest, obj: Staff, form: ModelForm, change: bool) -> None:  # noqa: FBT001 - Django's signature
        before = Staff.objects.select_related("office").filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        by = cast("DeskRequest", request).user
        if before is None:
            self._set_by_another(request, obj)
        elif before.email != obj.email and obj.pk != by.pk:
            tell(AccountNews(AccountEvent.ADDRESS_CHANGED, before, timezone.now(), by=by))

    def _set_by_another(self, request: HttpRequest, staff: Staff) -> None:
        staff.must_change_password = True
        staff.save(update_fields=["must_change_password"])
        by = cast("DeskRequest", request).user
        tell(AccountNews(AccountEvent.PASSWORD_SET, staff, timezone.now(), by=by))

    def rows_of(self, rows: models.QuerySet, office_id: int) -> models.QuerySet:
        """Superusers are left out: setting their password would be becoming one."""
        return rows.filter(office=office_id, is_superuser=False)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return is_keeper(request)


@admin.register(Appointment)
class AppointmentAdmin(OfficeScopedAdmin):
    list_display = ("staff", "title", "starts_on", "ends_on", "office")
    list_filter = ("role", "kind")
    list_select_related = ("staff", "unit", "office")
    search_fields = ("staff__full_name", "unit__name")
    fields = ("office", "staff", "role", "unit", "kind", "starts_on", "ends_on")

    def save_model(self, request: HttpRequest, obj: Appointment, form: ModelForm, change: bool) -> None:  # noqa: FBT001 - Django's signature
        super().save_model(request, obj, form, change)
        if obj.role in (Role.UNIT_HEAD, Role.OFFICE_HEAD):
            about = f"{obj.title} mulai {format_date(obj.starts_on)}"
            by = cast("DeskRequest", request).user
            tell(AccountNews(AccountEvent.APPOINTED_HEAD, obj.staff, timezone.now(), by=by, about=about))

    @admin.display(description="jabatan")
    def title(self, appointment: Appointment) -> str:
        return appointment.title


@admin.register(Category)
class CategoryAdmin(OfficeScopedAdmin):
    list_display = ("name", "code", "unit", "is_active", "office")
    list_filter = ("is_active", ("unit", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("unit", "office")
    search_fields = ("name", "code")


@admin.register(ServiceStandard)
class ServiceStandardAdmin(OfficeScopedAdmin):
    """A version in force keeps its terms, for consultations were promised them; other terms are a new version."""

    list_display = ("decree_number", "valid_from", "session_minutes", "answer_working_days", "office")
    list_select_related = ("office",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: ServiceStandard | None = None
    ) -> tuple[str, ...]:
        in_force = obj is not None and obj.valid_from <= obj.office.local_date(timezone.now())
        return STANDARD_TERMS if in_force and not is_keeper(request) else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new version starts from the texts and terms of the office's latest."""
        latest = ServiceStandard.objects.filter(office=duties(request).office_id).first()
        terms = model_to_dict(latest, exclude=["id", "valid_from"]) if latest is not None else {}
        return terms | super().get_changeform_initial_data(request)


@admin.register(SpecialHours)
class SpecialHoursAdmin(OfficeScopedAdmin):
    """Half days, Ramadan, a counter closed for a day: the dates on which a service keeps hours of its own."""

    list_display = ("name", "service", "starts_on", "ends_on", "office")
    list_filter = ("service",)
    list_select_related = ("office",)
    date_hierarchy = "starts_on"
    search_fields = ("name",)
    fieldsets = (
        (
            None,
            {
                "fields": ("office", "service", "name", "starts_on", "ends_on"),
                "description": "Jam ini menggantikan jam layanan yang biasa pada tanggal tersebut. Hari tanpa jam buka "
                "berarti layanan tutup; hari libur tetap libur. Dua jam buka pada hari yang sama mengapit istirahat.",
            },
        ),
    )
    inlines = (SpecialIntervalInline,)


@admin.register(Holiday)
class HolidayAdmin(OfficeScopedAdmin):
    """National days are shown, and are the system administrator's; an office's own day overrides them."""

    list_display = ("date", "name", "kind", "office", "source")
    list_filter = ("kind",)
    list_select_related = ("office",)
    date_hierarchy = "date"
    ordering = ("-date",)
    search_fields = ("name",)
    fields = ("office", "date", "kind", "name", "source")
    readonly_fields = ("source",)

    def rows_of(self, rows: models.QuerySet, office_id: int) -> models.QuerySet:
        return rows.filter(Q(office__isnull=True) | Q(office=office_id))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(
            request, None if obj is not None and obj.office_id is None else obj
        )

    def save_model(self, request: HttpRequest, obj: Holiday, form: ModelForm, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """What somebody entered or changed is theirs, and the yearly sync leaves it alone."""
        obj.source = f"dicatat oleh {request.user}"
        super().save_model(request, obj, form, change)
