"""What is said and done while a consultation is open."""

import pytest

from consultations import actors, lifecycle
from consultations.enums import Act, ProgressChannel, Status
from consultations.errors import RuleError, TransitionNotAllowed
from consultations.models import ProgressUpdate
from notifications.models import Message
from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory, StakeholderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation(office, cso, at):
    return ConsultationFactory(office=office, now=at(20), officer=cso)


def letters(consultation, kind):
    return Message.objects.filter(reference=consultation.number, kind=kind)


def test_an_officer_who_takes_a_new_consultation_handles_it(office, officer, at):
    taken = lifecycle.take(ConsultationFactory(office=office, now=at(20)), by=officer, now=at(20))
    assert (taken.status, taken.officer) == (Status.IN_PROGRESS, officer.staff)


def test_a_consultation_is_taken_once(consultation, office, at):
    colleague = actors.officer(StaffFactory(office=office, role=Role.CSO))
    with pytest.raises(TransitionNotAllowed):
        lifecycle.take(consultation, by=colleague, now=at(20))


def test_taking_over_tells_the_colleague(consultation, office, cso, at):
    colleague = actors.officer(StaffFactory(office=office, role=Role.CSO))
    lifecycle.take_over(consultation, by=colleague, now=at(20))
    assert letters(consultation, "taken_over").get().recipient == cso.email


def test_nobody_takes_over_from_themselves(consultation, officer, at):
    with pytest.raises(RuleError, match="sudah Bapak/Ibu tangani"):
        lifecycle.take_over(consultation, by=officer, now=at(20))


def test_a_reply_reaches_the_stakeholder_and_counts_as_progress_of_the_day(consultation, officer, at):
    lifecycle.reply(consultation, "Sedang kami periksa pada bank.", by=officer, now=at(23))
    assert "Sedang kami periksa pada bank." in letters(consultation, "replied").get().body
    assert ProgressUpdate.objects.get(consultation=consultation).on == at(23).date()


def test_an_internal_note_reaches_nobody_outside(consultation, officer, at):
    before = Message.objects.count()
    lifecycle.note(consultation, "Mirip kasus bulan lalu.", by=officer, now=at(20))
    assert not consultation.entries.get(act=Act.NOTE).is_public
    assert Message.objects.count() == before


def test_the_stakeholders_message_reaches_the_officer(consultation, cso, at):
    lifecycle.message(consultation, "Ini nomor SP2D-nya.", now=at(20, 11))
    assert letters(consultation, "stakeholder_wrote").get().recipient == cso.email


def test_the_stakeholders_message_makes_it_the_desks_turn_again(office, at):
    waiting = ConsultationFactory(office=office, now=at(20), awaiting_documents=True)
    assert lifecycle.message(waiting, "Saya cari dahulu.", now=at(23)).status == Status.IN_PROGRESS


def test_the_stakeholders_message_leaves_the_turn_to_a_head_who_was_asked_too(office, at):
    waiting = ConsultationFactory(office=office, now=at(20), awaiting_documents=True, escalated=True)
    assert waiting.status == Status.AWAITING_DOCUMENTS
    assert lifecycle.message(waiting, "Saya cari dahulu.", now=at(23)).status == Status.ESCALATED


def test_progress_is_sent_to_the_contact_person(consultation, officer, at):
    lifecycle.post_progress(consultation, "Menunggu konfirmasi bank.", by=officer, now=at(23))
    update = ProgressUpdate.objects.get(consultation=consultation)
    assert update.message == letters(consultation, "progress").get()
    assert update.delivered_at is None


def test_progress_told_by_telephone_is_delivered_when_it_is_recorded(consultation, officer, at):
    lifecycle.post_progress(
        consultation, "Disampaikan.", by=officer, now=at(23), told_through=ProgressChannel.PHONE
    )
    assert ProgressUpdate.objects.get(consultation=consultation).delivered_at == at(23)
    assert not letters(consultation, "progress").exists()


def test_without_an_address_progress_must_be_told_some_other_way(office, officer, at):
    by_phone_only = StakeholderFactory(office=office, email="")
    consultation = ConsultationFactory(office=office, stakeholder=by_phone_only, now=at(20), taken=True)
    with pytest.raises(RuleError, match="tidak dapat dikirimi pesan"):
        lifecycle.post_progress(consultation, "Masih diproses.", by=officer, now=at(23))


def test_an_empty_text_is_no_act(consultation, officer, at):
    with pytest.raises(RuleError, match="tidak boleh kosong"):
        lifecycle.reply(consultation, "  \n ", by=officer, now=at(20))
    assert not consultation.entries.filter(act=Act.REPLY).exists()


def test_a_corrected_category_belongs_to_the_same_office(consultation, office, officer, at):
    category = office.categories.get(code="PEMBAYARAN")
    assert lifecycle.categorise(consultation, category, by=officer, now=at(20)).category == category
    with pytest.raises(RuleError, match="kantor yang sama"):
        lifecycle.categorise(consultation, OfficeFactory().categories.first(), by=officer, now=at(20))


def test_a_contact_person_can_be_reached(consultation, officer, at):
    with pytest.raises(RuleError, match="wajib diisi"):
        lifecycle.record_contact(consultation, lifecycle.Contact("Ani"), by=officer, now=at(20))
    contact = lifecycle.Contact("Ani", phone="+6281234567890")
    assert lifecycle.record_contact(consultation, contact, by=officer, now=at(20)).contact_name == "Ani"


@pytest.mark.parametrize("status", ["closed", "resolved"])
def test_an_answered_consultation_takes_no_further_message(office, at, status):
    answered = ConsultationFactory(office=office, now=at(20), **{status: True})
    with pytest.raises(TransitionNotAllowed):
        lifecycle.message(answered, "Halo?", now=at(23))
