"""The library as staff search it."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.factories import StaffFactory

PAGE = "/peraturan/"


@pytest.fixture
def officer(client, db):
    client.force_login(StaffFactory())
    call_command("load_regulations", verbosity=0)
    return client


def test_staff_find_a_rule_and_see_whether_it_may_be_relied_on(officer):
    page = officer.get(PAGE, {"cari": "62/2023"}).content.decode()
    assert "PMK 62 Tahun 2023" in page
    assert "Perlu dicek" in page
    assert "Belum diverifikasi kantor" in page


def test_the_public_does_not_enter(client, db):
    assert client.get(PAGE).url.startswith(reverse("sign_in"))


def test_a_category_of_the_office_narrows_the_search(officer):
    page = officer.get(PAGE, {"kategori": "RETUR"}).content.decode()
    assert "PER-9/PB/2018" in page
    assert "PMK 62 Tahun 2023" not in page


def test_while_typing_only_the_results_are_sent(officer):
    part = officer.get(PAGE, {"cari": "retur"}, headers={"HX-Request": "true"})
    assert "PER-9/PB/2018" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize(
    "query", [{"cari": "a\x00b"}, {"cari": "x" * 5000}, {"kategori": "entah"}, {"cari": "<b>"}]
)
def test_whatever_is_asked_gives_a_page(officer, query):
    page = officer.get(PAGE, query)
    assert page.status_code == 200
    assert "<b>" not in page.content.decode()


def test_nothing_found_says_what_to_try(officer):
    assert "Silakan coba kata lain" in officer.get(PAGE, {"cari": "zzzz"}).content.decode()
