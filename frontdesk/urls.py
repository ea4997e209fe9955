from django.urls import path

from frontdesk.views import session

urlpatterns = [
    path("meja/sesi/", session.session_list, name="service_session_list"),
    path("meja/sesi/mulai/", session.start_session, name="start_session"),
    path("meja/sesi/<int:pk>/", session.service_session, name="service_session"),
    path("meja/sesi/<int:pk>/draf/", session.save_draft, name="save_session_draft"),
    path("meja/sesi/<int:pk>/cari/", session.session_lookup, name="session_lookup"),
    path("meja/sesi/<int:pk>/saran/", session.session_hints, name="session_hints"),
]
