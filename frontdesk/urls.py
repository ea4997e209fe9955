from django.urls import path

from frontdesk.views import board

urlpatterns = [
    path("<slug:slug>/papan/", board.board, name="queue_board"),
    path("<slug:slug>/papan/siaran/", board.board_stream, name="queue_stream"),
]
