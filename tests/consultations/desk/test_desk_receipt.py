"""The printed receipt a visitor leaves with."""

import pytest

from consultations import actors, lifecycle
from consultations.enums import Act, Source
from consultations.errors import RuleError
from consultations.tokens import token_of, tracking_url
from notifications.links import with_keys
from notifications.models import Message
from offices.enums import Role
from tests.factories import ConsultationFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_it_names_number_question_and_deadline(desk, office, at, page_of):
    office.phone = "081138000222"
    office.save()
    consultation = ConsultationFactory(office=office, now=at(20))
    page = desk.get(page_of(consultation, "tanda-terima")).content.decode()
    assert consultation.number in page
    assert consultation.subject in page
    assert "Rabu, 25 November 2026 pukul 17.00 WITA" in page
    assert "Tidak dipungut biaya (Rp0)." in page
    assert "Kontak resmi KPPN" in page
    assert "0811-3800-0222" in page


def test_an_answered_question_has_no_deadline_on_its_receipt(desk, office, at, page_of):
    page = desk.get(
        page_of(ConsultationFactory(office=office, resolved=True), "tanda-terima")
    ).content.decode()
    assert "Selesai (Resolved)" in page
    assert "Batas waktu jawaban" not in page


def test_a_receptionist_prints_the_receipts_of_what_they_took_down_and_no_other(
    client, office, receptionist, consultation, page_of
):
    own = ConsultationFactory(office=office, by=actors.officer(receptionist))
    client.force_login(receptionist)
    page = client.get(page_of(own, "tanda-terima"))
    assert page.status_code == 200
    assert f'href="{own.get_absolute_url()}"' not in page.content.decode()
    assert client.get(page_of(consultation, "tanda-terima")).status_code == 404
    assert client.get(page_of(own)).status_code == 404


def test_another_office_has_no_receipt(client, other_cso, consultation, page_of):
    client.force_login(other_cso)
    assert client.get(page_of(consultation, "tanda-terima")).status_code == 404


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("siti@contoh.id", "Tautan untuk mengikuti perkembangan kami kirim melalui surel ke siti@contoh.id."),
        ("", ""),
    ],
)
def test_it_says_where_the_link_was_sent(desk, office, page_of, email, sentence):
    contact = lifecycle.Contact("Siti", "+6281234567890", email)
    consultation = ConsultationFactory(office=office, contact=contact)
    page = desk.get(page_of(consultation, "tanda-terima")).content.decode()
    assert ("kami kirim melalui" in page) is bool(sentence)
    assert sentence in page


@pytest.fixture
def taken_down(office, receptionist, at):
    return ConsultationFactory(
        office=office, by=actors.officer(receptionist), now=at(20), source=Source.COUNTER
    )


def shown_entries(consultation):
    return consultation.entries.filter(act=Act.SHOW_LINK)


def test_who_took_it_down_is_shown_the_link_once_and_the_timeline_says_so(
    client, receptionist, taken_down, page_of
):
    client.force_login(receptionist)
    address = page_of(taken_down, "tanda-terima/tautan")
    receipt = client.get(page_of(taken_down, "tanda-terima"))
    assert address in receipt.text
    assert token_of(taken_down) not in receipt.text

    shown = client.post(address)
    assert tracking_url(taken_down) in shown.text
    assert 'src="data:image/svg+xml' in shown.text
    entry = shown_entries(taken_down).get()
    assert (entry.actor, entry.is_public) == (receptionist, True)

    again = client.post(address, follow=True)
    assert "Tautan hanya ditampilkan satu kali" in again.text
    assert token_of(taken_down) not in again.text
    assert address not in again.text
    assert shown_entries(taken_down).count() == 1


def test_the_stakeholder_reads_that_the_link_was_shown(client, receptionist, taken_down):
    lifecycle.show_link(taken_down, by=actors.officer(receptionist), now=taken_down.recorded_at)
    page = client.get(f"/lacak/{token_of(taken_down)}/").text
    assert "Tautan pribadi ditampilkan satu kali untuk dicetak pada tanda terima." in page


@pytest.mark.parametrize("role", [Role.CSO, Role.UNIT_HEAD, Role.OFFICE_HEAD, Role.OFFICE_ADMIN])
@pytest.mark.parametrize("page", ["", "tanda-terima"])
def test_nobody_else_of_the_office_finds_the_key_on_a_page(client, office, taken_down, page_of, role, page):
    unit = taken_down.category.unit if role is Role.UNIT_HEAD else None
    client.force_login(StaffFactory(office=office, role=role, unit=unit))
    texts = [
        client.get(page_of(taken_down, page)).text,
        client.post(page_of(taken_down, "tanda-terima/tautan"), follow=True).text,
    ]
    assert not any(token_of(taken_down) in text for text in texts)
    assert not shown_entries(taken_down).exists()


def test_a_part_that_was_split_off_was_not_taken_down_beside_its_stakeholder(consultation, officer, at):
    part = lifecycle.split(
        consultation, "Bagaimana dengan pajak?", consultation.category, by=officer, now=at(23)
    )
    with pytest.raises(RuleError, match="satu kali"):
        lifecycle.show_link(part, by=officer, now=at(23))


def test_afterwards_the_link_is_sent_to_the_contact_again(desk, consultation, page_of, at):
    response = desk.post(page_of(consultation, "kirim-tautan"), follow=True)
    assert "Tautan pelacakan dikirim ke kontak person." in response.text
    assert token_of(consultation) not in response.text
    letter = Message.objects.get(kind="tracking_link")
    assert letter.recipient == consultation.contact_email
    assert tracking_url(consultation) in with_keys(letter, at(23)).body
    assert consultation.entries.filter(act=Act.SEND_LINK).count() == 1


def test_whom_only_a_call_reaches_no_link_is_sent(desk, office, cso, page_of):
    consultation = ConsultationFactory(
        office=office, officer=cso, contact=lifecycle.Contact("Siti", "+6281234567890")
    )
    response = desk.post(page_of(consultation, "kirim-tautan"))
    assert response.status_code == 422
    assert "tidak dapat dikirimi pesan" in response.text
    assert "Kirim ulang tautan ke kontak" not in desk.get(page_of(consultation)).text
