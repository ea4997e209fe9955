from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from config import views

handler400 = "config.views.bad_request"

urlpatterns = [
    path("healthz", views.health, name="health"),
    # The admin's own sign-in page knows no lock-out.
    path(
        "admin/login/",
        login_not_required(RedirectView.as_view(pattern_name="sign_in", query_string=True)),
    ),
    path("admin/", admin.site.urls),
    # Last: an office's address is any one word.
    path("", include("offices.urls")),
]
