import pytest

from offices.enums import Role
from tests.factories import StaffFactory
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db


def test_an_unknown_address_says_what_to_do_next(client):
    page = client.get("/tidak/ada/")

    assert page.status_code == 404
    assert "Silakan periksa kembali alamat" in page.text
    assert 'href="/"' in page.text


def test_a_page_outside_ones_duties_says_so(client):
    client.force_login(StaffFactory(role=Role.RECEPTIONIST))
    page = client.get("/admin/login/")

    assert page.status_code == 403
    assert "di luar tugas Bapak/Ibu" in page.text


def test_a_form_that_is_too_old_says_how_to_send_it_again():
    strict = StrictClient(enforce_csrf_checks=True)
    page = strict.post("/masuk/", {"username": "siti", "password": "apa pun"})

    assert page.status_code == 403
    assert "Formulir ini sudah kedaluwarsa" in page.text


def test_a_request_that_is_too_large_is_told_so(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    page = client.post("/masuk/", "username=" + "x" * 2000, content_type="application/x-www-form-urlencoded")

    assert page.status_code == 413
    assert "Kiriman terlalu besar" in page.text


def test_a_request_that_cannot_be_read_is_told_so(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    page = client.post("/masuk/", {"a": "1", "b": "2", "c": "3"})

    assert page.status_code == 400
    assert "tidak dapat dibaca" in page.text


def test_an_unknown_host_name_gets_a_page_too(client):
    assert client.get("/", headers={"host": "contoh.id"}).status_code == 400


def test_a_failure_tells_nothing_of_its_cause(client, monkeypatch):
    monkeypatch.setattr("reports.views.timezone.now", lambda: 1 / 0)
    StaffFactory(office__slug="mataram")
    client.raise_request_exception = False
    page = client.get("/mataram/")

    assert page.status_code == 500
    assert "terjadi gangguan pada sistem" in page.text
    assert "ZeroDivisionError" not in page.text


def test_error_pages_ask_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/tidak/ada/")
