"""The library as staff search it."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from offices.enums import Role
from regulations.forms import FIRST_SHOWN, OFFERED
from regulations.models import Regulation
from tests.factories import RegulationFactory, StaffFactory

PAGE = "/peraturan/"
CHOICES = "/peraturan/cari/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def officer(client, db):
    client.force_login(StaffFactory(role=Role.CSO))
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


def test_only_what_is_in_force_on_request(officer):
    RegulationFactory(number="77", title="Hibah lama", status="dicabut")
    RegulationFactory(number="78", title="Hibah baru", status="berlaku")
    everything = officer.get(PAGE, {"cari": "hibah"}).content.decode()
    assert "Dicabut/tidak berlaku" in everything
    in_force = officer.get(PAGE, {"cari": "hibah", "berlaku": "on"}).content.decode()
    assert "PMK 78 Tahun 2023" in in_force
    assert "PMK 77 Tahun 2023" not in in_force


def test_each_rule_has_its_citation_ready_to_copy(officer):
    RegulationFactory(number="79", title='Hibah "langsung"')
    page = officer.get(PAGE, {"cari": "79/2023"}).content.decode()
    assert 'data-desk-copy="PMK 79 Tahun 2023 tentang Hibah &quot;langsung&quot;"' in page


def test_the_list_is_bounded_and_goes_on_with_the_same_question(officer):
    first = officer.get(PAGE, {"berlaku": ""})
    assert len(first.context["regulations"]) == FIRST_SHOWN
    assert "?berlaku=&amp;tampil=60" in first.content.decode()
    further = officer.get(PAGE, {"tampil": 60})
    assert len(further.context["regulations"]) == 53
    assert "Tampilkan lebih banyak" not in further.content.decode()


def test_the_list_costs_the_same_however_many_rules_there_are(officer, django_assert_num_queries):
    with django_assert_num_queries(6):
        officer.get(PAGE)
    RegulationFactory.create_batch(20)
    with django_assert_num_queries(6):
        officer.get(PAGE)


HOSTILE = [
    {"cari": "a\x00b"},
    {"cari": "x" * 5000},
    {"cari": "<b>"},
    {"cari": "\ud800".encode("utf-8", "surrogatepass")},
    {"kategori": "entah"},
    {"kategori": "\x00"},
    {"tampil": "-1"},
    {"tampil": "9" * 400},
    {"regulations": ["satu", "9" * 400, "-1", "\x00", ""]},
]


@pytest.mark.parametrize("address", [PAGE, CHOICES])
@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_whatever_is_asked_gives_a_page(officer, address, query, headers):
    page = officer.get(address, query, headers=headers, follow=True)
    assert page.status_code == 200
    assert "<b>" not in page.content.decode()


def test_nothing_found_says_what_to_try(officer):
    assert "Silakan coba kata lain" in officer.get(PAGE, {"cari": "zzzz"}).content.decode()


def choices(page):
    """Key and tick of each choice, in order."""
    return re.findall(
        r'type="checkbox" name="regulations" value="(\d+)" id="regulation-\d+"( checked)?',
        page.content.decode(),
    )


def test_an_answers_form_is_offered_the_rules_that_fit(officer):
    part = officer.get(CHOICES, {"cari": "retur sp2d"}, headers=HTMX)
    (first, ticked), *_ = choices(part)
    assert Regulation.objects.get(pk=first).number == "PER-9/PB/2018"
    assert not ticked
    assert part.content.decode().strip().startswith('<div id="regulations">')


def test_without_words_the_rules_of_the_category_are_offered(officer):
    offered = choices(officer.get(CHOICES, {"kategori": "KKP_DIGIPAY"}, headers=HTMX))
    found = Regulation.objects.filter(pk__in=[pk for pk, _ in offered])
    assert found.exists()
    assert all("KKP_DIGIPAY" in regulation.category_codes for regulation in found)


def test_what_is_ticked_stays_ticked_whatever_is_searched_next(officer):
    ticked = RegulationFactory(title="Hibah")
    part = officer.get(CHOICES, {"cari": "retur", "regulations": [ticked.pk]}, headers=HTMX)
    assert choices(part)[0] == (str(ticked.pk), " checked")
    again = officer.get(CHOICES, {"cari": "hibah", "regulations": [ticked.pk]}, headers=HTMX)
    assert [pk for pk, _ in choices(again)].count(str(ticked.pk)) == 1


def test_no_more_choices_are_offered_than_can_be_read_at_a_glance(officer):
    assert len(choices(officer.get(CHOICES, {"cari": "pmk"}, headers=HTMX))) == OFFERED


def test_a_choice_that_may_no_longer_be_relied_on_says_so(officer):
    RegulationFactory(number="77", title="Hibah", status="dicabut")
    part = officer.get(CHOICES, {"cari": "77/2023"}, headers=HTMX).content.decode()
    assert "Dicabut/tidak berlaku" in part


def test_without_javascript_the_search_leads_to_the_library(officer):
    assert officer.get(CHOICES, {"cari": "retur sp2d"}).url == f"{PAGE}?cari=retur+sp2d"


def test_the_public_is_offered_nothing(client, db):
    assert client.get(CHOICES, headers=HTMX).status_code == 302
