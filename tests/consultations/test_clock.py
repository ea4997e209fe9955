"""The clock: progress each working day, warnings, the deadline, and the close."""

import pytest

from consultations import actors, lifecycle
from consultations.enums import Act, ProgressChannel, Status
from consultations.models import ProgressUpdate, Timer
from consultations.sweep import sweep
from escalations.services import escalate
from notifications.enums import MessageStatus
from notifications.models import Message
from offices.enums import AppointmentKind, HolidayKind, Role
from offices.models import Holiday
from tests.factories import ConsultationFactory, StaffFactory, StakeholderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation(office, cso, at):
    return ConsultationFactory(office=office, now=at(20), officer=cso)


@pytest.fixture
def sweep_through(at):
    """Sweep at opening and at closing of each of the days."""

    def through(*days):
        for day in days:
            sweep(at(day, 8))
            sweep(at(day, 17))

    return through


def acts(consultation, act):
    return [entry.at for entry in consultation.entries.filter(act=act)]


def recipients(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def deliver(moment):
    Message.objects.filter(status=MessageStatus.QUEUED).update(
        status=MessageStatus.SENT, sent_at=moment, next_attempt_at=None
    )


def test_progress_owed_is_on_record_when_the_day_opens(consultation, at):
    sweep(at(23, 7, 59))
    assert acts(consultation, Act.REMIND_PROGRESS) == []
    sweep(at(23, 8))
    assert acts(consultation, Act.REMIND_PROGRESS) == [at(23, 8)]


def test_a_day_without_progress_is_recorded_and_the_system_tells_the_stakeholder_the_truth(
    consultation, sweep_through, at
):
    sweep_through(23)
    assert acts(consultation, Act.MISS_PROGRESS) == [at(23, 17)]
    letter = Message.objects.get(kind="progress_automatic")
    assert letter.recipient == consultation.contact_email
    assert "Batas waktu jawaban: Rabu, 25 November 2026 pukul 17.00 WITA." in letter.body
    assert ProgressUpdate.objects.get(consultation=consultation).is_automatic


def test_delivered_progress_settles_the_day(consultation, officer, sweep_through, at):
    lifecycle.post_progress(consultation, "Menunggu bank.", by=officer, now=at(23, 9))
    deliver(at(23, 9, 1))
    sweep_through(23)
    assert acts(consultation, Act.MISS_PROGRESS) == []


def test_progress_told_by_telephone_settles_the_day(consultation, officer, sweep_through, at):
    lifecycle.post_progress(
        consultation, "Menunggu bank.", by=officer, now=at(23, 9), told_through=ProgressChannel.PHONE
    )
    sweep_through(23)
    assert acts(consultation, Act.MISS_PROGRESS) == []


def test_progress_that_never_left_does_not_settle_the_day(consultation, officer, sweep_through, at):
    lifecycle.post_progress(consultation, "Menunggu bank.", by=officer, now=at(23, 9))
    sweep_through(23)
    assert acts(consultation, Act.MISS_PROGRESS) == [at(23, 17)]


def test_progress_that_left_a_day_later_settles_the_day_it_arrived(consultation, officer, sweep_through, at):
    lifecycle.post_progress(consultation, "Menunggu bank.", by=officer, now=at(23, 16))
    sweep_through(23)
    deliver(at(24, 9))
    sweep_through(24)
    assert acts(consultation, Act.MISS_PROGRESS) == [at(23, 17)]


def test_progress_told_before_opening_needs_no_reminder(consultation, officer, at):
    lifecycle.post_progress(
        consultation, "Menunggu bank.", by=officer, now=at(23, 7), told_through=ProgressChannel.PHONE
    )
    sweep(at(23, 8))
    assert acts(consultation, Act.REMIND_PROGRESS) == []


def test_progress_is_owed_again_the_next_working_day(consultation, officer, sweep_through, at):
    lifecycle.post_progress(consultation, "Menunggu bank.", by=officer, now=at(23, 9))
    deliver(at(23, 9, 1))
    sweep_through(23, 24)
    assert acts(consultation, Act.MISS_PROGRESS) == [at(24, 17)]


def test_no_progress_is_owed_on_a_free_day(consultation, office, at):
    Holiday.objects.create(
        office=office, date=at(23).date(), name="Pemadaman listrik", kind=HolidayKind.CLOSED
    )
    lifecycle.note(consultation, "Kalender berubah.", by=actors.officer(consultation.officer), now=at(20, 12))
    assert sweep(at(23, 18)) == 0


def test_the_interval_of_progress_is_the_standards(office, cso, at):
    office.standards.update(progress_every_working_days=2)
    consultation = ConsultationFactory(office=office, now=at(20), officer=cso)
    sweep(at(23, 17))
    assert acts(consultation, Act.MISS_PROGRESS) == []
    sweep(at(24, 17))
    assert acts(consultation, Act.MISS_PROGRESS) == [at(24, 17)]


def test_a_stakeholder_without_an_address_reads_the_status_on_their_page(office, sweep_through, at):
    by_phone_only = StakeholderFactory(office=office, email="")
    consultation = ConsultationFactory(office=office, stakeholder=by_phone_only, now=at(20), taken=True)
    sweep_through(23)
    assert consultation.entries.get(act=Act.POST_PROGRESS).is_public
    assert not ProgressUpdate.objects.filter(consultation=consultation).exists()


def test_the_deadline_is_announced_one_working_day_before_and_on_its_morning(
    consultation, cso, unit_head, sweep_through, at
):
    sweep_through(23, 24)
    assert acts(consultation, Act.WARN_DEADLINE) == [at(24, 8)]
    sweep(at(25, 8))
    assert acts(consultation, Act.WARN_DEADLINE) == [at(24, 8), at(25, 8)]
    assert recipients("deadline_warning") == sorted([cso.email, unit_head.email] * 2)


def test_at_the_due_moment_it_is_late_for_good_and_raised_to_both_heads(
    consultation, cso, unit_head, office_head, at
):
    sweep(at(25, 16, 59))
    consultation.refresh_from_db()
    assert consultation.late_at is None
    sweep(at(25, 17))
    consultation.refresh_from_db()
    assert consultation.late_at == at(25, 17)
    assert consultation.promises.get().is_kept is False
    assert recipients("late") == sorted([cso.email, unit_head.email, office_head.email])
    assert consultation.entries.get(act=Act.MARK_LATE).text == (
        "Keterlambatan dilaporkan kepada Kepala Seksi Bank dan Kepala KPPN."
    )


def test_each_of_those_told_is_addressed_by_their_own_name(consultation, cso, unit_head, office_head, at):
    sweep(at(25, 17))
    for person in (cso, unit_head, office_head):
        letter = Message.objects.get(kind="late", recipient=person.email)
        assert f"Yth. Bapak/Ibu {person.full_name}," in letter.body


def test_an_act_leaves_the_timers_that_stay_as_they_were(consultation, officer, at):
    before = list(Timer.objects.order_by("pk").values())
    lifecycle.note(consultation, "Sudah ditelepon.", by=officer, now=at(20, 12))
    assert list(Timer.objects.order_by("pk").values()) == before


def test_a_question_nobody_took_is_late_once_and_raised_to_all_officers(office, cso, office_head, at):
    colleague = StaffFactory(office=office, role=Role.CSO)
    untaken = ConsultationFactory(office=office, received_at=at(16), now=at(24, 9))
    sweep(at(24, 9, 1))
    sweep(at(24, 9, 2))
    assert acts(untaken, Act.MARK_LATE) == [at(19, 17)]
    assert recipients("late") == sorted([cso.email, colleague.email, office_head.email])


def test_the_unit_that_was_asked_answers_for_the_delay(office, cso, officer, unit_head, at):
    other = office.units.get(code="PD")
    asked = StaffFactory(office=office, role=Role.UNIT_HEAD, unit=other)
    consultation = ConsultationFactory(office=office, now=at(20), officer=cso)
    escalate(consultation, other, "Menyangkut SPM.", by=officer, now=at(20, 11))
    sweep(at(25, 17))
    assert recipients("late") == sorted([cso.email, asked.email])


def test_an_officer_who_left_is_written_to_no_more(office, cso, consultation, at):
    colleague = StaffFactory(office=office, role=Role.CSO)
    cso.is_active = False
    cso.save()
    sweep(at(24, 8))
    assert recipients("deadline_warning") == [colleague.email]


def test_an_office_without_heads_says_so_and_tells_its_officer(consultation, cso, at):
    sweep(at(25, 17))
    entry = consultation.entries.get(act=Act.MARK_LATE)
    assert (entry.text, entry.is_public) == (
        "Belum ada pejabat yang ditugaskan untuk menerima pemberitahuan ini.",
        False,
    )
    assert recipients("late") == [cso.email]


def test_where_the_unit_has_no_head_the_office_head_is_asked(consultation, cso, office_head, at):
    sweep(at(24, 8))
    assert recipients("deadline_warning") == sorted([cso.email, office_head.email])


def test_who_stands_in_for_the_head_is_told_too(consultation, office, at):
    bank = office.units.get(code="BANK")
    stand_in = StaffFactory(
        office=office,
        role=Role.UNIT_HEAD,
        unit=bank,
        kind=AppointmentKind.PLH,
        starts_on=at(25).date(),
        ends_on=at(25).date(),
    )
    sweep(at(25, 17))
    assert stand_in.email in recipients("late")
    assert "Plh. Kepala Seksi Bank" in consultation.entries.get(act=Act.MARK_LATE).text


def test_it_is_raised_again_every_working_day_until_it_is_resolved(
    consultation, officer, unit_head, sweep_through, at
):
    sweep_through(23, 24, 25, 26, 27, 30)
    assert acts(consultation, Act.REMIND_LATE) == [at(26, 8), at(27, 8), at(30, 8)]
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(30, 18))
    sweep(at(1, 8, month=12))
    assert len(acts(consultation, Act.REMIND_LATE)) == 3


