import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.models import Message, Notice
from offices.enums import AppointmentKind, Role
from offices.guessing import TASK
from offices.models import Staff
from offices.tasks import tell_of_guessing
from tests.factories import PASSWORD, OfficeFactory, StaffFactory
from throttle.limits import Pace
from throttle.models import Bucket

WITA = ZoneInfo("Asia/Makassar")
MORNING = datetime(2026, 11, 23, 10, 10, 0, tzinfo=WITA)
WRONG = "Nama pengguna atau kata sandi belum sesuai."
EARLY = "Terlalu banyak percobaan. Silakan coba lagi dalam 5 detik."
HERE = "/sandi/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return OfficeFactory()


@pytest.fixture
def cso(office):
    return StaffFactory(office=office, role=Role.CSO, username="siti")


def sign_in(client, username="siti", password=PASSWORD, *, to=HERE, address="127.0.0.1"):
    return client.post(
        "/masuk/", {"username": username, "password": password, "next": to}, REMOTE_ADDR=address
    )


def fail(times, **kwargs):
    client = Client()
    for _ in range(times):
        response = sign_in(client, password="bukan ini", **kwargs)
    return response


def test_the_right_password_lets_in(client, cso):
    assert sign_in(client).headers["Location"] == HERE
    assert client.get(HERE).status_code == 200


def test_a_wrong_password_is_refused_and_the_name_is_kept(client, cso):
    page = sign_in(client, password="bukan ini")

    assert page.status_code == 200
    assert WRONG in page.text
    assert 'value="siti"' in page.text
    assert "bukan ini" not in page.text


@pytest.mark.parametrize("username", ["siti", "tidak-ada", "nonaktif"])
def test_the_answer_does_not_tell_whether_an_account_exists(client, cso, office, username):
    StaffFactory(office=office, role=Role.CSO, username="nonaktif", is_active=False)
    answers = [sign_in(client, username, "bukan ini") for _ in range(6)]

    assert [WRONG in answer.text for answer in answers] == [True] * 5 + [False]
    assert "Terlalu banyak percobaan" in answers[5].text


@time_machine.travel(MORNING, tick=False)
def test_after_five_failures_even_the_right_password_waits_a_moment(client, cso):
    fail(5)
    refused = sign_in(client)

    assert refused.status_code == 429
    assert EARLY in refused.text
    assert "_auth_user_id" not in client.session


def test_the_pause_grows_with_each_failure_and_never_beyond_two_minutes(client, cso):
    pauses = []
    with time_machine.travel(MORNING, tick=False) as clock:
        fail(5)
        for _ in range(8):
            said = re.search(r"dalam (\d+) detik", sign_in(Client()).text)
            pauses.append(int(said[1]))
            clock.shift(timedelta(seconds=pauses[-1]))
            fail(1)
        clock.shift(timedelta(seconds=120))
        assert sign_in(client).status_code == 302

    assert pauses == [5, 10, 20, 40, 80, 120, 120, 120]


def test_who_guesses_elsewhere_slows_down_neither_the_owner_nor_anybody_else(client, cso, office):
    StaffFactory(office=office, role=Role.CSO, username="budi")
    fail(6, address="203.0.113.1")

    assert sign_in(client, address="203.0.113.2").status_code == 302
    assert sign_in(client, "budi", address="203.0.113.1").status_code == 302


@pytest.mark.parametrize("spelling", ["SITI", " siti ", "ｓｉｔｉ"])
def test_other_spellings_of_a_name_are_the_same_account(client, cso, spelling):
    fail(5, username=spelling)

    assert sign_in(client).status_code == 429


def test_names_tried_in_vain_do_not_close_the_office_they_come_from(client, cso):
    for number in range(60):
        fail(1, username=f"tebakan{number}")

    assert sign_in(client).status_code == 302


