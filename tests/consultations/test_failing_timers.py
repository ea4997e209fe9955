"""A timer whose act fails: it holds up no other, is tried again, and is seen for as long as it fails."""

import pytest

from consultations import lifecycle
from consultations import sweep as sweeping
from consultations.enums import Act, TimerKind
from consultations.models import Timer
from consultations.sweep import MOST_FAILURES, sweep
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation(office, cso, at):
    return ConsultationFactory(office=office, now=at(20), officer=cso)


def reminder_of(consultation):
    return Timer.objects.filter(consultation=consultation, kind=TimerKind.PROGRESS_REMINDER)


@pytest.fixture
def failing(consultation):
    """Its reminder cannot be read, so that acting on it fails each time."""
    reminder_of(consultation).update(key="bukan tanggal")
    return reminder_of(consultation)


def was_reminded(consultation):
    return consultation.entries.filter(act=Act.REMIND_PROGRESS).exists()


def test_it_is_put_off_and_holds_up_no_other(failing, office, cso, at, caplog):
    healthy = ConsultationFactory(office=office, now=at(20), officer=cso)
    sweep(at(23, 8))
    timer = failing.get()
    assert (timer.fired_at, timer.failures, timer.sweep_at) == (None, 1, at(23, 8, 10))
    assert was_reminded(healthy)
    assert "failed and is put off" in caplog.text


def test_it_is_tried_again_and_counted(failing, at):
    for minute in (0, 10, 20):
        sweep(at(23, 8, minute))
    assert failing.get().failures == 3


def test_failures_are_counted_as_far_as_they_can_be(failing, at):
    failing.update(failures=MOST_FAILURES)
    sweep(at(23, 8))
    assert (failing.get().failures, failing.get().sweep_at) == (MOST_FAILURES, at(23, 8, 10))


def test_no_act_hides_that_it_fails(consultation, officer, at):
    reminder_of(consultation).update(sweep_at=at(23, 9), failures=1)
    lifecycle.note(consultation, "Sudah ditelepon.", by=officer, now=at(20, 12))
    assert (reminder_of(consultation).get().sweep_at, reminder_of(consultation).get().failures) == (
        at(23, 9),
        1,
    )


def test_it_acts_once_its_cause_is_mended(failing, consultation, at):
    sweep(at(23, 8))
    failing.update(key=at(23).date().isoformat())
    sweep(at(23, 8, 10))
    assert was_reminded(consultation)
    assert not Timer.objects.failing().exists()


@pytest.mark.parametrize("size", [1, 3, 500])
def test_everything_else_that_is_due_acts_whatever_a_batch_takes(failing, office, cso, at, monkeypatch, size):
    monkeypatch.setattr(sweeping, "BATCH", size)
    others = [ConsultationFactory(office=office, now=at(20), officer=cso) for _ in range(7)]
    for minute in range(3):
        sweep(at(23, 8, minute))
    assert all(was_reminded(other) for other in others)
    assert Timer.objects.failing().get() == failing.get()


def test_more_failing_ones_than_a_batch_takes_hold_up_none(office, cso, at, monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH", 3)
    many = [ConsultationFactory(office=office, now=at(20), officer=cso) for _ in range(7)]
    Timer.objects.filter(kind=TimerKind.PROGRESS_REMINDER).update(key="bukan tanggal")
    healthy = ConsultationFactory(office=office, now=at(20, 11), officer=cso)
    for minute in range(4):
        sweep(at(23, 8, minute))
    assert was_reminded(healthy)
    assert Timer.objects.failing().count() == len(many)