def test_it_is_marked_late_once(consultation, sweep_through, at):
    sweep_through(23, 24, 25, 26)
    assert acts(consultation, Act.MARK_LATE) == [at(25, 17)]


def test_a_question_noted_down_after_its_deadline_is_late_at_the_next_sweep(office, cso, at):
    consultation = ConsultationFactory(office=office, received_at=at(19), now=at(26, 9), officer=cso)
    sweep(at(26, 9, 1))
    consultation.refresh_from_db()
    assert (consultation.due_at, consultation.late_at) == (at(24, 17), at(24, 17))
    assert acts(consultation, Act.WARN_DEADLINE) == []


def test_progress_for_a_question_noted_down_later_is_owed_from_that_day_on(office, cso, at):
    consultation = ConsultationFactory(office=office, received_at=at(19), now=at(24, 9), officer=cso)
    assert consultation.progress_due_on == at(24).date()
    sweep(at(24, 17))
    assert acts(consultation, Act.MISS_PROGRESS) == [at(24, 17)]


def test_after_a_weekend_of_silence_each_act_comes_once_in_order_with_its_true_moment(
    consultation, unit_head, at
):
    sweep(at(30, 9))
    sweep(at(30, 9))
    automatic = [
        (entry.act, entry.at, entry.recorded_at)
        for entry in consultation.entries.filter(actor_kind="system").order_by("id")
        if entry.act in (Act.WARN_DEADLINE, Act.MARK_LATE, Act.MISS_PROGRESS)
    ]
    assert [(act, moment) for act, moment, _ in automatic if act != Act.MISS_PROGRESS] == [
        (Act.WARN_DEADLINE, at(24, 8)),
        (Act.WARN_DEADLINE, at(25, 8)),
        (Act.MARK_LATE, at(25, 17)),
    ]
    assert {recorded for _, _, recorded in automatic} == {at(30, 9)}


