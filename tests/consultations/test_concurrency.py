"""Many at once, on real connections: nothing lost, nothing doubled."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from consultations import actors, held, lifecycle
from consultations.enums import Act
from consultations.errors import TransitionNotAllowed
from consultations.held_clock import sweep_held
from consultations.models import Consultation, Entry, HeldSubmission, Timer
from consultations.sweep import sweep
from notifications.models import Message
from notifications.outbox import deliver_due
from offices.enums import Role
from tests.factories import ConsultationFactory, HeldSubmissionFactory, OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db):
    return OfficeFactory()


def at_once(*calls):
    """Run the calls in threads that start together; each answers its result or its exception."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            return call()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_officers_who_take_the_same_consultation_one_gets_it(office, at):
    consultation = ConsultationFactory(office=office, now=at(20))
    rivals = [actors.officer(StaffFactory(office=office, role=Role.CSO)) for _ in range(2)]
    results = at_once(*(lambda by=by: lifecycle.take(consultation, by=by, now=at(20)) for by in rivals))
    assert sum(isinstance(result, TransitionNotAllowed) for result in results) == 1
    assert Entry.objects.filter(act=Act.TAKE).count() == 1


def test_numbers_have_no_gap_and_no_double_under_eight_threads(office, at):
    def open_five():
        for _ in range(5):
            ConsultationFactory(office=office, now=at(20))

    assert at_once(*[open_five] * 8) == [None] * 8
    numbers = sorted(Consultation.objects.values_list("number", flat=True))
    assert numbers == [f"{office.number_prefix}-2026-{n:06d}" for n in range(1, 41)]


def test_a_refused_opening_leaves_no_gap(office, at):
    ConsultationFactory(office=office, now=at(20))
    with pytest.raises(Exception, match="tidak boleh kosong"):
        ConsultationFactory(office=office, now=at(20), question=" ")
    assert ConsultationFactory(office=office, now=at(20)).number.endswith("-000002")


def test_sweeps_at_once_act_on_each_held_sending_once(office, at):
    cso = StaffFactory(office=office, role=Role.CSO)
    for _ in range(6):
        HeldSubmissionFactory(office=office, now=at(20))
    assert sum(at_once(*[lambda: sweep_held(at(25, 17))] * 4)) == 6
    assert HeldSubmission.objects.filter(late_at=at(25, 17)).count() == 6
    assert [letter.recipient for letter in Message.objects.filter(kind="held_late")] == [cso.email]


def test_while_it_is_swept_an_officers_decision_stands(office, at):
    cso = StaffFactory(office=office, role=Role.CSO)
    submission = HeldSubmissionFactory(office=office, now=at(20))
    accepted, swept = at_once(
        lambda: held.accept(submission, by=cso, now=at(25, 17)), lambda: sweep_held(at(25, 17))
    )
    assert (accepted.late_at, swept in (0, 1)) == (at(25, 17), True)
    submission.refresh_from_db()
    assert (submission.consultation, submission.wakes_at) == (accepted, None)


def test_sweeps_at_once_act_on_each_timer_once(office, at):
    cso = StaffFactory(office=office, role=Role.CSO)
    for _ in range(30):
        ConsultationFactory(office=office, now=at(20), officer=cso)
    results = at_once(*[lambda: sweep(at(25, 17))] * 4)
    while sweep(at(25, 17)):
        pass
    assert not [result for result in results if isinstance(result, Exception)]
    assert Entry.objects.filter(act=Act.MARK_LATE).count() == 30
    assert Message.objects.filter(kind="late").count() == 30
    assert not Timer.objects.due(at(25, 17)).exists()


def test_an_act_that_waited_sees_what_the_other_left(office, at):
    cso = actors.officer(StaffFactory(office=office, role=Role.CSO))
    consultation = ConsultationFactory(office=office, now=at(20))
    other = office.categories.get(code="PEMBAYARAN")
    written = Event()

    def take_and_categorise():
        with transaction.atomic():
            lifecycle.take(consultation, by=cso, now=at(20))
            lifecycle.categorise(consultation, other, by=cso, now=at(20))
            written.set()
            wait_until_somebody_waits_for_a_lock()

    def write():
        written.wait()
        return lifecycle.message(consultation, "Halo.", now=at(20, 11))

    failure, after = at_once(take_and_categorise, write)
    assert failure is None
    assert (after.officer, after.category) == (cso.staff, other)
    assert Message.objects.get(kind="stakeholder_wrote").recipient == cso.staff.email


def test_a_failed_letter_takes_nothing_from_a_progress_told_at_that_moment(office, at):
    cso = StaffFactory(office=office, role=Role.CSO)
    consultation = ConsultationFactory(office=office, now=at(20), officer=cso)
    deliver_due(at(20, 11))
    lifecycle.post_progress(consultation, "Sedang kami susun.", by=actors.officer(cso), now=at(23, 8))
    Message.objects.filter(kind="progress").update(recipient="bukan alamat")
    told = Event()

    def tell_by_telephone():
        with transaction.atomic():
            lifecycle.record_call(consultation, by=actors.officer(cso), now=at(24, 9))
            told.set()
            wait_until_somebody_waits_for_a_lock()

    def deliver():
        told.wait()
        deliver_due(at(24, 9, 1))

    assert at_once(tell_by_telephone, deliver) == [None, None]
    consultation.refresh_from_db()
    assert Message.objects.get(kind="progress").status == "gagal"
    assert consultation.last_progress_on == at(24).date()


def wait_until_somebody_waits_for_a_lock():
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute("SELECT pg_sleep(0.02), (SELECT count(*) FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[1]:
                return
    raise AssertionError("nobody waited")


def test_an_answer_and_the_deadline_at_once_end_in_one_truth(office, at):
    cso = StaffFactory(office=office, role=Role.CSO)
    consultation = ConsultationFactory(office=office, now=at(20), officer=cso)
    results = at_once(
        lambda: lifecycle.resolve(consultation, "Bisa.", by=actors.officer(cso), now=at(25, 17, 1)),
        lambda: sweep(at(25, 17, 1)),
    )
    assert not [result for result in results if isinstance(result, Exception)]
    consultation.refresh_from_db()
    assert (consultation.status, consultation.late_at) == ("resolved", at(25, 17))
    assert consultation.promises.get().is_kept is False
