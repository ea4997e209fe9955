"""How a consultation ends, and begins again."""

import pytest

from consultations import actors, lifecycle
from consultations.enums import Act, Status, TimerKind
from consultations.errors import TransitionNotAllowed
from consultations.models import Timer
from escalations.enums import EscalationStatus
from notifications.models import Message
from tests.factories import ConsultationFactory, RegulationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation(office, cso, at):
    return ConsultationFactory(office=office, now=at(20), officer=cso)


def test_the_answer_reaches_the_stakeholder_with_its_basis_and_the_word_resolved(consultation, officer, at):
    regulation = RegulationFactory()
    lifecycle.resolve(consultation, "Rekening ditutup.", by=officer, now=at(24), regulations=[regulation])
    answer = Message.objects.get(kind="resolved")
    assert "Selesai (Resolved)" in answer.subject
    assert "Rekening ditutup." in answer.body
    assert regulation.citation in answer.body
    assert "sampai dengan Selasa, 1 Desember 2026 pukul 17.00 WITA" in answer.body


def test_an_answer_by_the_due_moment_keeps_the_promise(consultation, officer, at):
    resolved = lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(25, 17))
    assert resolved.late_at is None
    assert resolved.promises.get().is_kept


def test_an_answer_five_minutes_after_it_breaks_the_promise_for_good(consultation, officer, at):
    resolved = lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(25, 17, 5))
    assert resolved.late_at == at(25, 17)
    assert resolved.promises.get().is_kept is False


def test_a_resolved_consultation_only_waits_for_its_close(consultation, officer, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(20))
    timer = Timer.objects.unfired().get(consultation=consultation)
    assert (timer.kind, timer.fires_at) == (TimerKind.AUTO_CLOSE, at(27, 17))


def test_the_stakeholder_confirms(consultation, officer, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(20))
    closed = lifecycle.close(consultation, by=actors.STAKEHOLDER, now=at(20, 12))
    assert (closed.status, closed.ended_at) == (Status.CLOSED, at(20, 12))
    assert not Timer.objects.unfired().filter(consultation=consultation).exists()


def test_reopening_promises_anew_and_keeps_the_first_promise_on_record(consultation, officer, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(26))
    reopened = lifecycle.reopen(consultation, "Sudah dicoba, galat sama.", by=actors.STAKEHOLDER, now=at(27))
    assert (reopened.status, reopened.due_at, reopened.resolved_at) == (
        Status.IN_PROGRESS,
        at(2, 17, month=12),
        None,
    )
    assert [promise.is_kept for promise in reopened.promises.all()] == [False, None]


def test_reopening_keeps_the_mark_of_lateness(consultation, officer, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(26))
    reopened = lifecycle.reopen(consultation, "Belum.", by=actors.STAKEHOLDER, now=at(27))
    assert reopened.late_at == at(25, 17)


def test_each_reopening_counts(consultation, officer, at):
    for day in (23, 24):
        lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(day))
        lifecycle.reopen(consultation, "Belum.", by=actors.STAKEHOLDER, now=at(day, 12))
    assert [promise.sequence for promise in consultation.promises.all()] == [1, 2, 3]


def test_a_matter_of_another_agency_is_referred_with_its_channel(office, officer, at):
    referred = lifecycle.refer(
        ConsultationFactory(office=office, now=at(20)),
        "Direktorat Jenderal Pajak",
        "Kring Pajak 1500200",
        by=officer,
        now=at(20),
    )
    assert referred.status == Status.REFERRED
    assert "kewenangan Direktorat Jenderal Pajak" in Message.objects.get(kind="referred").body
    assert referred.promises.get().is_kept


def test_cancelling_late_does_not_hide_the_broken_promise(consultation, officer, at):
    cancelled = lifecycle.cancel(consultation, "Duplikat dari loket.", by=officer, now=at(26))
    assert cancelled.late_at == at(25, 17)
    assert cancelled.promises.get().is_kept is False


def test_a_head_who_gives_the_answer_has_answered_what_was_asked_and_the_officer_learns_of_it(
    office, cso, unit_head, at
):
    escalated = ConsultationFactory(office=office, now=at(20), officer=cso, escalated=True)
    head = actors.head(unit_head, "Kepala Seksi Bank")
    lifecycle.resolve(escalated, "Rekening ditutup.", by=head, now=at(23))
    escalation = escalated.escalations.get()
    assert (escalation.status, escalation.answered_by) == (EscalationStatus.ANSWERED, unit_head)
    assert Message.objects.get(kind="ended").recipient == cso.email


def test_a_head_who_was_asked_learns_that_the_officer_answered(office, cso, officer, unit_head, at):
    escalated = ConsultationFactory(office=office, now=at(20), officer=cso, escalated=True)
    lifecycle.resolve(escalated, "Rekening ditutup.", by=officer, now=at(23))
    assert escalated.escalations.get().status == EscalationStatus.WITHDRAWN
    assert Message.objects.get(kind="ended").recipient == unit_head.email


def test_reopening_tells_the_officer_the_reason(consultation, cso, officer, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(23))
    lifecycle.reopen(consultation, "Galatnya sama.", by=actors.STAKEHOLDER, now=at(24))
    letter = Message.objects.get(kind="reopened_for_officer")
    assert letter.recipient == cso.email
    assert "Galatnya sama." in letter.body


def test_cancelling_keeps_its_reason(consultation, officer, at):
    lifecycle.cancel(consultation, "Duplikat dari loket.", by=officer, now=at(20))
    assert consultation.entries.get(act=Act.CANCEL).text == "Duplikat dari loket."


def test_a_double_click_resolves_once(consultation, officer, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(20))
    with pytest.raises(TransitionNotAllowed):
        lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(20))
    assert Message.objects.filter(kind="resolved").count() == 1


def test_a_refused_act_leaves_no_trace(consultation, officer, at):
    before = consultation.entries.count(), Message.objects.count(), Timer.objects.count()
    with pytest.raises(TransitionNotAllowed):
        lifecycle.close(consultation, by=actors.STAKEHOLDER, now=at(20))
    assert (consultation.entries.count(), Message.objects.count(), Timer.objects.count()) == before
