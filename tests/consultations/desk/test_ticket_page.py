"""The ticket: everything about one consultation on one page, and nothing the reader may not do."""

import pytest

from consultations import lifecycle
from consultations.enums import LinkKind, ProgressChannel
from escalations import services as escalations
from notifications.enums import MessageStatus
from notifications.models import Message
from offices.enums import AppointmentKind, Role
from tests.factories import (
    AppointmentFactory,
    ConsultationFactory,
    OfficeFactory,
    RegulationFactory,
    StaffFactory,
    StakeholderFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(client, page_of):
    def ticket(staff, consultation):
        client.force_login(staff)
        response = client.get(page_of(consultation))
        assert response.status_code == 200
        return response

    return ticket


def offered(response):
    """The addresses of what may be done, under the ticket's own."""
    context = response.context
    return {form.path for form in [*context["at_once"], *context["menu"], *context["composer"]]}


def test_the_head_says_who_asks_by_when_and_who_answers(ticket, cso, office, at):
    person = StakeholderFactory(
        office=office, of_satker=True, name="Siti Rahmawati", phone="+6281234567890", nip="198609262015051001"
    )
    page = ticket(
        cso, ConsultationFactory(office=office, stakeholder=person, officer=cso, now=at(20))
    ).content.decode()
    assert "Siti Rahmawati" in page
    assert person.affiliation in page
    assert "19860926******1001" in page
    assert "198609262015051001" not in page
    assert 'href="tel:+6281234567890"' in page
    assert 'href="https://wa.me/6281234567890"' in page
    assert "Rabu, 25 November 2026 pukul 17.00 WITA" in page
    assert cso.full_name in page


def test_the_deadline_is_explained_day_by_day(ticket, cso, consultation):
    page = ticket(cso, consultation).content.decode()
    assert "Jumat, 20 November 2026: pertanyaan diterima, hari ke-0" in page
    assert "Sabtu, 21 November 2026: hari Sabtu, tidak dihitung" in page
    assert "hari kerja ke-3, batas waktu jawaban pukul 17.00 WITA" in page


def test_after_a_reopening_the_new_promise_is_explained_and_the_earlier_one_told(
    ticket, cso, office, officer, at
):
    consultation = ConsultationFactory(office=office, officer=cso, now=at(18))
    lifecycle.resolve(consultation, "Sudah diproses.", by=officer, now=at(19))
    lifecycle.reopen(consultation, "Masih diretur.", by=officer, now=at(20))
    page = ticket(cso, consultation).content.decode()
    assert "Jumat, 20 November 2026: pertanyaan dibuka kembali, hari ke-0" in page
    assert "Senin, 23 November 2026 pukul 17.00 WITA (diterima): Tepat waktu" in page
    assert "Rabu, 25 November 2026 pukul 17.00 WITA (dibuka kembali): Berjalan" in page


def test_what_the_stakeholder_reads_and_what_they_never_see_look_apart(
    ticket, cso, consultation, officer, at
):
    lifecycle.reply(consultation, "Sedang kami periksa.", by=officer, now=at(20, 11))
    lifecycle.note(consultation, "Rekening tampaknya pasif.", by=officer, now=at(20, 12))
    lifecycle.message(consultation, "Terima kasih.", now=at(20, 13))
    lines = ticket(cso, consultation).context["newest_first"]
    assert [(line.kind, line.text) for line in lines[:3]] == [
        ("stakeholder", "Terima kasih."),
        ("internal", "Rekening tampaknya pasif."),
        ("public", "Sedang kami periksa."),
    ]


def test_a_progress_says_how_it_reached_the_stakeholder(ticket, cso, consultation, officer, at):
    lifecycle.post_progress(
        consultation, "Ditelaah.", by=officer, now=at(20, 11), told_through=ProgressChannel.PHONE
    )
    lifecycle.post_progress(consultation, "Hampir selesai.", by=officer, now=at(20, 12))
    lines = ticket(cso, consultation).context["newest_first"]
    assert [line.delivery for line in lines[:2]] == ["Surel: antre", "Disampaikan melalui: Telepon"]


def test_a_message_that_failed_says_why(ticket, cso, consultation):
    Message.objects.filter(reference=consultation.number).update(
        status=MessageStatus.FAILED, next_attempt_at=None, last_error="Alamat penerima ditolak: 550"
    )
    page = ticket(cso, consultation).content.decode()
    assert "Gagal" in page
    assert "Alamat penerima ditolak: 550" in page


def test_linked_consultations_are_named_from_both_sides(ticket, cso, office, officer, consultation, at):
    earlier = ConsultationFactory(office=office, now=at(19))
    lifecycle.link(consultation, earlier, LinkKind.DUPLICATE, by=officer, now=at(20))
    assert (
        f'Duplikat dari <a href="{earlier.get_absolute_url()}">' in ticket(cso, consultation).content.decode()
    )
    assert "Memiliki duplikat" in ticket(cso, earlier).content.decode()


def test_a_draft_of_the_progress_tells_what_happened_since_the_last(ticket, cso, consultation, officer, at):
    def draft():
        forms = {form.path: form for form in ticket(cso, consultation).context["composer"]}
        return forms["progres"].initial["text"]

    lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(20, 11))
    assert draft() == ("Perkembangan per 23 November 2026: kami menunggu dokumen pendukung dari Bapak/Ibu.")
    lifecycle.message(consultation, "Menyusul.", now=at(20, 12))
    assert "jawaban sedang kami susun" in draft()


