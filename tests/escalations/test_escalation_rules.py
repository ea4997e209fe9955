"""A question put to a unit's head: what each side may do, and what it does to the consultation."""

import pytest
from django.db import IntegrityError, transaction

from consultations import actors, lifecycle
from consultations.enums import Act, Source, Status, Visibility
from consultations.errors import RuleError, TransitionNotAllowed
from escalations import services
from escalations.enums import EscalationStatus
from escalations.models import Escalation
from notifications.models import Message
from tests.factories import ConsultationFactory, OfficeFactory, forget_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(bank_head):
    return actors.head(bank_head, "Kepala Seksi Bank")


def fresh(row):
    row.refresh_from_db()
    return row


def status_of(consultation):
    return fresh(consultation).status


def last_entry(consultation, act):
    return consultation.entries.filter(act=act).last()


def mails(kind):
    return list(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


# Asking


def test_a_question_goes_to_the_head_of_the_chosen_unit(consultation, escalation, bank, bank_head, cso):
    assert (escalation.unit, escalation.asked_by, escalation.status) == (bank, cso, EscalationStatus.WAITING)
    assert status_of(consultation) == Status.ESCALATED
    assert mails("escalation_asked") == [bank_head.email]
    body = Message.objects.get(kind="escalation_asked").body
    assert "Apakah rekening pasif boleh dipakai?" in body
    assert f"/eskalasi/{escalation.pk}/" in body


def test_the_stakeholder_is_told_that_it_is_being_confirmed_but_not_the_reason(consultation, escalation):
    told = consultation.entries.get(act=Act.ESCALATE, visibility=Visibility.PUBLIC)
    assert told.text == "Pertanyaan Bapak/Ibu sedang kami konfirmasikan kepada Kepala Seksi Bank."
    assert mails("escalated") == [consultation.contact_email]
    assert "rekening pasif" not in Message.objects.get(kind="escalated").body
    asked = consultation.entries.get(act=Act.ESCALATE, visibility=Visibility.INTERNAL)
    assert asked.text == "Kepada Kepala Seksi Bank: Apakah rekening pasif boleh dipakai?"


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_no_question_goes_without_a_reason(consultation, bank, officer, at, reason):
    with pytest.raises(RuleError, match="tidak boleh kosong"):
        services.escalate(consultation, bank, reason, by=officer, now=at(20))
    assert not Escalation.objects.exists()
    assert status_of(consultation) == Status.IN_PROGRESS


def test_only_one_question_is_open_at_a_time(consultation, escalation, treasury, officer, at):
    with pytest.raises(RuleError, match="Masih ada eskalasi yang menunggu jawaban"):
        services.escalate(consultation, treasury, "Lagi.", by=officer, now=at(20))
    assert Escalation.objects.get() == escalation


def test_the_database_too_knows_only_one_open_question(escalation, treasury):
    escalation.pk, escalation.unit = None, treasury
    with pytest.raises(IntegrityError, match="escalation_one_open"), transaction.atomic():
        escalation.save(force_insert=True)


@pytest.mark.parametrize("trait", ["resolved", "closed", None])
def test_only_what_an_officer_works_on_is_escalated(office, bank, officer, at, trait):
    consultation = ConsultationFactory(office=office, now=at(20), **({trait: True} if trait else {}))
    with pytest.raises(TransitionNotAllowed):
        services.escalate(consultation, bank, "Mohon arahan.", by=officer, now=at(20))


def test_nobody_but_an_officer_escalates(consultation, bank, head, at):
    with pytest.raises(TransitionNotAllowed):
        services.escalate(consultation, bank, "Mohon arahan.", by=head, now=at(20))


def test_a_follow_up_needs_somebody_to_reach(office, bank, cso, officer, at):
    nobody = forget_contact(
        ConsultationFactory(office=office, now=at(20), officer=cso, source=Source.COUNTER)
    )
    refusal = "Catat dahulu nomor telepon atau surel kontak person stakeholder."
    assert services.refusal_to_escalate(nobody) == refusal
    with pytest.raises(RuleError, match="Catat dahulu"):
        services.escalate(nobody, bank, "Mohon arahan.", by=officer, now=at(20))


def test_a_unit_of_another_office_cannot_be_asked(consultation, officer, at):
    foreign = OfficeFactory().units.get(code="BANK")
    with pytest.raises(RuleError, match="bukan bagian dari kantor yang sama"):
        services.escalate(consultation, foreign, "Mohon arahan.", by=officer, now=at(20))
    assert status_of(consultation) == Status.IN_PROGRESS


def test_a_unit_without_a_head_can_be_asked_and_the_timeline_says_nobody_is_appointed(
    consultation, treasury, officer, at
):
    services.escalate(consultation, treasury, "Mohon arahan.", by=officer, now=at(20))
    asked = consultation.entries.get(act=Act.ESCALATE, visibility=Visibility.INTERNAL)
    assert asked.text == "Kepada Kepala Seksi Pencairan Dana (belum ada penugasan): Mohon arahan."
    assert mails("escalation_asked") == []


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "entah", "ended_at": "2026-11-20T04:00Z"}, "escalation_status_known"),
        ({"status": "accepted"}, "escalation_accepted_has_moment"),
        ({"status": "withdrawn"}, "escalation_ended_has_moment"),
        ({"ended_at": "2026-11-20T04:00Z"}, "escalation_ended_has_moment"),
        ({"status": "answered", "ended_at": "2026-11-20T04:00Z"}, "escalation_word_has_author"),
        ({"reason": ""}, "escalation_has_reason"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(escalation, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Escalation.objects.filter(pk=escalation.pk).update(**changes)


# The head's word


def test_accepting_shows_the_officer_that_it_is_being_looked_at(consultation, escalation, head, at):
    accepted = services.accept(escalation, by=head, now=at(20, 13))
    assert (accepted.status, accepted.accepted_at) == (EscalationStatus.ACCEPTED, at(20, 13))
    assert accepted.is_open
    assert status_of(consultation) == Status.ESCALATED
    assert last_entry(consultation, Act.ACCEPT_ESCALATION).visibility == Visibility.INTERNAL
    with pytest.raises(RuleError, match="sudah diterima"):
        services.accept(escalation, by=head, now=at(20, 14))


@pytest.mark.parametrize("is_accepted", [False, True])
def test_an_answer_gives_the_turn_back_to_the_officer(consultation, escalation, head, cso, at, is_accepted):
    if is_accepted:
        services.accept(escalation, by=head, now=at(20, 13))
    answered = fresh(services.answer(escalation, "  Boleh, lampirkan SRPR. ", by=head, now=at(20, 15)))
    assert answered.status == EscalationStatus.ANSWERED
    assert (answered.answer, answered.answered_as) == ("Boleh, lampirkan SRPR.", "Kepala Seksi Bank")
    assert (answered.answered_by, answered.ended_at) == (head.staff, at(20, 15))
    assert status_of(consultation) == Status.IN_PROGRESS
    assert mails("escalation_answered") == [cso.email]
    entry = last_entry(consultation, Act.ANSWER_ESCALATION)
    assert (entry.visibility, entry.actor_label) == (Visibility.INTERNAL, "Kepala Seksi Bank")


def test_a_returned_question_is_the_officers_again_with_the_reason(consultation, escalation, head, at):
    returned = services.give_back(escalation, "Sudah ada pada PER-9/PB/2018.", by=head, now=at(20, 15))
    assert returned.status == EscalationStatus.RETURNED
    assert status_of(consultation) == Status.IN_PROGRESS
    entry = last_entry(consultation, Act.RETURN_ESCALATION)
    assert (entry.text, entry.visibility) == ("Sudah ada pada PER-9/PB/2018.", Visibility.INTERNAL)


def test_a_forwarded_question_goes_on_to_the_other_unit(
    consultation, escalation, head, treasury, treasury_head, at
):
    onward = services.forward(escalation, treasury, "Menyangkut uji SPM.", by=head, now=at(20, 15))
    assert fresh(escalation).status == EscalationStatus.FORWARDED
    assert (escalation.answer, escalation.answered_as) == ("Menyangkut uji SPM.", "Kepala Seksi Bank")
    assert (onward.unit, onward.forwarded_from, onward.status) == (
        treasury,
        escalation,
        EscalationStatus.WAITING,
    )
    assert status_of(consultation) == Status.ESCALATED
    assert treasury_head.email in mails("escalation_asked")


def test_the_officers_question_goes_along_with_why_it_was_forwarded(
    consultation, escalation, head, treasury, treasury_head, at
):
    onward = services.forward(escalation, treasury, "Menyangkut uji SPM.", by=head, now=at(20, 15))
    assert onward.reason == "Apakah rekening pasif boleh dipakai?"
    told = last_entry(consultation, Act.FORWARD_ESCALATION)
    assert told.text == "Kepada Kepala Seksi Pencairan Dana: Menyangkut uji SPM."
    body = Message.objects.get(kind="escalation_asked", recipient=treasury_head.email).body
    assert "Alasan eskalasi: Apakah rekening pasif boleh dipakai?" in body
    assert "Diteruskan oleh Kepala Seksi Bank: Menyangkut uji SPM." in body


def test_both_the_officer_and_the_head_who_forwarded_hear_the_answer(
    consultation, escalation, head, treasury, treasury_head, cso, at
):
    onward = services.forward(escalation, treasury, "Menyangkut uji SPM.", by=head, now=at(20, 15))
    services.answer(
        onward, "Boleh.", by=actors.head(treasury_head, "Kepala Seksi Pencairan Dana"), now=at(20, 16)
    )
    assert sorted(mails("escalation_answered")) == sorted([cso.email, head.staff.email])
    assert status_of(consultation) == Status.IN_PROGRESS


def test_a_question_is_not_forwarded_to_where_it_is_or_to_another_office(escalation, head, bank, at):
    with pytest.raises(RuleError, match="Pilih unit lain"):
        services.forward(escalation, bank, "Mohon.", by=head, now=at(20, 15))
    with pytest.raises(RuleError, match="bukan bagian dari kantor yang sama"):
        services.forward(escalation, OfficeFactory().units.get(code="PD"), "Mohon.", by=head, now=at(20, 15))
    assert fresh(escalation).status == EscalationStatus.WAITING


@pytest.mark.parametrize("act", [services.answer, services.give_back])
def test_a_word_is_never_empty(consultation, escalation, head, at, act):
    with pytest.raises(RuleError, match="tidak boleh kosong"):
        act(escalation, " ", by=head, now=at(20, 15))
    assert fresh(escalation).is_open
    assert status_of(consultation) == Status.ESCALATED


def test_an_officer_does_not_answer_for_the_head(escalation, officer, treasury, at):
    for act in (
        lambda: services.accept(escalation, by=officer, now=at(20)),
        lambda: services.answer(escalation, "Boleh.", by=officer, now=at(20)),
        lambda: services.give_back(escalation, "Tidak.", by=officer, now=at(20)),
        lambda: services.forward(escalation, treasury, "Ke sana.", by=officer, now=at(20)),
    ):
        with pytest.raises(TransitionNotAllowed):
            act()
    assert fresh(escalation).status == EscalationStatus.WAITING


def test_what_has_ended_takes_no_further_word(escalation, head, treasury, officer, at):
    services.answer(escalation, "Boleh.", by=head, now=at(20, 15))
    for act in (
        lambda: services.accept(escalation, by=head, now=at(20, 16)),
        lambda: services.answer(escalation, "Tidak.", by=head, now=at(20, 16)),
        lambda: services.give_back(escalation, "Tidak.", by=head, now=at(20, 16)),
        lambda: services.forward(escalation, treasury, "Ke sana.", by=head, now=at(20, 16)),
        lambda: services.withdraw(escalation, by=officer, now=at(20, 16)),
    ):
        with pytest.raises(RuleError, match="sudah berakhir: Dijawab"):
            act()
    assert fresh(escalation).answer == "Boleh."


def test_after_an_answer_the_officer_may_ask_again(consultation, escalation, head, treasury, officer, at):
    services.answer(escalation, "Boleh.", by=head, now=at(20, 15))
    again = services.escalate(consultation, treasury, "Bagaimana SPM-nya?", by=officer, now=at(20, 16))
    assert list(consultation.escalations.all()) == [escalation, again]


# Withdrawing


def test_the_officer_withdraws_what_is_no_longer_needed(consultation, escalation, officer, at):
    withdrawn = services.withdraw(escalation, by=officer, now=at(20, 12))
    assert (withdrawn.status, withdrawn.ended_at) == (EscalationStatus.WITHDRAWN, at(20, 12))
    assert status_of(consultation) == Status.IN_PROGRESS
    entry = last_entry(consultation, Act.WITHDRAW_ESCALATION)
    assert entry.text == "Eskalasi kepada Kepala Seksi Bank ditarik."
    assert entry.visibility == Visibility.INTERNAL


def test_the_head_is_told_that_nothing_is_expected_any_more(escalation, bank_head, officer, at):
    services.withdraw(escalation, by=officer, now=at(20, 12))
    assert mails("escalation_withdrawn") == [bank_head.email]


@pytest.mark.parametrize(
    "end",
    [
        lambda c, by, now: lifecycle.resolve(c, "Rekening harus aktif.", by=by, now=now),
        lambda c, by, now: lifecycle.refer(c, "KPP Pratama", "loket KPP", by=by, now=now),
        lambda c, by, now: lifecycle.cancel(c, "Ganda.", by=by, now=now),
    ],
    ids=["resolve", "refer", "cancel"],
)
def test_an_open_question_never_blocks_an_ending_and_ends_with_it(consultation, escalation, officer, at, end):
    end(consultation, officer, at(20, 14))
    assert fresh(escalation).status == EscalationStatus.WITHDRAWN
    assert escalation.ended_at == at(20, 14)


def test_a_head_who_resolves_it_has_answered_it(consultation, escalation, head, at):
    lifecycle.resolve(consultation, "Rekening harus aktif.", by=head, now=at(20, 14))
    assert fresh(escalation).status == EscalationStatus.ANSWERED
    assert (escalation.answer, escalation.answered_as) == ("Rekening harus aktif.", "Kepala Seksi Bank")
    assert status_of(consultation) == Status.RESOLVED
