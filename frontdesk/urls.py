"""The queue's pages: the visitor's, then the officer's. An office's address is any one word, so those come last."""

from django.urls import path

from frontdesk.views import board, booking, desk, kiosk, session, visitor

urlpatterns = [
    path("antrean/pesanan/<str:token>/", booking.booking, name="booking"),
    path("antrean/pesanan/<str:token>/batal/", booking.booking_cancel, name="booking_cancel"),
    path("antrean/pesanan/<str:token>/hadir/", booking.booking_check_in, name="booking_check_in"),
    path("antrean/<str:token>/", visitor.queue_follow, name="queue_follow"),
    path("antrean/<str:token>/karcis/", visitor.queue_slip, name="queue_slip"),
    path("antrean/<str:token>/batal/", visitor.queue_withdraw, name="queue_withdraw"),
    path("meja/antrean/", desk.queue_desk, name="queue_desk"),
    path("meja/antrean/loket/<int:pk>/buka/", desk.counter_open, name="counter_open"),
    path("meja/antrean/pesanan/<int:pk>/hadir/", desk.booking_arrive, name="booking_arrive"),
    *(
        path(f"meja/antrean/{act.path}/", desk.queue_act, {"act": act}, name=act.url_name)
        for act in desk.ACTS
    ),
    path("meja/sesi/", session.session_list, name="service_session_list"),
    path("meja/sesi/mulai/", session.start_session, name="start_session"),
    path("meja/sesi/<int:pk>/", session.service_session, name="service_session"),
    path("meja/sesi/<int:pk>/draf/", session.save_draft, name="save_session_draft"),
    path("meja/sesi/<int:pk>/cari/", session.session_lookup, name="session_lookup"),
    path("meja/sesi/<int:pk>/saran/", session.session_hints, name="session_hints"),
    path("<slug:slug>/antrean/", kiosk.queue_kiosk, name="queue_kiosk"),
    path("<slug:slug>/antrean/pesan/", booking.booking_form, name="booking_form"),
    path("<slug:slug>/papan/", board.board, name="queue_board"),
    path("<slug:slug>/papan/siaran/", board.board_stream, name="queue_stream"),
]
