"""Signing in, slower after repeated failures, signing out, and changing one's password."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from offices.duties import duties_of
from offices.guessing import tell_later
from offices.http import right_required
from offices.known_browsers import browser_of, remember
from offices.navigation import desk_frame
from offices.rights import Right
from throttle import limits
from throttle.client_address import client_address
from throttle.limits import Pace

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from offices.http import DeskRequest
    from offices.models import Staff

EARLY = "early"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
# One account from one address, or in a browser it signed in before; and, beyond what people can mistype, one account
# from wherever, and one address with whatever names: a whole office may share it.
PER_PAIR = Pace(5, 5 * SECOND, timedelta(minutes=2), HOUR)
PER_BROWSER = Pace(10, 5 * SECOND, timedelta(minutes=2), HOUR)
PER_ACCOUNT = Pace(100, SECOND, 10 * SECOND, HOUR)
PER_ADDRESS = Pace(300, SECOND, 10 * SECOND, HOUR)
TOLD_AT = frozenset(10 * 2**doubled for doubled in range(20))  # of an account's wrong tries: 10, 20, 40 ...


class SignInForm(AuthenticationForm):
    """Name and password; every try is counted before the password is looked at, and taken back if it was right.

    Names that no account has are counted and answered like any other.
    """

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
        tries = self._paces(username.casefold())
        for done, (action, key, pace) in enumerate(tries):
            attempt = limits.slow_down(action, key, pace, now=self.now)
            if attempt.early_until is not None:
                _forgive(tries[:done])
                raise ValidationError(_early_message(attempt.early_until - self.now), code=EARLY)
        try:
            cleaned = super().clean()
        except ValidationError:
            if attempt.number in TOLD_AT:
                tell_later(username, attempt.number)
            raise
        _forgive(tries)
        return cleaned

    def _paces(self, name: str) -> list[tuple[str, str, Pace]]:
        """What a try counts for. The last one counts the tries at the account itself."""
        if browser := browser_of(self.request, name):
            return [("sign_in.browser", f"{browser}:{name}", PER_BROWSER)]
        address = client_address(self.request)
        return [
            ("sign_in.address", address, PER_ADDRESS),
            ("sign_in.pair", f"{address}:{name}", PER_PAIR),
            ("sign_in.account", name, PER_ACCOUNT),
        ]

    def confirm_login_allowed(self, user: Staff) -> None:
        """Refuse, once the password was right, whoever has nothing to do here today."""
        super().confirm_login_allowed(user)
        if not duties_of(user, self.now).may(Right.SIGN_IN):
            raise ValidationError(self.error_messages["no_appointment"], code="no_appointment")


def _forgive(tries: list[tuple[str, str, Pace]]) -> None:
    for action, key, _ in tries:
        limits.forgive(action, key)


def _early_message(pause: timedelta) -> str:
    seconds = max(math.ceil(pause.total_seconds()), 1)
    return f"Terlalu banyak percobaan. Silakan coba lagi dalam {seconds} detik."


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

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        remember(self.request, response, form.cleaned_data["username"])
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        status = HTTPStatus.TOO_MANY_REQUESTS if form.has_error(NON_FIELD_ERRORS, EARLY) else HTTPStatus.OK
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_default_redirect_url(self) -> str:
        return reverse(desk_frame(cast("DeskRequest", self.request).duties).home)


class PasswordForm(PasswordChangeForm):
    error_messages = {
        "password_incorrect": "Kata sandi saat ini belum sesuai.",
        "password_mismatch": "Kedua kata sandi baru tidak sama.",
    }

    user: Staff

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Kata sandi saat ini"
        self.fields["new_password1"].label = "Kata sandi baru"
        self.fields[
            "new_password1"
        ].help_text = "Sekurang-kurangnya 12 karakter, misalnya beberapa kata yang tidak berkaitan; bukan hanya angka, nama Bapak/Ibu, atau nama kantor."
        self.fields["new_password2"].label = "Ulangi kata sandi baru"
        self.fields["new_password2"].help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        new = cleaned.get("new_password1")
        if new and new == cleaned.get("old_password"):
            self.add_error("new_password1", "Kata sandi baru harus berbeda dari kata sandi saat ini.")
        return cleaned

    def save(self, commit: bool = True) -> Staff:  # noqa: FBT001, FBT002 - Django's signature
        """From now on the password is the person's own."""
        self.user.must_change_password = False
        super().save(commit)
        return self.user


@form_page
@method_decorator(right_required(Right.ACCOUNT), name="dispatch")
class PasswordView(PasswordChangeView):
    template_name = "registration/password_change.html"
    form_class = PasswordForm
    success_url = reverse_lazy("password_change")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, "Kata sandi telah diganti. Sesi di perangkat lain telah diakhiri.")
        return super().form_valid(form)