def test_after_a_long_silence_each_missed_day_is_recorded_and_the_stakeholder_written_to_once(
    consultation, at
):
    sweep(at(30, 9))
    assert acts(consultation, Act.MISS_PROGRESS) == [at(day, 17) for day in (23, 24, 25, 26, 27)]
    assert Message.objects.get(kind="progress_automatic").subject.endswith("per 27 November 2026")


def test_a_missing_document_is_reminded_of_after_two_working_days(consultation, officer, at):
    lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(20, 12))
    sweep(at(24, 8))
    assert consultation.entries.get(act=Act.REMIND_DOCUMENTS).text == "- Rekening koran"
    assert recipients("documents_reminder") == [consultation.contact_email]


def test_documents_that_came_are_not_reminded_of(consultation, officer, at):
    request = lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(20, 12))
    lifecycle.review_document(request.items.get(), lifecycle.Verdict.WAIVE, by=officer, now=at(23))
    sweep(at(24, 8))
    assert recipients("documents_reminder") == []


def test_a_resolved_consultation_closes_after_five_working_days(consultation, officer, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(20))
    sweep(at(27, 16, 59))
    consultation.refresh_from_db()
    assert consultation.status == Status.RESOLVED
    sweep(at(27, 17))
    consultation.refresh_from_db()
    assert (consultation.status, consultation.ended_at) == (Status.CLOSED, at(27, 17))


def test_heads_are_not_reminded_on_a_free_day(consultation, office, office_head, sweep_through, at):
    sweep_through(23, 24, 25)
    Holiday.objects.create(office=office, date=at(26).date(), name="Banjir", kind=HolidayKind.CLOSED)
    sweep_through(26, 27)
    assert acts(consultation, Act.REMIND_LATE) == [at(27, 8)]


def test_what_has_ended_keeps_no_timers(consultation, officer, sweep_through, at):
    sweep_through(23, 24)
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(25, 9))
    assert Timer.objects.filter(consultation=consultation, fired_at__isnull=False).exists()
    lifecycle.close(consultation, by=actors.STAKEHOLDER, now=at(25, 10))
    assert not Timer.objects.filter(consultation=consultation).exists()


def test_reopening_stops_the_close(consultation, officer, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(20))
    lifecycle.reopen(consultation, "Belum.", by=actors.STAKEHOLDER, now=at(23))
    sweep(at(27, 17))
    consultation.refresh_from_db()
    assert consultation.status == Status.IN_PROGRESS


@pytest.mark.parametrize("count", [1, 12])
def test_a_sweep_costs_the_same_number_of_statements_for_one_and_for_many(
    office, cso, unit_head, at, count, django_assert_max_num_queries
):
    for _ in range(count):
        ConsultationFactory(office=office, now=at(20), officer=cso)
    sweep(at(25, 8))
    with django_assert_max_num_queries(24):  # one batch, and a last look that finds nothing
        assert sweep(at(25, 17)) == 2 * count


def test_an_idle_sweep_asks_one_question(consultation, at, django_assert_num_queries):
    with django_assert_num_queries(3):  # with the savepoint around it
        assert sweep(at(20, 11)) == 0