@time_machine.travel(MORNING, tick=False)
@pytest.mark.parametrize(
    ("pace", "others"), [("PER_ACCOUNT", {"address": "198.51.100.7"}), ("PER_ADDRESS", {"username": "lain"})]
)
def test_guessing_with_many_addresses_or_names_is_slowed_down_for_seconds(
    client, cso, monkeypatch, pace, others
):
    monkeypatch.setattr(
        f"offices.signin.{pace}", Pace(3, timedelta(seconds=1), timedelta(seconds=10), timedelta(hours=1))
    )
    for number in range(3):
        fail(
            1,
            **(
                {"address": f"203.0.113.{number}"}
                if "address" in others
                else {"username": f"tebakan{number}"}
            ),
        )

    assert "coba lagi dalam 1 detik" in sign_in(client, **others).text


def test_a_browser_that_signed_in_before_is_not_slowed_down_by_others(cso):
    own = Client()
    assert sign_in(own).status_code == 302
    fail(6)

    assert sign_in(Client()).status_code == 429
    assert sign_in(own).status_code == 302


def test_a_known_browser_is_known_for_its_own_accounts_only_and_not_without_the_signature(cso, office):
    StaffFactory(office=office, role=Role.CSO, username="budi")
    own = Client()
    sign_in(own)
    fail(6, username="budi")
    assert sign_in(own, "budi").status_code == 429

    fail(6)
    own.cookies["desk_browser"] = own.cookies["desk_browser"].value[:-2] + "xx"
    assert sign_in(own).status_code == 429


def test_the_thief_of_a_known_browser_is_slowed_down_too(cso):
    own = Client()
    sign_in(own)
    statuses = [sign_in(own, password="bukan ini").status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]


def test_a_name_of_no_account_costs_the_same_statements(client, cso, office):
    costs = []
    for name in ("siti", "tidak-ada"):
        with CaptureQueriesContext(connection) as statements:
            sign_in(client, name, "bukan ini", address=f"203.0.113.{len(costs)}")
        costs.append(len(statements))

    assert costs[0] == costs[1]


def test_the_owner_and_the_administrator_are_told_of_the_tenth_failure(cso, office, published):
    administrator = StaffFactory(office=office, role=Role.OFFICE_ADMIN)
    StaffFactory(role=Role.OFFICE_ADMIN)
    for number in range(9):
        fail(1, address=f"203.0.113.{number}")
    assert TASK not in published
    fail(1, address="203.0.113.9")
    assert published.count(TASK) == 1

    for _ in range(2):  # a task may be done twice
        tell_of_guessing("SITI", 10)
    tell_of_guessing("tidak-ada", 10)
    assert {notice.recipient for notice in Notice.objects.all()} == {cso, administrator}
    told = Message.objects.filter(kind="guessed_at")
    assert {message.recipient for message in told} == {cso.email, administrator.email}


def test_names_that_come_too_early_leave_no_row(cso, monkeypatch):
    monkeypatch.setattr(
        "offices.signin.PER_ADDRESS", Pace(3, timedelta(hours=1), timedelta(hours=1), timedelta(hours=1))
    )
    for number in range(20):
        fail(1, username=f"tebakan{number}")

    assert Bucket.objects.count() == 1 + 3 * 2


def test_an_office_that_shares_one_address_is_not_slowed_down_by_signing_in(cso):
    assert {sign_in(Client()).status_code for _ in range(60)} == {302}


def test_a_success_is_not_counted_as_a_failure(client, cso):
    fail(4)

    assert sign_in(client).status_code == 302
    assert sign_in(Client(), password="bukan ini").status_code == 200


