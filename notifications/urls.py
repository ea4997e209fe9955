from django.urls import path

from notifications import views

urlpatterns = [
    path("", views.message_list, name="message_list"),
    path("<int:pk>/", views.message_detail, name="message_detail"),
    path("<int:pk>/kirim-ulang/", views.message_resend, name="message_resend"),
]
