from django.urls import path

from consultations.forms.ticket import ACT_FORMS, ITEM_FORMS
from consultations.views import desk, held, intake, messages, progress, ticket

TICKET = "konsultasi/<slug:number>/"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("konsultasi/", desk.consultation_list, name="consultation_list"),
    path("konsultasi/baru/", intake.intake, name="intake"),
    path("konsultasi/baru/cari/", intake.intake_lookup, name="intake_lookup"),
    path("konsultasi/baru/kategori/", intake.intake_category, name="intake_category"),
    path("progres/", progress.progress_today, name="progress_today"),
    path("progres/<slug:number>/", progress.progress_send, name="progress_send"),
    path("tertahan/", held.held_list, name="held_list"),
    path("tertahan/tolak/", held.held_reject, name="held_reject"),
    path("tertahan/ditolak/", held.held_rejected, name="held_rejected"),
    path("tertahan/<int:pk>/terima/", held.held_accept, name="held_accept"),
    path(
        "tertahan/<int:pk>/terima-juga/",
        held.held_accept,
        {"after_rejection": True},
        name="held_accept_rejected",
    ),
    path("tertahan/berkas/<int:pk>/", held.held_file, name="held_file"),
    path("pesan/<int:pk>/alamat/", messages.message_address, name="message_address"),
    path("lampiran/<uuid:public_id>/", ticket.attachment, name="attachment"),
    path(TICKET, ticket.consultation, name="consultation"),
    path(f"{TICKET}tanda-terima/", intake.desk_receipt, name="desk_receipt"),
    path(f"{TICKET}tanda-terima/tautan/", intake.desk_receipt_link, name="desk_receipt_link"),
    *(
        path(f"{TICKET}{form.path}/", ticket.act, {"form_class": form}, name=form.url_name)
        for form in ACT_FORMS
    ),
    *(
        path(
            f"{TICKET}dokumen/<int:pk>/{form.path}/",
            ticket.item_act,
            {"form_class": form},
            name=form.url_name,
        )
        for form in ITEM_FORMS
    ),
]