def test_empty_fields_are_no_try(client, cso):
    for _ in range(10):
        assert "Bidang ini tidak boleh kosong" in sign_in(client, password="").text

    assert sign_in(client).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_guessing_in_parallel_gains_no_further_try(cso):
    def guess(number):
        try:
            return sign_in(Client(), password=f"tebakan {number}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(guess, range(24)))

    assert statuses.count(200) == 5
    assert statuses.count(429) == 19


@pytest.mark.parametrize("username", ["a\x00b", "' OR 1=1 --", "🙏" * 300, "x" * 1_000_000, "\u202egnorw"])
def test_hostile_names_are_answered_like_any_other(client, cso, username):
    page = sign_in(client, username)

    assert page.status_code == 200
    assert "Isian belum dapat diproses" in page.text


@time_machine.travel(MORNING)
@pytest.mark.parametrize(
    ("starts_on", "ends_on"), [(date(2026, 11, 24), None), (date(2026, 1, 1), date(2026, 11, 22))]
)
def test_without_an_appointment_in_force_today_one_is_told_whom_to_ask(client, office, starts_on, ends_on):
    StaffFactory(office=office, role=Role.CSO, username="siti", starts_on=starts_on, ends_on=ends_on)
    page = sign_in(client)

    assert "tidak memiliki penugasan yang berlaku hari ini" in page.text
    assert "_auth_user_id" not in client.session


def test_the_missing_appointment_is_told_only_to_who_knows_the_password(client, office):
    StaffFactory(office=office, username="siti")

    assert WRONG in sign_in(client, password="bukan ini").text


def test_a_system_administrator_needs_no_appointment(client):
    Staff.objects.create_superuser("akar", full_name="Akar", password=PASSWORD)

    assert sign_in(client, "akar", to="").headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.RECEPTIONIST, "/meja/"),
        (Role.CSO, "/meja/"),
        (Role.UNIT_HEAD, "/eskalasi/"),
        (Role.OFFICE_HEAD, "/meja/"),
    ],
)
def test_one_starts_where_ones_duties_are(client, office, role, home):
    unit = office.units.get(code="BANK") if role == Role.UNIT_HEAD else None
    StaffFactory(office=office, role=role, unit=unit, username="siti")

    assert sign_in(client, to="").headers["Location"] == home


@pytest.mark.parametrize(
    "target",
    ["https://contoh.id/", "//contoh.id", "/\\contoh.id", "javascript:alert(1)", "http:contoh.id", "\x00"],
)
def test_one_is_never_sent_to_another_host(client, office, target):
    Staff.objects.create_superuser("akar", full_name="Akar", password=PASSWORD)

    assert sign_in(client, "akar", to=target).headers["Location"] == "/admin/"


def test_a_protected_page_asks_to_sign_in_and_then_opens(client, cso):
    asked = client.get(HERE, follow=True)

    assert asked.redirect_chain == [(f"/masuk/?next={HERE}", 302)]
    assert f'name="next" value="{HERE}"' in asked.text


def test_signing_in_changes_the_session(client, cso):
    client.get("/masuk/")
    session = client.session
    session["sebelum"] = "masuk"
    session.save()
    before = session.session_key
    sign_in(client)

    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_the_session_ends_with_the_browser_and_after_a_working_day(client, cso):
    cookie = sign_in(client).cookies[django_settings.SESSION_COOKIE_NAME]

    assert (cookie["expires"], cookie["max-age"]) == ("", "")
    assert cookie["httponly"]
    assert client.session.get_expiry_age() <= 10 * 60 * 60


def test_signing_out_takes_a_post_and_ends_the_session(client, cso):
    sign_in(client)

    assert client.get("/keluar/").status_code == 405
    assert client.post("/keluar/").headers["Location"] == "/masuk/"
    assert client.get(HERE).status_code == 302


def test_what_staff_see_is_not_stored_by_the_browser(client, cso):
    sign_in(client)

    assert "no-store" in client.get(HERE).headers["Cache-Control"]


def test_a_fragment_asked_for_after_the_session_ended_reloads_the_page(client, cso):
    response = client.get(HERE, headers={"HX-Request": "true"}, follow=True)

    assert response.headers["HX-Refresh"] == "true"
    assert response.content == b""


def test_who_is_signed_in_learns_that_the_page_is_not_theirs(client, cso):
    sign_in(client)
    page = client.get(f"/masuk/?next={HERE}")

    assert cso.full_name in page.text
    assert "tidak berwenang membuka halaman yang dituju" in page.text


