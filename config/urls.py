from django.contrib import admin
from django.urls import include, path

from config import views

handler400 = "config.views.bad_request"
handler403 = "config.views.permission_denied"
handler404 = "config.views.page_not_found"
handler500 = "config.views.server_error"

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("healthz/detail", views.health_detail, name="health_detail"),
    path("metrics", views.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("meja/pesan/", include("notifications.urls")),
    path("meja/pemberitahuan/", include("notifications.notice_urls")),
    path("peraturan/", include("regulations.urls")),
    path("meja/", include("consultations.urls.desk")),
    path("", include("escalations.urls")),
    path("", include("frontdesk.urls")),
    path("", include("answers.urls")),
    path("", include("surveys.urls")),
    path("", include("consultations.urls.public")),
    path("", include("offices.urls")),
    # Last: an office's address is any one word.
    path("", include("reports.urls")),
]
