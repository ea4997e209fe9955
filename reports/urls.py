from django.urls import path

from reports import views

urlpatterns = [path("<slug:slug>/", views.office, name="office")]
