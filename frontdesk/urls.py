"""The queue's pages: the visitor's, then the officer's. An office's address is any one word, so those come last."""

from django.urls import path

from frontdesk.views import board, booking, desk, kiosk, visitor

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
    path("<slug:slug>/antrean/", kiosk.queue_kiosk, name="queue_kiosk"),
    path("<slug:slug>/antrean/pesan/", booking.booking_form, name="booking_form"),
    path("<slug:slug>/papan/", board.board, name="queue_board"),
    path("<slug:slug>/papan/siaran/", board.board_stream, name="queue_stream"),
]