@pytest.mark.parametrize(("day", "said"), [(20, "batas waktu jawaban"), (17, "telah melewati batas waktu")])
def test_a_draft_that_is_sent_says_once_until_when_we_answer(ticket, cso, officer, office, at, day, said):
    consultation = ConsultationFactory(office=office, officer=cso, now=at(day))
    forms = {form.path: form for form in ticket(cso, consultation).context["composer"]}
    text = forms["progres"].initial["text"]
    assert "pertanyaan telah ditangani petugas" in text
    lifecycle.post_progress(consultation, text, by=officer, now=at(23, 11))
    assert Message.objects.get(kind="progress").body.count(said) == 1


def test_a_new_question_is_first_taken(ticket, cso, office):
    response = ticket(cso, ConsultationFactory(office=office))
    assert offered(response) == {
        "tangani", "catatan", "kontak", "kategori", "tautkan", "ganti-tautan", "pecah", "rujuk", "batal"
    }  # fmt: skip


def test_the_own_ticket_offers_everything_but_taking_it_over(ticket, cso, consultation):
    response = ticket(cso, consultation)
    assert offered(response) == {
        "balas", "catatan", "progres", "selesai", "minta-dokumen", "kontak", "kategori", "tautkan", "ganti-tautan",
        "pecah", "rujuk", "batal",
    }  # fmt: skip
    assert f"/meja/konsultasi/{consultation.number}/eskalasi/" in response.content.decode()


def test_a_colleagues_ticket_can_be_taken_over(ticket, colleague, consultation):
    assert "ambil-alih" in offered(ticket(colleague, consultation))


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        ("resolved", {"buka-kembali", "catatan", "kontak", "tautkan", "ganti-tautan"}),
        ("closed", {"catatan", "tautkan", "ganti-tautan"}),
    ],
)
def test_what_has_ended_offers_little(ticket, cso, office, state, acts):
    assert offered(ticket(cso, ConsultationFactory(office=office, officer=cso, **{state: True}))) == acts


@pytest.mark.parametrize("role", ["office_head", "office_admin", "unit_head"])
def test_who_only_reads_is_offered_nothing(ticket, request, consultation, role):
    response = ticket(request.getfixturevalue(role), consultation)
    assert offered(response) == set()
    assert "eskalasi/" not in response.content.decode().split("<main")[1]


def test_the_head_of_the_unit_that_is_asked_may_answer(ticket, unit_head, consultation, officer, at):
    unit = consultation.category.unit
    escalations.escalate(consultation, unit, "Mohon arahan.", by=officer, now=at(20, 11))
    assert offered(ticket(unit_head, consultation)) == {
        "balas", "catatan", "progres", "selesai", "minta-dokumen", "kontak", "kategori", "rujuk",
    }  # fmt: skip


