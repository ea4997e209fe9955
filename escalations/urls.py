from django.urls import path

from escalations import views

urlpatterns = [
    path("eskalasi/", views.escalation_inbox, name="escalation_inbox"),
    path("eskalasi/<int:pk>/", views.escalation, name="escalation"),
    path("eskalasi/<int:pk>/terima/", views.accept, name="accept_escalation"),
    path("eskalasi/<int:pk>/jawab/", views.answer, name="answer_escalation"),
    path("eskalasi/<int:pk>/kembalikan/", views.give_back, name="return_escalation"),
    path("eskalasi/<int:pk>/teruskan/", views.forward, name="forward_escalation"),
    path("meja/konsultasi/<str:number>/eskalasi/", views.escalate, name="escalate"),
    path("meja/konsultasi/<str:number>/eskalasi/<int:pk>/tarik/", views.withdraw, name="withdraw_escalation"),
]
