from django.contrib.auth.views import LogoutView
from django.urls import path

from offices import signin, views

urlpatterns = [
    path("", views.office_list, name="office_list"),
    path("masuk/", signin.SignInView.as_view(), name="sign_in"),
    path("keluar/", LogoutView.as_view(), name="sign_out"),
    path("sandi/", signin.PasswordView.as_view(), name="password_change"),
]
