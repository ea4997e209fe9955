"""The printed receipt a visitor leaves with."""

import pytest

from consultations import actors, lifecycle
from consultations.tokens import tracking_url
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db


def test_it_names_number_question_deadline_and_the_way_to_follow(desk, office, at, page_of):
    office.phone = "081138000222"
    office.save()
    consultation = ConsultationFactory(office=office, now=at(20))
    page = desk.get(page_of(consultation, "tanda-terima")).content.decode()
    assert consultation.number in page
    assert consultation.subject in page
    assert "Rabu, 25 November 2026 pukul 17.00 WITA" in page
    assert tracking_url(consultation) in page
    assert 'src="data:image/svg+xml' in page
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
    ("channel", "sentence"),
    [
        ("email", "Tautan ini juga kami kirim ke siti@contoh.id."),
        ("telepon", ""),
    ],
)
def test_it_says_where_the_same_was_sent(desk, office, page_of, channel, sentence):
    contact = lifecycle.Contact("Siti", "+6281234567890", "siti@contoh.id" if channel == "email" else "")
    consultation = ConsultationFactory(office=office, contact=contact)
    page = desk.get(page_of(consultation, "tanda-terima")).content.decode()
    assert ("Tautan ini juga kami kirim" in page) is bool(sentence)
    assert sentence in page
