from django.urls import path

from surveys import views

urlpatterns = [
    path("laporan/skm/", views.report, name="survey_report"),
    path("laporan/skm/poster/", views.poster, name="survey_poster"),
    path("lacak/nilai/<str:token>/", views.rate_answer, name="rate_answer"),
    path("<slug:slug>/survei/", views.survey, name="survey"),
    path("<slug:slug>/survei/hasil/", views.published, name="survey_results"),
    path("<slug:slug>/survei/terima-kasih/", views.thanks, name="survey_thanks"),
    path("<slug:slug>/survei/<str:token>/", views.survey, name="survey_invited"),
]
