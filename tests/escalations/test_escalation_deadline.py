"""The public deadline goes on running whatever happens between the officer and the heads."""

import pytest

from consultations import actors, lifecycle
from consultations.models import Promise, Timer
from consultations.sweep import sweep
from escalations import services
from notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(bank_head):
    return actors.head(bank_head, "Kepala Seksi Bank")


def promises(consultation):
    consultation.refresh_from_db()
    return [
        consultation.due_at,
        list(Promise.objects.filter(consultation=consultation).values_list("sequence", "due_at")),
        Timer.objects.get(consultation=consultation, kind="deadline").fires_at,
    ]


def test_no_act_on_an_escalation_moves_the_deadline(
    consultation, bank, treasury, officer, head, treasury_head, at
):
    before = promises(consultation)
    assert before[0] == at(25, 17)
    other_head = actors.head(treasury_head, "Kepala Seksi Pencairan Dana")
    asked = services.escalate(consultation, bank, "Mohon arahan.", by=officer, now=at(20, 11))
    services.accept(asked, by=head, now=at(20, 12))
    onward = services.forward(asked, treasury, "Menyangkut SPM.", by=head, now=at(23, 9))
    services.give_back(onward, "Sudah diatur.", by=other_head, now=at(23, 10))
    again = services.escalate(consultation, bank, "Mohon arahan lagi.", by=officer, now=at(23, 11))
    services.answer(again, "Boleh.", by=head, now=at(23, 12))
    withdrawn = services.escalate(consultation, bank, "Sekali lagi.", by=officer, now=at(23, 13))
    services.withdraw(withdrawn, by=officer, now=at(23, 14))
    assert promises(consultation) == before


def test_what_waits_for_a_head_past_the_deadline_is_late_and_raised(
    consultation, escalation, bank_head, office_head, at
):
    sweep(at(25, 17))
    consultation.refresh_from_db()
    assert consultation.late_at == at(25, 17)
    told = set(Message.objects.filter(kind="late").values_list("recipient", flat=True))
    assert {bank_head.email, office_head.email} <= told


def test_a_late_question_can_still_be_answered_and_resolved(consultation, escalation, head, officer, at):
    sweep(at(25, 17))
    services.answer(escalation, "Boleh.", by=head, now=at(26, 9))
    lifecycle.resolve(consultation, "Rekening harus aktif.", by=officer, now=at(26, 10))
    assert Promise.objects.get(consultation=consultation).is_kept is False
