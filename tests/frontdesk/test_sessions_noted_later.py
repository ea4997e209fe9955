"""Every face to face consultation has its session; one taken down without says so and is in no average."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from consultations import actors, lifecycle
from consultations.enums import Channel, Source
from consultations.models import Consultation
from frontdesk import sessions
from frontdesk.figures import todays_figures
from frontdesk.models import ServiceSession
from offices.enums import Role
from tests.factories import ConsultationFactory, StaffFactory

pytestmark = pytest.mark.django_db
ANSWER = lifecycle.Resolution("Rekening pasif.")


@pytest.fixture
def by(cso):
    return actors.officer(cso)


@pytest.fixture
def intake(office, now):
    consultation = ConsultationFactory(office=office, now=now)
    return lifecycle.Intake(
        source=Source.COUNTER,
        category=consultation.category,
        stakeholder=consultation.stakeholder,
        contact=lifecycle.Contact("Siti", "+6281234567890"),
        question="Mengapa SP2D honor kami diretur?",
        received_at=now,
    )


@pytest.mark.parametrize(
    ("resolution", "outcome"),
    [
        (None, "tindak_lanjut"),
        (ANSWER, "selesai"),
        (lifecycle.Referral("KPP Pratama", "loket TPT"), "dirujuk"),
        (lifecycle.Departure("Bapak/Ibu telah pergi."), "pergi"),
    ],
)
def test_a_visit_noted_down_afterwards_has_a_session_that_says_so(
    office, cso, by, intake, minutes, resolution, outcome
):
    consultation = lifecycle.receive_at_desk(office, intake, by=by, now=minutes(90), resolution=resolution)
    session = consultation.service_session
    assert (session.outcome, session.officer, session.started_at) == (outcome, cso, intake.received_at)
    assert (session.is_noted_later, session.is_time_accurate) == (True, False)


def test_so_has_one_that_a_receptionist_took_down_and_a_topic_split_off(office, by, intake, now):
    whole = lifecycle.open_consultation(office, intake, by=by, now=now)
    whole = lifecycle.take(whole, by=by, now=now)
    category = office.categories.get(code="PEMBAYARAN")
    lifecycle.split(whole, "Dan SPM?", category, by=by, now=now)
    visits = Consultation.objects.filter(channel=Channel.TATAP_MUKA)
    assert visits.count() == visits.filter(service_session__is_noted_later=True).count() == 2


def test_what_comes_in_online_has_none(office, now):
    ConsultationFactory(office=office, now=now, resolved=True)
    assert not ServiceSession.objects.exists()


def test_a_session_of_its_own_is_the_only_one(office, cso, by, intake, minutes):
    session = sessions.start(office, cso, now=minutes(0))
    ending = sessions.Ending(outcome="selesai", intake=intake, resolution=ANSWER)
    sessions.finish(session, ending, by=by, now=minutes(10), version=0)
    kept = ServiceSession.objects.get()
    assert (kept.is_noted_later, kept.is_time_accurate) == (False, True)


def test_the_form_sent_twice_notes_one(signed_in, office, take):
    filled = {
        "page": "6f2f6c0e-3c0f-4b7e-9a35-1b6f3c4f4d55",
        "source": "loket",
        "received_at": "2026-11-23T08:30",
        "kind": "masyarakat",
        "name": "Siti Rahmawati",
        "phone": "0812-3456-7890",
        "category": office.categories.get(code="RETUR").pk,
        "question": "Mengapa SP2D honor kami diretur?",
        "outcome": "tindak_lanjut",
    }
    for _ in range(2):
        assert signed_in.post(reverse("intake"), filled).status_code == 302
    assert ServiceSession.objects.get().is_noted_later


def test_figures_and_pages_leave_them_out_by_name(signed_in, office, cso, by, intake, minutes, now):
    measured = sessions.start(office, cso, now=now)
    ending = sessions.Ending(outcome="selesai", intake=intake, resolution=ANSWER)
    sessions.finish(measured, ending, by=by, now=minutes(12), version=0)
    for _ in range(2):
        lifecycle.receive_at_desk(office, intake, by=by, now=minutes(15), resolution=ANSWER)
    office_figures = todays_figures(office, 20, now)
    own = sessions.served_on(office, now.date(), officer=cso)
    assert (office_figures.served, office_figures.noted, office_figures.uncertain) == (3, 2, 0)
    assert (office_figures.median_minutes, office_figures.share_within) == (12, 100)
    assert (own.count, own.noted, own.uncertain, own.median_minutes) == (1, 2, 0, 12)
    for page in ("queue_desk", "service_session_list"):
        html = " ".join(signed_in.get(reverse(page)).content.decode().split())
        assert "Tidak ikut dihitung dalam median dan persentase: 2 layanan dicatat kemudian." in html
    assert "Dicatat kemudian" in html


def test_its_own_page_says_so(signed_in, office, by, intake, now):
    consultation = lifecycle.receive_at_desk(office, intake, by=by, now=now)
    page = signed_in.get(consultation.service_session.get_absolute_url()).content.decode()
    assert "dicatat kemudian, waktunya tidak dihitung" in page


def test_the_consultation_says_how_long_its_visit_took(signed_in, office, cso, by, intake, minutes):
    noted = lifecycle.receive_at_desk(office, intake, by=by, now=minutes(0), resolution=ANSWER)
    session = sessions.start(office, cso, now=minutes(0))
    ending = sessions.Ending(outcome="selesai", intake=intake, resolution=ANSWER)
    measured = sessions.finish(session, ending, by=by, now=minutes(12), version=0).consultation
    online = ConsultationFactory(office=office, now=minutes(0))
    assert (
        "Dicatat kemudian, waktunya tidak dihitung"
        in signed_in.get(noted.get_absolute_url()).content.decode()
    )
    assert "<dd>12 menit</dd>" in signed_in.get(measured.get_absolute_url()).content.decode()
    assert "Sesi tatap muka" not in signed_in.get(online.get_absolute_url()).content.decode()


def test_the_database_measures_none_of_them(office, by, intake, now):
    session = lifecycle.receive_at_desk(office, intake, by=by, now=now).service_session
    with pytest.raises(IntegrityError, match="session_noted_later_is_unmeasured"), transaction.atomic():
        ServiceSession.objects.filter(pk=session.pk).update(is_time_accurate=True)


def test_visits_of_before_are_given_theirs(office, by, intake, now):
    receptionist = actors.officer(StaffFactory(office=office, role=Role.RECEPTIONIST))
    answered = lifecycle.receive_at_desk(office, intake, by=by, now=now, resolution=ANSWER)
    waiting = lifecycle.open_consultation(office, intake, by=receptionist, now=now)
    ServiceSession.objects.all().delete()
    migration = import_module("frontdesk.migrations.0006_sessions_noted_later")
    with connection.cursor() as cursor:
        cursor.execute(migration.NOTE)
    noted = ServiceSession.objects.filter(is_noted_later=True)
    assert set(noted.values_list("consultation", "officer", "outcome")) == {
        (answered.pk, by.staff.pk, "selesai"),
        (waiting.pk, receptionist.staff.pk, "tindak_lanjut"),
    }
