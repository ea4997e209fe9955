from django.urls import path

from regulations import views

urlpatterns = [
    path("", views.regulation_list, name="regulation_list"),
    path("cari/", views.regulation_search, name="regulation_search"),
]
