"""The staff's pages stand first: an office's address is any one word."""

from django.urls import path

from answers.views import desk, public

DESK, PUBLIC = "meja/tanya-jawab/", "<slug:slug>/tanya-jawab/"

urlpatterns = [
    path(DESK, desk.answer_list, name="answer_list"),
    path(f"{DESK}<int:pk>/", desk.answer_edit, name="answer_edit"),
    path(f"{DESK}<int:pk>/tarik/", desk.answer_withdraw, name="answer_withdraw"),
    path("meja/konsultasi/<slug:number>/terbitkan/", desk.answer_publish, name="answer_publish"),
    path(PUBLIC, public.public_answers, name="public_answers"),
    path(f"{PUBLIC}mirip/", public.similar_answers, name="similar_answers"),
    path(f"{PUBLIC}<slug:answer>/", public.public_answer, name="public_answer"),
    path(f"{PUBLIC}<slug:answer>/membantu/", public.answer_helped, name="answer_helped"),
]
