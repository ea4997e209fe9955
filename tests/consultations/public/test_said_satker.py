"""What anybody says a satker is called stays with who said it, until an officer or a list confirms it."""

import uuid

import pytest
from django.db import IntegrityError
from django.urls import reverse

from consultations.models import Consultation
from offices.enums import Role
from stakeholders.models import Satker, Stakeholder
from stakeholders.services import remember_satker, satker_by_code
from tests import samples
from tests.factories import OfficeFactory, StaffFactory, StakeholderFactory

SATKER = {"kind": "satker", "satker_code": "023704", "satker_name": "UNIVERSITAS MATARAM"}


def test_what_anybody_calls_a_satker_stays_with_who_said_it(client, form_url, answers, office):
    client.post(form_url, answers | SATKER | {"satker_name": "Obral Besar"})
    elsewhere = reverse("public_form", args=[OfficeFactory().slug])
    client.post(elsewhere, answers | SATKER | samples.browser_work() | {"page": str(uuid.uuid4())})

    assert sorted(person.affiliation for person in Stakeholder.objects.select_related("satker")) == [
        "Obral Besar (023704)",
        "UNIVERSITAS MATARAM (023704)",
    ]
    assert Satker.objects.values_list("name", "is_listed").get() == ("", False)
    assert satker_by_code("023704") is None


def test_what_an_officer_confirms_is_the_name_everywhere(client, form_url, answers):
    client.post(form_url, answers | SATKER | {"satker_name": "Obral Besar"})
    confirmed = remember_satker("023704", "UNIVERSITAS MATARAM")

    assert Stakeholder.objects.get().affiliation == str(confirmed) == "UNIVERSITAS MATARAM (023704)"
    assert satker_by_code("023704") == confirmed


def test_nobody_renames_anothers_satker(client, form_url, answers):
    client.post(form_url, answers | SATKER)
    again = {"satker_name": "Obral Besar", "page": str(uuid.uuid4()), **samples.browser_work()}
    client.post(form_url, answers | SATKER | again)

    assert Consultation.objects.count() == 2
    assert Stakeholder.objects.get().affiliation == "UNIVERSITAS MATARAM (023704)"


def test_another_offices_officer_is_shown_no_name(client, form_url, answers):
    client.post(form_url, answers | SATKER | {"satker_name": "Obral Besar"})
    client.force_login(StaffFactory(office=OfficeFactory(), role=Role.CSO))
    page = client.post("/meja/konsultasi/baru/cari/", {"satker": "023704"}).content.decode()

    assert "Obral" not in page


def test_the_offices_own_officer_reads_the_name_as_unconfirmed_and_confirms_it_by_taking_it_down(
    client, form_url, answers, office
):
    client.post(form_url, answers | SATKER)
    client.force_login(StaffFactory(office=office, role=Role.CSO))
    person = Stakeholder.objects.get()
    page = client.get(Consultation.objects.get().get_absolute_url()).content.decode()
    assert "UNIVERSITAS MATARAM (023704)" in page
    assert "Nama satker menurut stakeholder" in page

    filled = client.post("/meja/konsultasi/baru/cari/", {"orang": person.pk}).content.decode()
    assert 'value="UNIVERSITAS MATARAM"' in filled


def test_a_number_is_given_for_confirmed_satker_only(client, form_url, answers, office):
    client.post(form_url, answers | SATKER)
    taken = client.post(
        reverse("queue_kiosk", args=[office.slug]),
        {"page": uuid.uuid4(), "category": "RETUR", "satker_code": "023704"},
    )

    assert taken.context["form"].has_error("satker_code", "unknown")


def test_the_database_keeps_names_where_they_belong(office):
    with pytest.raises(IntegrityError, match="satker_listed_has_name"):
        Satker.objects.create(code="023704", name="", is_listed=True)


def test_no_name_of_a_satker_without_its_code(office):
    with pytest.raises(IntegrityError, match="stakeholder_said_satker_has_code"):
        StakeholderFactory(office=office, said_satker_name="UNIVERSITAS MATARAM")
