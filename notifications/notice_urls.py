from django.urls import path

from notifications import notice_views

urlpatterns = [
    path("", notice_views.notice_list, name="notice_list"),
    path("dibaca/", notice_views.notices_read, name="notices_read"),
    path("<int:pk>/", notice_views.notice_open, name="notice_open"),
]
