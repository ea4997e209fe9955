"""The officer asks a unit's head, and takes the question back."""

import pytest

from consultations import actors
from escalations import services
from escalations.enums import EscalationStatus
from escalations.models import Escalation
from offices.enums import AppointmentKind, Role
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _friday_noon(time_machine, at):
    time_machine.move_to(at(20, 12), tick=False)


@pytest.fixture
def address(consultation):
    return f"/meja/konsultasi/{consultation.number}/eskalasi/"


@pytest.fixture
def as_officer(client, cso):
    client.force_login(cso)
    return client


def test_the_categorys_unit_is_preset_and_every_unit_shows_who_heads_it_today(
    as_officer, address, office, bank, bank_head, treasury
):
    StaffFactory(
        office=office, role=Role.UNIT_HEAD, unit=treasury, kind=AppointmentKind.PLH, full_name="Eko Prasetyo"
    )
    response = as_officer.get(address)
    assert response.context["form"]["unit"].value() == bank.pk
    text = response.content.decode()
    assert "Seksi Bank: Budi Santoso (Kepala Seksi Bank)" in text
    assert "Seksi Pencairan Dana: Eko Prasetyo (Plh. Kepala Seksi Pencairan Dana)" in text
    assert "Subbagian Umum: belum ada kepala yang bertugas" in text


def test_the_officer_asks_and_returns_to_the_consultation(as_officer, address, consultation, bank, cso):
    response = as_officer.post(address, {"unit": bank.pk, "reason": "Bolehkah rekening pasif dipakai?"})
    assert response.url == consultation.get_absolute_url()
    asked = consultation.escalations.get()
    assert (asked.unit, asked.reason, asked.asked_by) == (bank, "Bolehkah rekening pasif dipakai?", cso)


def test_another_unit_of_the_office_may_be_chosen(as_officer, address, consultation, treasury):
    as_officer.post(address, {"unit": treasury.pk, "reason": "Menyangkut SPM."})
    assert consultation.escalations.get().unit == treasury


@pytest.mark.parametrize("reason", ["", "  ", "a\x00b", "x" * 5001])
def test_a_wrong_reason_is_named_and_kept(as_officer, address, bank, reason):
    response = as_officer.post(address, {"unit": bank.pk, "reason": reason})
    assert response.status_code == 422
    assert response.context["form"].errors["reason"]
    assert response.context["form"]["reason"].value() == reason
    assert not Escalation.objects.exists()


def test_no_unit_of_another_office_can_be_chosen(as_officer, address):
    response = as_officer.post(
        address, {"unit": OfficeFactory().units.get(code="BANK").pk, "reason": "Mohon arahan."}
    )
    assert response.status_code == 422
    assert response.context["form"].errors["unit"]
    assert "Mohon arahan." in response.content.decode()


def test_when_a_colleague_was_quicker_the_text_is_kept_and_the_reason_said(
    as_officer, address, consultation, bank, officer, at
):
    services.escalate(consultation, bank, "Lebih dulu.", by=officer, now=at(20, 12))
    response = as_officer.post(address, {"unit": bank.pk, "reason": "Terlambat."})
    assert response.status_code == 422
    assert "Masih ada eskalasi yang menunggu jawaban." in response.content.decode()
    assert "Terlambat." in response.content.decode()


def test_nobody_types_in_vain(as_officer, address, consultation, bank, officer, at):
    services.escalate(consultation, bank, "Lebih dulu.", by=officer, now=at(20, 12))
    response = as_officer.get(address)
    assert response.url == consultation.get_absolute_url()


def test_a_new_consultation_is_taken_before_it_is_escalated(as_officer, office, at):
    new = ConsultationFactory(office=office, now=at(20))
    assert as_officer.get(f"/meja/konsultasi/{new.number}/eskalasi/").url == new.get_absolute_url()


def test_the_officer_withdraws(as_officer, address, consultation, escalation):
    response = as_officer.post(f"{address}{escalation.pk}/tarik/")
    assert response.url == consultation.get_absolute_url()
    escalation.refresh_from_db()
    assert escalation.status == EscalationStatus.WITHDRAWN


def test_withdrawing_what_was_answered_changes_nothing(as_officer, address, escalation, bank_head, at):
    services.answer(escalation, "Boleh.", by=actors.head(bank_head, "Kepala Seksi Bank"), now=at(20, 12))
    as_officer.post(f"{address}{escalation.pk}/tarik/")
    escalation.refresh_from_db()
    assert escalation.status == EscalationStatus.ANSWERED


def test_an_escalation_is_withdrawn_only_through_its_own_consultation(
    as_officer, office, cso, escalation, at
):
    other = ConsultationFactory(office=office, now=at(20), officer=cso)
    response = as_officer.post(f"/meja/konsultasi/{other.number}/eskalasi/{escalation.pk}/tarik/")
    assert response.status_code == 404
    escalation.refresh_from_db()
    assert escalation.is_open


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.OFFICE_HEAD, Role.OFFICE_ADMIN])
def test_only_officers_escalate_and_withdraw(client, office, address, escalation, role):
    client.force_login(StaffFactory(office=office, role=role))
    assert client.get(address).status_code == 403
    assert client.post(address, {"reason": "Mohon."}).status_code == 403
    assert client.post(f"{address}{escalation.pk}/tarik/").status_code == 403


def test_for_an_officer_of_another_office_the_consultation_does_not_exist(client, address, escalation):
    client.force_login(StaffFactory(office=OfficeFactory(), role=Role.CSO))
    assert client.get(address).status_code == 404
    assert client.post(address, {"reason": "Mohon."}).status_code == 404
    assert client.post(f"{address}{escalation.pk}/tarik/").status_code == 404


def test_the_form_costs_the_same_however_many_units_and_heads(
    as_officer, address, office, django_assert_num_queries
):
    for _ in range(2):
        with django_assert_num_queries(11):
            as_officer.get(address)
        for unit in office.units.all():
            StaffFactory(office=office, role=Role.UNIT_HEAD, unit=unit, kind=AppointmentKind.PLH)


def test_the_ticket_shows_what_waits_and_lets_the_officer_withdraw_it(as_officer, consultation, escalation):
    ticket = as_officer.get(consultation.get_absolute_url()).content.decode()
    assert "Apakah rekening pasif boleh dipakai?" in ticket
    assert "Menunggu kepala unit" in ticket
    assert f'action="/meja/konsultasi/{consultation.number}/eskalasi/{escalation.pk}/tarik/"' in ticket


def test_the_ticket_shows_who_answered_as_what_and_lets_the_officer_ask_again(
    as_officer, address, consultation, escalation, bank_head, at
):
    by = actors.head(bank_head, "Kepala Seksi Bank")
    services.answer(escalation, "Boleh, lampirkan SRPR.", by=by, now=at(20, 12))
    ticket = as_officer.get(consultation.get_absolute_url()).content.decode()
    assert "Boleh, lampirkan SRPR." in ticket
    assert "Kepala Seksi Bank (Budi Santoso)" in ticket
    assert f'href="{address}"' in ticket
    assert "Tarik eskalasi" not in ticket


def test_who_only_reads_the_ticket_is_offered_neither(client, office_head, address, consultation, escalation):
    client.force_login(office_head)
    ticket = client.get(consultation.get_absolute_url()).content.decode()
    assert "Menunggu kepala unit" in ticket
    assert "Tarik eskalasi" not in ticket
    assert address not in ticket
