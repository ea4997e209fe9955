"""The stakeholder's pages. The form's address begins with an office's, so this list stands after the desk's."""

from django.urls import path

from consultations.views import held, my_consultations, public, tracking

urlpatterns = [
    path("lacak/", tracking.track_find, name="track_find"),
    path("lacak/saya/<str:token>/", my_consultations.my_consultations, name="my_consultations"),
    path("lacak/tertahan/<str:token>/", held.held_receipt, name="held_receipt"),
    path("lacak/<str:token>/", tracking.track, name="track"),
    path("lacak/<str:token>/tanda-terima/", tracking.public_receipt, name="public_receipt"),
    path("lacak/<str:token>/cetak/", tracking.track_print, name="track_print"),
    path("lacak/<str:token>/berkas/<uuid:public_id>/", tracking.track_file, name="track_file"),
    path("lacak/<str:token>/balas/", tracking.track_reply, name="track_reply"),
    path("lacak/<str:token>/unggah/<int:item>/", tracking.track_upload, name="track_upload"),
    path("lacak/<str:token>/selesai/", tracking.track_close, name="track_close"),
    path("lacak/<str:token>/buka-kembali/", tracking.track_reopen, name="track_reopen"),
    path("lacak/<str:token>/laporkan/", tracking.track_report, name="track_report"),
    path("lacak/<str:token>/lanjutan/", tracking.track_further, name="track_further"),
    path("lacak/<str:token>/topik/", tracking.track_topic, name="track_topic"),
    path("<slug:slug>/konsultasi/", public.public_form, name="public_form"),
]
