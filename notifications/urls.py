from django.urls import path

from notifications import text_views, views

urlpatterns = [
    path("", views.message_list, name="message_list"),
    path("<int:pk>/", views.message_detail, name="message_detail"),
    path("<int:pk>/kirim-ulang/", views.message_resend, name="message_resend"),
    path("teks/", text_views.message_text_list, name="message_text_list"),
    path("teks/<str:kind>/", text_views.message_text, name="message_text"),
    path("teks/<str:kind>/bawaan/", text_views.message_text_reset, name="message_text_reset"),
]
