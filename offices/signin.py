"""Signing in, with a lock-out after repeated failures, signing out, and changing one's password."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from offices.dates import format_time, to_local
from offices.duties import duties_of
from offices.http import right_required
from offices.navigation import desk_frame
from offices.rights import Right
from throttle import limits
from throttle.client_address import client_address

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from offices.http import DeskRequest
    from offices.models import Staff

LOCKED = "locked"
WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 5
TRIES_PER_ADDRESS = 50  # a whole office may share one address


class SignInForm(AuthenticationForm):
    """Name and password; every try is counted before the password is looked at, and taken back if it was right."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "Nama pengguna atau kata sandi belum sesuai. Silakan periksa kembali, termasuk huruf besar dan kecil.",
        "no_appointment": "Akun Bapak/Ibu tidak memiliki penugasan yang berlaku hari ini. Silakan hubungi administrator kantor.",
    }

    request: HttpRequest

    def __init__(self, request: HttpRequest, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.now = now
        self.fields["username"].label = "Nama pengguna"
        self.fields["password"].label = "Kata sandi"

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        if not username or not self.cleaned_data.get("password"):
            return self.cleaned_data
        tries = (
            ("sign_in.account", username.casefold(), TRIES_PER_ACCOUNT),
            ("sign_in.address", client_address(self.request), TRIES_PER_ADDRESS),
        )
        refused_until = [
            limits.hit(action, key, limit=limit, per=WINDOW, now=self.now) for action, key, limit in tries
        ]
        if any(refused_until):
            raise ValidationError(_locked_message(max(filter(None, refused_until))), code=LOCKED)
        cleaned = super().clean()
        for action, key, _ in tries:
            limits.forgive(action, key)
        return cleaned

    def confirm_login_allowed(self, user: Staff) -> None:
        """Refuse, once the password was right, whoever has nothing to do here today."""
        super().confirm_login_allowed(user)
        if not duties_of(user, self.now).may(Right.SIGN_IN):
            raise ValidationError(self.error_messages["no_appointment"], code="no_appointment")


def _locked_message(until: datetime) -> str:
    """Names the first whole minute at which another try is let through, in the zone of the installation."""
    local = to_local(until + timedelta(seconds=59), ZoneInfo(settings.TIME_ZONE))
    return f"Terlalu banyak percobaan. Silakan coba lagi pukul {format_time(local)} {local.tzname()}."


form_page = method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")


@form_page
class SignInView(LoginView):
    template_name = "registration/sign_in.html"
    authentication_form = SignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A fragment asked for after the session ended must not become a sign-in form inside a page."""
        if request.headers.get("HX-Request"):
            return HttpResponseClientRefresh()
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "now": timezone.now()}

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        status = HTTPStatus.TOO_MANY_REQUESTS if form.has_error(NON_FIELD_ERRORS, LOCKED) else HTTPStatus.OK
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_default_redirect_url(self) -> str:
        return reverse(desk_frame(cast("DeskRequest", self.request).duties).home)


class PasswordForm(PasswordChangeForm):
    error_messages = {
        "password_incorrect": "Kata sandi saat ini belum sesuai.",
        "password_mismatch": "Kedua kata sandi baru tidak sama.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Kata sandi saat ini"
        self.fields["new_password1"].label = "Kata sandi baru"
        self.fields[
            "new_password1"
        ].help_text = "Sekurang-kurangnya 12 karakter, bukan kata sandi yang umum dipakai, dan tidak mirip dengan nama Bapak/Ibu."
        self.fields["new_password2"].label = "Ulangi kata sandi baru"
        self.fields["new_password2"].help_text = ""


@form_page
@method_decorator(right_required(Right.ACCOUNT), name="dispatch")
class PasswordView(PasswordChangeView):
    template_name = "registration/password_change.html"
    form_class = PasswordForm
    success_url = reverse_lazy("password_change")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, "Kata sandi telah diganti. Sesi di perangkat lain telah diakhiri.")
        return super().form_valid(form)