def test_a_password_reaches_no_log_and_no_error_report(client, cso, caplog, monkeypatch):
    def broken(*_, **__):
        raise ImproperlyConfigured

    sign_in(client, password="sangat-rahasia-1")
    monkeypatch.setattr("offices.signin.duties_of", broken)
    client.raise_request_exception = False
    response = sign_in(client)

    assert response.status_code == 500
    assert "sangat-rahasia-1" not in caplog.text
    assert PASSWORD not in caplog.text
    assert PASSWORD not in response.text


class TestChangingThePassword:
    new = "kata-sandi-baru-2026"

    @pytest.fixture(autouse=True)
    def signed_in(self, client, cso):
        client.force_login(cso)

    def change(self, client, old=PASSWORD, new=new, again=None):
        return client.post(
            HERE, {"old_password": old, "new_password1": new, "new_password2": again or new}, follow=True
        )

    def test_it_keeps_this_session_and_ends_the_others(self, client, cso):
        elsewhere = Client()
        elsewhere.force_login(cso)
        page = self.change(client)

        assert "Kata sandi telah diganti" in page.text
        assert elsewhere.get(HERE).status_code == 302
        assert sign_in(Client(), password=self.new).status_code == 302

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"old": "bukan ini"}, "Kata sandi saat ini belum sesuai."),
            ({"again": "berbeda-sama-sekali"}, "Kedua kata sandi baru tidak sama."),
            ({"new": "pendek"}, "Kata sandi terlalu pendek."),
            ({"new": "password1234"}, "Kata sandi ini terlalu umum."),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field(self, client, cso, wrong, message):
        assert message in self.change(client, **wrong).text
        cso.refresh_from_db()
        assert cso.check_password(PASSWORD)

    def test_it_may_not_resemble_the_persons_name(self, client, cso):
        cso.full_name = "Dewi Anggraini Lestari"
        cso.save()

        assert "terlalu mirip" in self.change(client, new="dewianggrainilestari").text


@pytest.mark.parametrize(
    ("role", "kind", "capacity", "links", "missing"),
    [
        (Role.RECEPTIONIST, None, "Resepsionis", ["Meja kerja", "Konsultasi baru"], ["Pesan", "Eskalasi"]),
        (Role.CSO, None, "Petugas CSO", ["Konsultasi baru", "Peraturan", "Pesan"], ["Administrasi"]),
        (Role.UNIT_HEAD, AppointmentKind.PLH, "Plh. Kepala Seksi Bank", ["Eskalasi"], ["Konsultasi baru"]),
        (Role.OFFICE_HEAD, AppointmentKind.PLT, "Plt. Kepala KPPN", ["Administrasi"], ["Konsultasi baru"]),
        (Role.OFFICE_ADMIN, None, "Administrator kantor", ["Administrasi"], ["Konsultasi baru"]),
    ],
)
def test_the_frame_names_the_person_their_capacity_and_their_duties(
    client, office, role, kind, capacity, links, missing
):
    unit = office.units.get(code="BANK") if role == Role.UNIT_HEAD else None
    staff = StaffFactory(office=office, role=role, unit=unit, kind=kind or AppointmentKind.DEFINITIF)
    client.force_login(staff)
    page = client.get(HERE).text

    assert staff.full_name in page
    assert f"<span>{capacity}</span>" in page
    for label in links:
        assert f">{label}</a>" in page
    for label in missing:
        assert f">{label}</a>" not in page


@pytest.mark.parametrize("role", Role)
def test_every_entry_of_the_menu_opens_for_whoever_sees_it(client, office, role):
    unit = office.units.get(code="BANK") if role == Role.UNIT_HEAD else None
    client.force_login(StaffFactory(office=office, role=role, unit=unit))
    entries = client.get(HERE).context["desk"].navigation

    assert {entry.label: client.get(reverse(entry.url_name)).status_code for entry in entries} == {
        entry.label: 200 for entry in entries
    }


def test_the_frame_costs_two_queries_beyond_session_and_person(client, cso, django_assert_num_queries):
    client.force_login(cso)
    with django_assert_num_queries(4):
        client.get(HERE)
