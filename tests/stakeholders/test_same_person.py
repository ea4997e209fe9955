"""One person, one row; two people, never one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from stakeholders.models import Stakeholder
from stakeholders.services import find_same_person, names_agree, save_stakeholder

PHONE = "+6281234567890"
OTHER_PHONE = "+6281999999999"
EMAIL = "nurul@unram.example"
NIP = "198609262015051001"


@pytest.fixture
def save(mataram, university, now):
    def save(name="Baiq Nurul Hidayati", **details):
        details = {"kind": "satker", "satker": university, "now": now} | details
        return save_stakeholder(details.pop("office", mataram), name=name, **details)

    return save


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Baiq Nurul Hidayati", "baiq nurul hidayati"),
        ("Drs. H. Budi Santoso, M.M.", "Budi Santoso"),
        ("Budi S.", "Budi Santoso"),
        ("Santoso Budi", "Budi Santoso"),
        ("Budi", "Budi Santoso"),
        ("Ibu Ni Luh Putu", "Ni Luh Putu"),
        ("Ibu", "ibu"),
    ],
)
def test_names_that_can_be_one_person(one, other):
    assert names_agree(one, other)
    assert names_agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Budi Santoso", "Budi Hartono"),
        ("Budi Santoso", "Siti Aminah"),
        ("B. S.", "Budi Santoso"),
        ("Budi", "Budiman"),
        ("", "Budi"),
        ("🙏", "🙏"),
    ],
)
def test_names_that_are_two_people(one, other):
    assert not names_agree(one, other)
    assert not names_agree(other, one)


@pytest.mark.parametrize("contact", [{"nip": NIP}, {"phone": PHONE}, {"email": EMAIL}])
def test_a_returning_person_is_found_by_each_contact(save, contact):
    first = save(**contact)
    assert save(name="Nurul Hidayati", **contact) == first
    assert Stakeholder.objects.count() == 1


def test_an_email_address_is_the_same_in_capitals(save):
    assert save(email="Nurul@Unram.example") == save(email=EMAIL)


def test_the_nip_decides_before_the_phone_and_the_phone_before_the_email(save, mataram, university):
    by_email = save(email=EMAIL)
    by_phone = save(phone=PHONE)
    by_nip = save(nip=NIP)
    search = {"name": "Baiq Nurul Hidayati", "satker": university, "email": EMAIL}
    assert find_same_person(mataram, **search) == by_email
    assert find_same_person(mataram, **search, phone=PHONE) == by_phone
    assert find_same_person(mataram, **search, phone=PHONE, nip=NIP) == by_nip


def test_colleagues_who_share_a_telephone_stay_two_people(save):
    assert save(name="Budi Hartono", phone=PHONE) != save(phone=PHONE)


def test_two_nip_are_two_people_whatever_else_they_share(save):
    assert save(phone=PHONE, nip=NIP) != save(phone=PHONE, nip="198609262015051002")


def test_who_acts_for_two_satker_is_two_stakeholders(save, police):
    assert save(phone=PHONE) != save(phone=PHONE, satker=police)
    assert save(phone=PHONE) != save(phone=PHONE, kind="masyarakat", satker=None)


def test_without_any_contact_nobody_is_recognised(save):
    assert save() != save()


def test_another_office_does_not_recognise_the_person(save, tanjung_selor, mataram):
    assert save(phone=PHONE) != save(phone=PHONE, office=tanjung_selor)
    assert Stakeholder.objects.of_office(mataram).count() == 1


def test_what_an_officer_took_down_renews_what_was_known(save, now):
    later = now + timedelta(days=1)
    person = save(phone=PHONE, email="salah@unram.example", role="PPK")
    save(
        phone=PHONE, email=EMAIL, nip=NIP, name="Baiq Nurul Hidayati", role="KPA", by_officer=True, now=later
    )
    person.refresh_from_db()
    assert (person.email, person.nip, person.role) == (EMAIL, NIP, "KPA")
    assert (person.created_at, person.updated_at) == (now, later)


def test_an_officer_who_leaves_a_field_empty_erases_nothing(save):
    person = save(phone=PHONE, email=EMAIL, role="KPA")
    save(phone=PHONE, by_officer=True)
    person.refresh_from_db()
    assert (person.email, person.role) == (EMAIL, "KPA")


def test_a_public_form_fills_a_blank_role_and_changes_no_contact(save):
    person = save(phone=PHONE, organisation="FKIP")
    stranger = save(phone=PHONE, email="penyusup@example.com", nip=NIP, role="PPK", organisation="Lain")
    person.refresh_from_db()
    assert stranger == person
    assert (person.email, person.nip) == ("", "")
    assert (person.role, person.organisation) == ("PPK", "FKIP")


def test_saving_the_same_again_writes_nothing(save, django_assert_num_queries):
    save(phone=PHONE)
    with django_assert_num_queries(2):  # lock, search
        save(phone=PHONE)


def save_at_once(saves):
    """Run each callable in a thread and a connection of its own, begun together; returns what they return."""
    start = Barrier(len(saves))

    def run(save):
        start.wait(timeout=10)
        try:
            return save()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(saves)) as threads:
        return list(threads.map(run, saves))


@pytest.mark.django_db(transaction=True)
def test_eight_simultaneous_submissions_of_a_new_person_make_one_row(save):
    people = save_at_once([lambda: save(phone=PHONE, email=EMAIL)] * 8)
    assert len({person.pk for person in people}) == 1
    assert Stakeholder.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_submissions_that_share_contacts_crosswise_do_not_wait_for_each_other_forever(save):
    contacts = [{"phone": PHONE, "nip": NIP}, {"nip": NIP, "phone": OTHER_PHONE}, {"phone": OTHER_PHONE}]
    people = save_at_once([lambda c=c: save(**c) for c in contacts * 2])
    assert len(people) == 6
