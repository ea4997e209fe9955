"""Which passwords are refused, and what becomes of one that somebody else set."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from notifications.models import Message, Notice
from notifications.outbox import deliver_due
from offices.enums import Role
from offices.models import Staff
from tests.factories import PASSWORD, OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db
GIVEN = "jambu-merpati-kenari"
OWN = "tangga-biru-selasa"


@pytest.fixture
def office():
    return OfficeFactory(name="KPPN Mataram", full_name="KPPN Tipe A1 Mataram")


@pytest.fixture
def administrator(client, office):
    person = StaffFactory(office=office, role=Role.OFFICE_ADMIN, full_name="Lalu Admin")
    client.force_login(person)
    return person


@pytest.fixture
def head(office):
    return StaffFactory(office=office, role=Role.OFFICE_HEAD, username="kepala", email="kepala@contoh.id")


@pytest.mark.parametrize(
    "password",
    [
        *(
            "123456789012",
            "197805062005",
            "1234-5678-9012",
            "kppnmataram1",
            "KPPN.Mataram.2026",
            "Kppnmataram!!2026",
        ),
        *(
            "siti.rahayu.1990",
            "SitiRahayu2026!",
            "sitirahayusiti",
            "Password123456",
            "P@ssw0rd123456",
            "bismillah123",
        ),
        *("aaaaaaaaaaaa", "qwertyuiop12", "abcdefghijkl", "Indonesia1945", "administrator1", "kpp.nmataram"),
    ],
)
def test_what_others_can_guess_is_refused(office, password):
    siti = StaffFactory(
        office=office, username="siti", full_name="Siti Rahayu", email="siti.rahayu@contoh.id"
    )

    with pytest.raises(ValidationError):
        validate_password(password, siti)


@pytest.mark.parametrize(
    "password", [GIVEN, OWN, "kata-sandi-baru-2026", "x7Kq9!mNv2Lp", "Kppn rinjani senggigi"]
)
def test_words_nobody_connects_are_accepted(office, password):
    validate_password(password, StaffFactory(office=office, username="siti", full_name="Siti Rahayu"))


def test_the_refusal_says_what_to_do(office):
    with pytest.raises(ValidationError) as refused:
        validate_password("123456789012", StaffFactory(office=office))

    assert "hanya berisi angka mudah ditebak" in " ".join(refused.value.messages)


def set_password(client, person, password=GIVEN):
    said = {"password1": password, "password2": password, "usable_password": "true"}
    return client.post(f"/admin/offices/staff/{person.pk}/password/", said)


def test_a_password_set_by_another_is_told_to_its_owner_and_the_head(client, administrator, head, office):
    siti = StaffFactory(office=office, role=Role.CSO, username="siti", email="siti@contoh.id")
    set_password(client, siti)

    told = Message.objects.filter(kind="password_set")
    assert {message.recipient for message in told} == {"siti@contoh.id", "kepala@contoh.id"}
    assert all("Lalu Admin" in message.subject and GIVEN not in message.body for message in told)
    assert {notice.recipient for notice in Notice.objects.all()} == {siti, head}
    deliver_due(timezone.now())
    assert len(mail.outbox) == 2


def test_the_head_is_told_of_their_own(client, administrator, head):
    set_password(client, head)

    assert Notice.objects.get().recipient == head


def test_a_password_that_was_refused_is_told_to_nobody(client, administrator, head):
    assert set_password(client, head, "kppnmataram1").status_code == 200
    assert not Notice.objects.exists()
    head.refresh_from_db()
    assert head.check_password(PASSWORD)
    assert not head.must_change_password


def test_it_ends_the_sessions_of_its_owner_and_no_others(client, administrator, head):
    elsewhere = Client()
    elsewhere.force_login(head)
    set_password(client, head)

    assert elsewhere.get("/meja/").headers["Location"].startswith("/masuk/")
    assert client.get("/admin/").status_code == 200


def test_whoever_signs_in_with_it_can_do_nothing_but_choose_their_own(client, administrator, head):
    set_password(client, head)
    own = Client()
    own.post("/masuk/", {"username": "kepala", "password": GIVEN})

    for path in ("/meja/", "/eskalasi/", "/admin/", "/admin/offices/staff/", "/laporan/skm/", "/peraturan/"):
        assert own.get(path).headers["Location"] == "/sandi/", path
        assert own.post(path).headers["Location"] == "/sandi/", path
    assert own.get("/meja/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/sandi/"
    assert "diatur oleh orang lain" in own.get("/sandi/").text
    said = {"old_password": GIVEN, "new_password1": GIVEN, "new_password2": GIVEN}
    assert "harus berbeda" in own.post("/sandi/", said).text
    own.post("/sandi/", said | {"new_password1": OWN, "new_password2": OWN})
    assert own.get("/meja/").status_code == 200
    assert Client().post("/masuk/", {"username": "kepala", "password": OWN}).status_code == 302


def test_a_new_account_begins_with_a_password_of_its_own(client, administrator, head, office):
    said = {"username": "baru", "full_name": "Baru Sekali", "email": "baru@contoh.id", "office": office.pk}
    client.post(
        "/admin/offices/staff/add/",
        said | {"usable_password": "true", "password1": GIVEN, "password2": GIVEN},
    )

    created = Staff.objects.get(username="baru")
    assert created.must_change_password
    assert {notice.recipient for notice in Notice.objects.all()} == {created, head}


def test_nobody_sets_their_own_password_without_the_old_one(client, administrator):
    assert set_password(client, administrator).headers["Location"] == "/sandi/"
    assert client.post("/admin/password_change/").headers["Location"] == "/sandi/"
    administrator.refresh_from_db()
    assert administrator.check_password(PASSWORD)


def test_a_changed_address_is_told_to_the_old_one(client, administrator, head):
    said = {"username": "kepala", "full_name": head.full_name, "office": head.office_id, "is_active": "on"}
    client.post(f"/admin/offices/staff/{head.pk}/change/", said | {"email": "lain@contoh.id"})

    head.refresh_from_db()
    assert head.email == "lain@contoh.id"
    told = Message.objects.get(kind="address_changed")
    assert (told.recipient, "Lalu Admin" in told.subject) == ("kepala@contoh.id", True)


@pytest.mark.parametrize(("role", "told"), [("office_head", True), ("cso", False)])
def test_who_is_made_a_head_is_told_to_the_head(client, administrator, head, office, role, told):
    said = {
        "office": office.pk,
        "staff": administrator.pk,
        "role": role,
        "kind": "plh" if told else "definitif",
    }
    client.post("/admin/offices/appointment/add/", said | {"unit": "", "starts_on": "2026-11-23"})

    assert administrator.appointments.count() == 2
    recipients = {head, administrator} if told else set()
    assert {
        notice.recipient for notice in Notice.objects.filter(title__contains="Plh. Kepala KPPN")
    } == recipients
