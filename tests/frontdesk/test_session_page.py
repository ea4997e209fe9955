"""The officer's one screen, its drafts, and what is refused."""

import pytest

from consultations import actors
from consultations.enums import Status
from consultations.models import Consultation
from frontdesk import calls, sessions
from frontdesk.enums import SessionOutcome
from frontdesk.models import ServiceSession
from frontdesk.sessions import Ending
from offices.enums import Role
from tests.factories import (
    ConsultationFactory,
    OfficeFactory,
    RegulationFactory,
    StaffFactory,
    StakeholderFactory,
)
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _nine_o_clock(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def desk(client, cso):
    client.force_login(cso)
    return client


@pytest.fixture
def session(office, cso, now):
    return sessions.start(office, cso, now=now)


@pytest.fixture
def page(session):
    return f"/meja/sesi/{session.pk}/"


@pytest.fixture
def filled(office):
    """What an officer typed when the answer is not ready."""
    return {
        "version": 0,
        "kind": "masyarakat",
        "name": "Siti Rahmawati",
        "phone": "0812-3456-7890",
        "category": office.categories.get(code="RETUR").pk,
        "question": "Mengapa SP2D honor kami diretur?",
        "outcome": "tindak_lanjut",
    }


@pytest.fixture
def end(desk, page, filled):
    def end(**changes):
        return desk.post(page, {**filled, **changes})

    return end


@pytest.fixture
def save(desk, page):
    def save(version=0, **fields):
        return desk.post(f"{page}draf/", {"version": version, **fields}, headers=JSON)

    return save


def errors(response):
    assert response.status_code == 422
    assert ServiceSession.objects.get().is_running
    assert not Consultation.objects.exists()
    return dict(response.context["form"].errors)


class TestBeginning:
    def test_a_visitor_without_a_number_gets_a_session(self, desk):
        response = desk.post("/meja/sesi/mulai/")
        assert response.headers["Location"] == ServiceSession.objects.get().get_absolute_url()

    def test_whoever_serves_already_is_led_back_and_told(self, desk, session):
        response = desk.post("/meja/sesi/mulai/", follow=True)
        assert response.redirect_chain[-1][0] == session.get_absolute_url()
        assert "Masih ada sesi layanan yang berjalan" in response.content.decode()

    @pytest.mark.parametrize("wanted", ["0", "x", "9" * 19, "-1"])
    def test_a_number_that_is_none_is_not_found(self, desk, wanted):
        assert desk.post("/meja/sesi/mulai/", {"ticket": wanted}).status_code == 404

    def test_a_number_of_another_office_is_not_found(self, client, take):
        client.force_login(StaffFactory(office=OfficeFactory(), role=Role.CSO))
        assert client.post("/meja/sesi/mulai/", {"ticket": take().pk}).status_code == 404


class TestTheScreen:
    @pytest.mark.parametrize(
        ("role", "status"), [(Role.CSO, 404), (Role.RECEPTIONIST, 404), (Role.OFFICE_HEAD, 403)]
    )
    def test_nobody_else_of_the_office_reads_it(self, client, office, page, role, status):
        client.force_login(StaffFactory(office=office, role=role))
        assert client.get(page).status_code == status

    def test_another_office_has_no_such_session(self, client, page):
        client.force_login(StaffFactory(office=OfficeFactory(), role=Role.CSO))
        for path in ("", "draf/", "cari/", "saran/"):
            assert client.post(f"{page}{path}", {"version": 0}).status_code == 404

    def test_the_clock_is_the_servers(self, desk, page, session, time_machine, minutes):
        time_machine.move_to(minutes(16), tick=False)
        html = desk.get(page).content.decode()
        assert f'data-desk-session-started="{round(session.started_at.timestamp() * 1000)}"' in html
        assert f'data-desk-session-now="{round(minutes(16).timestamp() * 1000)}"' in html
        assert 'data-desk-session-warning="15"' in html
        assert "16 menit" in html
        assert "Sudah 15 menit" in html

    def test_past_twenty_minutes_it_says_so_and_cuts_nothing_off(
        self, desk, page, end, time_machine, minutes
    ):
        time_machine.move_to(minutes(25), tick=False)
        assert "Melewati 20 menit" in desk.get(page).content.decode()
        end()
        assert ServiceSession.objects.get().outcome == SessionOutcome.FOLLOW_UP

    def test_it_costs_the_same_whatever_is_stored(
        self, desk, page, session, office, django_assert_max_num_queries, now
    ):
        typed = {"question": ["SP2D diretur oleh bank"], "category": [str(office.categories.first().pk)]}
        sessions.save_draft(session, typed, version=0, now=now)
        for _ in range(7):
            ConsultationFactory(office=office, resolved=True)
            RegulationFactory(category_codes=[office.categories.first().code])
        desk.get(page)
        with django_assert_max_num_queries(11):
            assert len(desk.get(page).context["similar"]) == 5

    def test_the_kiosks_number_shows_who_it_may_be(self, desk, office, cso, shift, take, now):
        person = StakeholderFactory(office=office, phone="+6281234567890")
        take(phone=person.phone)
        ticket = calls.call_next(shift, now=now)
        session = sessions.start(office, cso, now=now, ticket=ticket)
        assert desk.get(session.get_absolute_url()).context["found"].people == [person]


class TestFinding:
    def test_whoever_is_chosen_fills_the_identity_and_the_question_stays(self, desk, office, page, session):
        person = StakeholderFactory(office=office, name="Lalu Hasan")
        sent = {"orang": person.pk, "question": "Mengapa diretur?"}
        html = desk.post(f"{page}cari/", sent).content.decode()
        assert 'value="Lalu Hasan"' in html
        assert "Mengapa diretur?" in html
        session.refresh_from_db()
        assert session.draft == {}

    def test_htmx_gets_the_matches_alone(self, desk, office, page):
        StakeholderFactory(office=office, name="Lalu Hasan")
        html = desk.post(f"{page}cari/", {"cari": "lalu"}, headers=HTMX).content.decode()
        assert "Lalu Hasan" in html
        assert "<html" not in html
        assert f'hx-post="{page}cari/"' in html

    def test_the_question_brings_documents_rules_and_earlier_answers(self, desk, office, page):
        rule = RegulationFactory(category_codes=["RETUR"])
        answered = ConsultationFactory(office=office, resolved=True, question="Retur karena rekening pasif?")
        sent = {"category": office.categories.get(code="RETUR").pk, "question": "rekening pasif"}
        html = desk.post(f"{page}saran/", sent, headers=HTMX).content.decode()
        assert answered.number in html
        assert "Rekening koran penerima" in html
        assert rule.citation in html


class TestEnding:
    def test_the_officer_is_told_what_to_tell(self, end, desk):
        page = desk.get(end().headers["Location"]).content.decode()
        consultation = Consultation.objects.get()
        assert consultation.number in page
        assert "batas waktu jawaban" in page
        assert "Kamis, 26 November 2026 pukul 17.00 WITA" in page
        assert f'href="/meja/konsultasi/{consultation.number}/tanda-terima/"' in page
        assert "data-desk-draft-forget" in page

    def test_an_answer_on_the_spot_cites_its_rules(self, end):
        rule = RegulationFactory()
        end(outcome="selesai", answer="Rekening pasif.", regulations=[rule.pk], phone="")
        consultation = Consultation.objects.get()
        assert consultation.status == Status.RESOLVED
        assert list(consultation.entries.get(act="resolve").regulations.all()) == [rule]

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"outcome": ""}, ["outcome"]),
            ({"outcome": "menguap"}, ["outcome"]),
            ({"outcome": "selesai"}, ["answer"]),
            ({"outcome": "tindak_lanjut", "phone": ""}, ["phone"]),
            ({"outcome": "eskalasi", "phone": ""}, ["phone"]),
            ({"outcome": "dokumen"}, ["other_documents"]),
            ({"outcome": "dirujuk"}, ["agency", "agency_channel"]),
            ({"outcome": "pergi", "name": ""}, ["name"]),
            ({"outcome": "pergi", "name": "", "question": ""}, ["name"]),
            ({"outcome": "formulir", "name": "", "question": ""}, ["name"]),
            ({"outcome": "formulir", "kind": "satker", "question": ""}, ["satker_code"]),
            ({"outcome": "formulir"}, ["outcome"]),
            ({"outcome": "tidak_jadi", "question": ""}, ["outcome"]),
            ({"outcome": "tidak_jadi", "name": ""}, ["name", "outcome"]),
            ({"outcome": "dialihkan", "question": ""}, ["__all__"]),
            ({"question": ""}, ["question"]),
        ],
    )
    def test_what_an_outcome_needs_is_asked_at_its_field(self, end, changes, fields):
        assert list(errors(end(**changes))) == fields

    def test_documents_are_asked_for_by_list_and_by_hand(self, end):
        end(outcome="dokumen", documents=["Rekening koran penerima"], other_documents="Surat kuasa\n")
        items = Consultation.objects.get().document_requests.get().items.values_list("name", flat=True)
        assert set(items) == {"Rekening koran penerima", "Surat kuasa"}

    def test_a_photo_taken_now_is_kept_with_the_question(self, end, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        end(attachments=upload("foto.pdf", pdf()))
        assert Consultation.objects.get().attachments.get().name == "foto.pdf"

    def test_an_escalation_goes_on_where_its_reason_is_written(self, end):
        response = end(outcome="eskalasi")
        consultation = Consultation.objects.get()
        assert response.headers["Location"] == f"/meja/konsultasi/{consultation.number}/eskalasi/"
        assert ServiceSession.objects.get().outcome == SessionOutcome.ESCALATED

    @pytest.mark.parametrize("outcome", ["pergi", "formulir"])
    def test_a_visitor_who_asked_nothing_is_known_by_name(self, end, desk, outcome):
        response = end(outcome=outcome, question=" ", category="", phone="")
        session = ServiceSession.objects.get()
        assert (session.outcome, session.visitor.name) == (outcome, "Siti Rahmawati")
        told = desk.get(response.headers["Location"]).content.decode()
        assert "Siti Rahmawati" in told
        assert "Tidak ada pertanyaan yang dicatat." in told

    def test_a_visitor_who_never_spoke_needs_no_field(self, end):
        end(outcome="tidak_jadi", question=" ", name="", category="", phone="bukan nomor")
        assert ServiceSession.objects.get().outcome == SessionOutcome.NOT_SERVED

    def test_sending_twice_records_once(self, end):
        assert end().headers["Location"] == end(name="Orang lain").request["PATH_INFO"]
        assert Consultation.objects.count() == 1

    def test_a_second_topic_starts_with_the_same_visitor(self, end, desk, save):
        save(0, name="Siti Rahmawati", question="Satu")
        response = end(version=1, lanjut="1")
        second = ServiceSession.objects.get(ended_at=None)
        assert response.headers["Location"] == second.get_absolute_url()
        page = desk.get(second.get_absolute_url())
        assert page.context["form"]["name"].value() == "Siti Rahmawati"
        assert f"lanjutan {second.follows.consultation}" in page.content.decode()


class TestDrafts:
    def test_what_was_typed_is_on_the_page_again(self, save, desk, page, office):
        category = office.categories.get(code="RETUR")
        answer = save(0, name="Siti", question="Mengapa?", category=category.pk, outcome="selesai").json()
        assert answer == {"version": 1, "saved": "pukul 09.00 WITA"}
        form = desk.get(page).context["form"]
        assert form["question"].value() == "Mengapa?"
        assert form.chosen_category == category
        assert form["version"].value() == 1

    def test_ticked_rules_stay_ticked(self, save, desk, page):
        rules = RegulationFactory(), RegulationFactory()
        save(0, regulations=[each.pk for each in rules])
        assert set(desk.get(page).context["ticked"]) == set(rules)

    def test_the_older_of_two_tabs_is_told(self, save):
        save(0, name="Siti")
        response = save(0, name="Budi")
        assert response.status_code == 409
        assert response.json() == {"version": 1, "text": "Sesi ini diubah di tab lain."}
        assert ServiceSession.objects.get().draft == {"name": ["Siti"]}

    def test_the_older_tab_sees_why_it_did_not_end_the_session_and_may_insist(self, save, end):
        save(0, name="Siti")
        refused = end(version=0)
        assert "diubah di tab lain" in errors(refused)["__all__"][0]
        assert 'name="version" value="1"' in refused.content.decode()
        assert end(version=1).status_code == 302

    def test_an_ended_session_takes_no_draft(self, save, end):
        end()
        assert save(0, name="Siti").status_code == 410

    @pytest.mark.parametrize("version", ["", "x", "-1", "99999999999"])
    def test_a_draft_of_no_version_is_refused(self, save, version):
        assert save(version, name="Siti").status_code == 422

    def test_anything_may_be_typed(self, save, desk, page):
        save(0, name="a\x00b", question="<script>\U0001f600", category="bukan", regulations=["x"])
        assert desk.get(page).status_code == 200

    def test_without_scripts_a_button_saves_it(self, desk, page):
        response = desk.post(f"{page}draf/", {"version": 0, "name": "Siti"})
        assert response.headers["Location"] == page
        assert 'value="Siti"' in desk.get(page).content.decode()


class TestForgotten:
    @pytest.fixture(autouse=True)
    def _the_next_morning(self, session, now, time_machine):
        sessions.save_draft(session, {"name": ["Siti"]}, version=0, now=now)
        sessions.end_forgotten(now.replace(hour=17))
        time_machine.move_to(now.replace(day=24, hour=8), tick=False)

    @pytest.mark.parametrize("path", ["/meja/", "/meja/sesi/"])
    def test_the_officer_is_shown_it_the_next_morning(self, desk, page, path):
        html = desk.get(path).content.decode()
        assert f'href="{page}"' in html
        assert "tidak akurat" in html.lower()

    def test_its_draft_is_still_there_to_be_recorded(self, desk, page, end):
        html = desk.get(page).content.decode()
        assert 'value="Siti"' in html
        assert "Waktu tidak akurat" in html
        assert end(version=1).status_code == 302
        assert Consultation.objects.get().received_at.day == 23

    def test_a_new_session_can_be_begun_meanwhile(self, desk):
        desk.post("/meja/sesi/mulai/")
        assert ServiceSession.objects.running().count() == 1


def test_the_list_counts_the_officers_own_day(desk, office, cso, session, minutes, now):
    sessions.finish(
        session, Ending(outcome=SessionOutcome.NOT_SERVED), by=actors.officer(cso), now=minutes(3), version=0
    )
    page = desk.get("/meja/sesi/")
    assert page.context["served"].count == 0
    assert "Tidak jadi dilayani" in page.content.decode()


class TestReceptionist:
    """The one who runs the queue at the entrance records a visit wholly, and leaves the answer to an officer."""

    @pytest.fixture
    def cso(self, office):
        return StaffFactory(office=office, role=Role.RECEPTIONIST)

    def test_what_was_asked_waits_for_an_officer(self, end, desk):
        response = end()
        consultation = Consultation.objects.get()
        assert (consultation.status, ServiceSession.objects.get().outcome) == (Status.NEW, "tindak_lanjut")
        told = desk.get(response.headers["Location"]).content.decode()
        assert f"{consultation.number}/tanda-terima/" in told
        assert f'href="/meja/konsultasi/{consultation.number}/"' not in told

    def test_nothing_is_followed_up_without_somebody_to_reach(self, end):
        assert list(errors(end(phone=""))) == ["phone"]

    @pytest.mark.parametrize("outcome", ["selesai", "dokumen", "eskalasi", "dirujuk"])
    def test_no_answer_is_given(self, end, outcome):
        assert list(errors(end(outcome=outcome, answer="Rekening pasif."))) == ["outcome"]

    def test_the_screen_shows_no_colleagues_answers(self, desk, page, office):
        answered = ConsultationFactory(office=office, resolved=True, question="Retur karena rekening pasif?")
        html = desk.get(page).content.decode()
        assert "Pernah dijawab" not in html
        assert "Dasar peraturan" not in html
        assert (
            answered.number not in desk.post(f"{page}saran/", {"question": "rekening pasif"}).content.decode()
        )
