from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.decorators.http import require_POST

from offices import signin, views

urlpatterns = [
    path("", views.office_list, name="office_list"),
    path("masuk/", signin.SignInView.as_view(), name="sign_in"),
    path("keluar/", require_POST(LogoutView.as_view()), name="sign_out"),
    path("sandi/", signin.PasswordView.as_view(), name="password_change"),
]