def test_another_units_head_still_only_reads(ticket, office, consultation, officer, at):
    stranger = StaffFactory(office=office, role=Role.UNIT_HEAD, unit=office.units.get(code="PD"))
    escalations.escalate(
        consultation, consultation.category.unit, "Mohon arahan.", by=officer, now=at(20, 11)
    )
    assert offered(ticket(stranger, consultation)) == set()


def test_who_stands_in_for_two_units_signs_for_the_one_that_is_asked(
    client, page_of, office, consultation, officer, at
):
    head = StaffFactory(office=office, role=Role.UNIT_HEAD, unit=office.units.get(code="PD"))
    bank = consultation.category.unit
    AppointmentFactory(staff=head, role=Role.UNIT_HEAD, unit=bank, kind=AppointmentKind.PLH)
    escalations.escalate(consultation, bank, "Mohon arahan.", by=officer, now=at(20, 11))
    client.force_login(head)
    client.post(page_of(consultation, "balas"), {"text": "Rekening pasif tidak dapat dipakai."})
    assert consultation.entries.get(act="reply").actor_label == "Plh. Kepala Seksi Bank"


def test_a_foreign_number_does_not_exist(client, other_cso, consultation, page_of):
    client.force_login(other_cso)
    assert client.get(page_of(consultation)).status_code == 404


def test_a_receptionist_reads_no_consultation(client, receptionist, consultation, page_of):
    client.force_login(receptionist)
    assert client.get(page_of(consultation)).status_code == 404


@pytest.mark.parametrize("number", ["MTR-2026-999999", "x", "..", "%00", "a" * 500])
def test_a_number_that_is_none_is_not_found(desk, number):
    assert desk.get(f"/meja/konsultasi/{number}/").status_code == 404


def test_whatever_people_wrote_is_shown_as_text(ticket, cso, office, at):
    hostile = "<img src=x onerror=alert(1)> {{ 7|add:7 }}"
    person = StakeholderFactory(office=office, name=hostile)
    consultation = ConsultationFactory(office=office, stakeholder=person, question=hostile, now=at(20))
    lifecycle.message(consultation, hostile, now=at(20))
    page = ticket(cso, consultation).content.decode()
    assert "<img src=x" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt; {{ 7|add:7 }}") >= 4


@pytest.fixture
def happen(office, officer, consultation, at):
    """Give the ticket one of everything that its page shows."""

    def happen(n):
        basis = [RegulationFactory()]
        lifecycle.reply(consultation, "Sedang kami periksa.", by=officer, now=at(20, 11), regulations=basis)
        lifecycle.request_documents(consultation, [f"Dokumen {n}"], by=officer, now=at(20, 12))
        other = ConsultationFactory(office=office, now=at(20))
        lifecycle.link(other, consultation, LinkKind.RELATED, by=officer, now=at(20, 13))

    return happen


@pytest.mark.parametrize("length", [1, 8])
def test_the_page_costs_the_same_however_long_its_history(
    desk, page_of, consultation, happen, django_assert_num_queries, length
):
    for n in range(length):
        happen(n)
    with django_assert_num_queries(14):
        desk.get(page_of(consultation))


def test_reopened_and_read_by_the_head_asked_it_costs_no_more(
    client, unit_head, page_of, officer, consultation, at, django_assert_num_queries
):
    lifecycle.resolve(consultation, "Sudah.", by=officer, now=at(20, 11))
    lifecycle.reopen(consultation, "Belum.", by=officer, now=at(20, 12))
    escalations.escalate(
        consultation, consultation.category.unit, "Mohon arahan.", by=officer, now=at(20, 13)
    )
    client.force_login(unit_head)
    with django_assert_num_queries(14):
        client.get(page_of(consultation))


def test_another_office_of_the_same_head_is_no_way_in(client, consultation, unit_head, page_of):
    unit_head.office = OfficeFactory()
    unit_head.save()
    client.force_login(unit_head)
    assert client.get(page_of(consultation)).status_code == 404


def test_a_question_that_was_only_taken_costs_two_less(
    desk, page_of, consultation, django_assert_num_queries
):
    with django_assert_num_queries(12):
        desk.get(page_of(consultation))
