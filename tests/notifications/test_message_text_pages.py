"""Where an administrator words the letters: begun from the default, looked at, saved, and taken back."""

import pytest

from notifications.enums import LetterKind
from notifications.models import MessageText
from notifications.texts import ABOUT_SEVERAL, default_text
from offices.enums import Role
from tests.factories import OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db
LIST = "/meja/pesan/teks/"
PAGE = f"{LIST}received/"
WORDS = {"subject": "Masuk: {nomor}", "body": "Halo {nama}, {nomor}. {janji}\r\n{tautan}"}


@pytest.fixture
def admin(client, office):
    client.force_login(StaffFactory(office=office, role=Role.OFFICE_ADMIN))
    return client


def test_the_list_tells_which_letters_the_office_has_worded_itself(admin, office):
    MessageText.objects.create(office=office, kind="closed", subject="Ditutup {nomor}", body="{tautan}")
    MessageText.objects.create(
        office=OfficeFactory(empty=True), kind="received", subject="Rahasia", body="{tautan}"
    )
    response = admin.get(LIST)
    rows = {kind: (subject, is_own) for kind, subject, is_own in response.context["kinds"]}
    assert list(rows) == list(LetterKind)
    assert rows["closed"] == ("Ditutup {nomor}", True)
    assert rows["received"] == (default_text(LetterKind.RECEIVED)[0], False)


@pytest.mark.parametrize("kind", LetterKind)
def test_a_text_begins_as_the_default_with_its_names_explained(admin, kind):
    response = admin.get(f"{LIST}{kind}/")
    subject, body = default_text(kind)
    assert (response.context["form"]["subject"].value(), response.context["form"]["body"].value()) == (
        subject,
        body,
    )
    names = {name for name, *_ in response.context["placeholders"]}
    assert {"{nama}", "{tautan}"} <= names
    assert ("{nomor}" in names) is (kind not in ABOUT_SEVERAL)


def test_what_is_required_and_what_cannot_be_removed_is_said(admin):
    response = admin.get(PAGE)
    required = {name for name, _, is_required in response.context["placeholders"] if is_required}
    assert required == {"{nomor}", "{janji}", "{tautan}"}
    assert "Layanan ini tidak dipungut biaya (Rp0)." in response.context["foot"]
    assert response.context["preview"][1].endswith(f"{response.context['foot']}\n")


def test_a_look_at_the_text_saves_nothing(admin):
    response = admin.post(PAGE, {**WORDS, "pratinjau": ""})
    assert response.context["preview"][0] == "Masuk: MTR-2026-000123"
    assert response.context["form"]["subject"].value() == "Masuk: {nomor}"
    assert "Pratinjau dengan data contoh (belum disimpan)" in response.content.decode()
    assert not MessageText.objects.exists()


def test_a_saved_text_is_the_offices_own_and_can_be_changed_again(admin, office):
    assert admin.post(PAGE, {**WORDS, "simpan": ""}).url == LIST
    text = MessageText.objects.get()
    assert (text.office, text.kind, text.subject, text.body) == (
        office,
        "received",
        "Masuk: {nomor}",
        "Halo {nama}, {nomor}. {janji}\n{tautan}",
    )
    admin.post(PAGE, {**WORDS, "subject": "Baru: {nomor}", "simpan": ""})
    assert MessageText.objects.get().subject == "Baru: {nomor}"


def test_the_default_sent_back_unchanged_stays_the_default(admin):
    subject, body = default_text(LetterKind.RECEIVED)
    admin.post(PAGE, {**WORDS, "simpan": ""})
    admin.post(PAGE, {"subject": subject, "body": body.replace("\n", "\r\n"), "simpan": ""})
    assert not MessageText.objects.exists()


def test_the_way_back_to_the_default(admin, office):
    admin.post(PAGE, {**WORDS, "simpan": ""})
    assert "Kembalikan ke bawaan" in admin.get(PAGE).content.decode()
    assert admin.post(f"{PAGE}bawaan/").url == LIST
    assert not MessageText.objects.exists()
    assert "Kembalikan ke bawaan" not in admin.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("words", "field", "error"),
    [
        ({"subject": "{salah}"}, "subject", "Isian {salah} tidak dikenal untuk pesan ini."),
        ({"body": "{tautan} {nama.pk}"}, "body", "Isian {nama.pk} tidak dikenal untuk pesan ini."),
        ({"body": "Halo {nama"}, "body", "Kurung kurawal tidak berpasangan."),
        ({"body": "Halo"}, "body", "Isi wajib memuat {nomor}, {tautan}, {janji}."),
        ({"subject": ""}, "subject", "tidak boleh kosong"),
        ({"subject": "a\0b"}, "subject", "null"),
        ({"subject": "a" * 151}, "subject", "150"),
        ({"body": "{nomor} {janji} {tautan}" + "a" * 5000}, "body", "5000"),
    ],
)
@pytest.mark.parametrize("button", ["pratinjau", "simpan"])
def test_a_text_that_could_not_be_filled_is_refused_at_its_field(admin, words, field, error, button):
    response = admin.post(PAGE, {**WORDS, **words, button: ""})
    assert response.status_code == 422
    assert error in response.context["form"].errors[field][0]
    assert response.context["preview"] is None
    assert not MessageText.objects.exists()


@pytest.mark.parametrize("address", [f"{LIST}late/", f"{LIST}tidak-ada/"])
def test_letters_that_no_office_words_are_not_there(admin, address):
    assert admin.get(address).status_code == 404
    assert admin.post(f"{address}bawaan/").status_code == 404


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.CSO, Role.OFFICE_HEAD])
def test_others_word_nothing(client, office, role):
    client.force_login(StaffFactory(office=office, role=role))
    for address in (LIST, PAGE):
        assert client.get(address).status_code == 403
    assert client.post(f"{PAGE}bawaan/").status_code == 403


def test_markup_in_a_text_is_shown_as_it_is(admin):
    page = admin.post(
        PAGE, {**WORDS, "body": "<b>{nama}</b> {nomor} {janji} {tautan}", "pratinjau": ""}
    ).content.decode()
    assert "&lt;b&gt;Siti Aminah&lt;/b&gt;" in page
