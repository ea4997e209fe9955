"""Django's admin as the place where an office changes its calendar, units, people and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone

from offices.enums import Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.template.response import TemplateResponse

    from offices.http import DeskRequest


class DeskAdminConfig(AdminConfig):
    default_site = "offices.admin_site.DeskAdminSite"


class DeskAdminSite(admin.AdminSite):
    """Open to the administrator of an office, to its head for reading, and to superusers."""

    site_title = "Administrasi"
    site_header = "Administrasi Layanan Konsultasi"
    index_title = "Kalender, unit, pegawai, dan standar pelayanan"
    site_url = "/meja/"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if not user.is_active:
            return False
        duties = cast("DeskRequest", request).duties
        return user.is_superuser or duties.has_role(Role.OFFICE_ADMIN, Role.OFFICE_HEAD)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002 - Django's signature
        """Send on whoever may enter; the middleware has sent the others to the sign-in page, which locks out."""
        if self.has_permission(request):
            return redirect("admin:index")
        raise PermissionDenied

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        # Models can be imported only once the apps are loaded, which this module helps to do.
        from offices.national_days import years_without_collective_leave  # noqa: PLC0415

        for year in years_without_collective_leave([timezone.localdate().year + 1]):
            messages.warning(
                request,
                f"Cuti bersama tahun {year} belum tersedia di kalender. "
                "Tenggat yang melewati tahun baru dapat terhitung terlalu awal.",
            )
        return super().index(request, extra_context)
