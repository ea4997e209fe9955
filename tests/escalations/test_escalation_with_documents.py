"""Documents and a head's word may both be waited for; the state shows whoever was asked first."""

import pytest

from consultations import actors, lifecycle
from consultations.enums import Status
from consultations.lifecycle import Verdict
from escalations import services
from tests.factories import paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def status(consultation):
    def status():
        consultation.refresh_from_db()
        return consultation.status

    return status


@pytest.fixture
def head(bank_head):
    return actors.head(bank_head, "Kepala Seksi Bank")


@pytest.fixture
def ask_documents(consultation, officer, at):
    def ask_documents():
        request = lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(20, 12))
        return request.items.get()

    return ask_documents


def test_documents_asked_for_during_an_escalation_leave_it_escalated(escalation, ask_documents, status):
    ask_documents()
    assert status() == Status.ESCALATED


def test_after_the_heads_answer_the_missing_documents_are_waited_for(
    escalation, ask_documents, head, status, at
):
    ask_documents()
    services.answer(escalation, "Boleh, setelah rekening koran ada.", by=head, now=at(20, 13))
    assert status() == Status.AWAITING_DOCUMENTS


def test_documents_that_came_first_leave_the_head_waited_for(
    consultation, escalation, ask_documents, status, at
):
    item = ask_documents()
    lifecycle.receive_documents(consultation, {item: [paper()]}, now=at(20, 13))
    assert status() == Status.ESCALATED


def test_both_answers_in_either_order_give_the_turn_back(
    consultation, escalation, ask_documents, head, status, at
):
    item = ask_documents()
    services.answer(escalation, "Boleh.", by=head, now=at(20, 13))
    lifecycle.receive_documents(consultation, {item: [paper()]}, now=at(20, 14))
    assert status() == Status.IN_PROGRESS


def test_an_escalation_while_documents_are_awaited_shows_once_they_came(
    consultation, ask_documents, bank, officer, status, at
):
    item = ask_documents()
    services.escalate(consultation, bank, "Mohon arahan.", by=officer, now=at(20, 13))
    assert status() == Status.AWAITING_DOCUMENTS
    lifecycle.receive_documents(consultation, {item: [paper()]}, now=at(20, 14))
    assert status() == Status.ESCALATED


def test_a_stakeholders_message_leaves_the_head_waited_for(consultation, escalation, status, at):
    lifecycle.message(consultation, "Apakah sudah ada kabar?", now=at(20, 13))
    assert status() == Status.ESCALATED


def test_withdrawing_gives_the_turn_back_or_leaves_the_documents_awaited(
    escalation, ask_documents, officer, status, at
):
    item = ask_documents()
    services.withdraw(escalation, by=officer, now=at(20, 13))
    assert status() == Status.AWAITING_DOCUMENTS
    lifecycle.review_document(item, Verdict.WAIVE, by=officer, now=at(20, 14))
    assert status() == Status.IN_PROGRESS
