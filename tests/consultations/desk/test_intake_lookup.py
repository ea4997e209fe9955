"""Finding a person or a satker instead of typing them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from consultations.lookup import TOO_OFTEN
from consultations.models import Consultation
from offices.enums import Role
from stakeholders.models import PersonLookup, Stakeholder
from tests.factories import (
    ConsultationFactory,
    OfficeFactory,
    RegulationFactory,
    SatkerFactory,
    StaffFactory,
    StakeholderFactory,
)

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)
PAGE = "/meja/konsultasi/baru/cari/"
CATEGORY = "/meja/konsultasi/baru/kategori/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def person(office):
    satker = SatkerFactory(code="023704", name="UNIVERSITAS MATARAM")
    return StakeholderFactory(
        office=office,
        of_satker=True,
        satker=satker,
        name="Siti Rahmawati",
        phone="+6281234567890",
        email="siti@contoh.id",
        nip="198609262015051001",
    )


@pytest.mark.parametrize("text", ["siti rah", "0812-3456", "19860926", "siti@con"])
def test_a_known_person_is_found_by_name_phone_nip_and_e_mail(desk, person, text):
    page = desk.post(PAGE, {"cari": text}, headers=HTMX).content.decode()
    assert f'name="orang" value="{person.pk}"' in page


@pytest.mark.parametrize("text", ["0237", "univ mat"])
def test_a_satker_is_found_by_code_and_name(desk, person, text):
    page = desk.post(PAGE, {"cari": text}, headers=HTMX).content.decode()
    assert f'name="satker" value="{person.satker.code}"' in page


def test_what_is_found_shows_no_number_that_tells_a_birth_date(desk, person):
    assert "19860926" not in desk.post(PAGE, {"cari": "siti"}, headers=HTMX).content.decode()


def test_a_chosen_person_fills_the_identity_alone(desk, person):
    response = desk.post(PAGE, {"orang": person.pk, "name": "Sit", "question": "Mengapa?"}, headers=HTMX)
    page = response.content.decode()
    for value in ("Siti Rahmawati", "0812-3456-7890", "siti@contoh.id", "023704", "Bendahara Pengeluaran"):
        assert f'value="{value}"' in page
    assert 'id="identity"' in page
    assert 'name="question"' not in page


def test_a_chosen_satker_fills_code_and_name(desk, person):
    page = desk.post(PAGE, {"satker": "023704", "name": "Lalu Wirawan"}, headers=HTMX).content.decode()
    for value in ("023704", "UNIVERSITAS MATARAM", "Lalu Wirawan"):
        assert f'value="{value}"' in page


def test_without_scripts_the_whole_page_comes_back_with_everything_typed(desk, person, office):
    category = office.categories.get(code="RETUR")
    basis = RegulationFactory()
    typed = {
        "orang": person.pk,
        "source": "telepon",
        "received_at": "2026-11-20T08:15",
        "category": category.pk,
        "question": "Mengapa SP2D diretur?",
        "outcome": "tindak_lanjut",
        "regulations": [basis.pk],
    }
    page = desk.post(PAGE, typed).content.decode()
    assert 'value="Siti Rahmawati"' in page
    assert 'value="2026-11-20T08:15"' in page
    assert "Mengapa SP2D diretur?</textarea>" in page
    assert f'<option value="{category.pk}" selected>' in page
    assert f'value="{basis.pk}" id="regulation-{basis.pk}" checked>' in page
    assert "Isian belum dapat diproses" not in page


def test_looking_up_stores_nothing(desk, person):
    desk.post(PAGE, {"orang": person.pk, "name": "Orang Baru"})
    assert Stakeholder.objects.count() == 1
    assert not Consultation.objects.exists()


def test_people_of_another_office_are_not_found(client, other_cso, person):
    client.force_login(other_cso)
    assert client.post(PAGE, {"cari": "siti"}).context["found"].people == []
    assert client.post(PAGE, {"orang": person.pk}).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        {"cari": "\x00"},
        {"cari": "x" * 1_000_000},
        {"cari": "'; DROP TABLE x; --"},
        {"orang": "1 OR 1=1"},
        {"orang": str(10**30)},
        {"satker": "\x00"},
        {"satker": "999999"},
        {"received_at": "\x00", "category": "x", "kind": "x", "source": "x", "regulations": ["x", "\x00"]},
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_hostile_input_does_no_harm(desk, typed, headers):
    assert desk.post(PAGE, typed, headers=headers).status_code == 200


def test_a_receptionist_may_look_people_up_and_a_head_has_no_need_to(client, receptionist, unit_head, person):
    client.force_login(receptionist)
    assert client.post(PAGE, {"cari": "siti"}).context["found"].people == [person]
    client.force_login(unit_head)
    assert client.post(PAGE, {"cari": "siti"}).status_code == 403


def test_the_chosen_category_shows_its_documents(desk, office):
    category = office.categories.get(code="RETUR")
    page = desk.get(CATEGORY, {"category": category.pk}).content.decode()
    assert "<li>Surat pemberitahuan retur</li><li>Rekening koran penerima</li>" in page


@pytest.mark.parametrize("category", ["", "x", "-1", "²", "9" * 30, "\x00"])
def test_no_category_has_no_documents(desk, category):
    response = desk.get(CATEGORY, {"category": category})
    assert response.status_code == 200
    assert "<li>" not in response.content.decode()


def test_another_offices_category_tells_nothing(desk):
    foreign = OfficeFactory().categories.get(code="RETUR")
    page = desk.get(CATEGORY, {"category": foreign.pk}).content.decode()
    assert "<li>" not in page


def test_the_chosen_category_offers_its_rules_and_keeps_the_ticked_ones(desk, office):
    ticked = RegulationFactory()
    fitting = RegulationFactory(category_codes=["RETUR"])
    RegulationFactory(category_codes=["PEMBAYARAN"])
    query = {"category": office.categories.get(code="RETUR").pk, "regulations": [ticked.pk]}
    page = desk.get(CATEGORY, query).content.decode()
    assert re.findall(r'name="regulations" value="(\d+)".*?( checked)?>', page) == [
        (str(ticked.pk), " checked"),
        (str(fitting.pk), ""),
    ]


def test_a_consultations_number_finds_who_asked_it(desk, office, other_cso):
    consultation = ConsultationFactory(office=office)
    foreign = ConsultationFactory(office=other_cso.office)
    found = desk.post(PAGE, {"cari": f" {consultation.number.lower()}"}, headers=HTMX)
    assert found.context["found"].people == [consultation.stakeholder]
    assert not desk.post(PAGE, {"cari": foreign.number}, headers=HTMX).context["found"].people


@pytest.mark.parametrize("text", ["si", "08", "s@c"])
def test_two_letters_find_nobody(desk, person, text):
    assert 'name="orang"' not in desk.post(PAGE, {"cari": text}, headers=HTMX).text


def test_what_is_found_tells_no_way_to_reach_anybody(desk, person):
    page = desk.post(PAGE, {"cari": "siti"}, headers=HTMX).text
    assert person.name in page
    assert not {"3456", "7890", "siti@contoh.id"} & set(re.findall(r"3456|7890|siti@contoh.id", page))


def test_whose_details_were_filled_in_is_on_record(desk, person, cso):
    desk.post(PAGE, {"cari": "siti"}, headers=HTMX)
    assert not PersonLookup.objects.exists()

    desk.post(PAGE, {"orang": person.pk}, headers=HTMX)
    looked = PersonLookup.objects.get()
    assert (looked.staff, looked.stakeholder, looked.office) == (cso, person, person.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonLookup.objects.update(staff=StaffFactory(office=person.office))


def test_an_account_fills_in_ten_people_a_minute(desk, person, office):
    with time_machine.travel(MORNING, tick=False) as clock:
        others = [StakeholderFactory(office=office) for _ in range(11)]
        pages = [desk.post(PAGE, {"orang": each.pk}, headers=HTMX) for each in others]
        assert [TOO_OFTEN in page.text for page in pages] == [False] * 10 + [True]
        assert pages[-1].status_code == 200
        assert pages[-1].headers["HX-Retarget"] == "#matches"
        assert others[-1].name not in pages[-1].text
        assert TOO_OFTEN in desk.post(PAGE, {"orang": person.pk}).text
        assert PersonLookup.objects.count() == 10

        clock.shift(timedelta(minutes=1))
        assert person.name in desk.post(PAGE, {"orang": person.pk}, headers=HTMX).text


def test_an_account_searches_forty_times_a_minute_and_nobody_elses_searches_count(
    desk, client, person, office
):
    with time_machine.travel(MORNING, tick=False):
        pages = [desk.post(PAGE, {"cari": "siti"}, headers=HTMX).text for _ in range(41)]
        assert [TOO_OFTEN in page for page in pages] == [False] * 40 + [True]
        assert person.name not in pages[-1]

        client.force_login(StaffFactory(office=office, role=Role.RECEPTIONIST))
        assert person.name in client.post(PAGE, {"cari": "siti"}, headers=HTMX).text
