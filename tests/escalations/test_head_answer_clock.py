"""The head's own clock: working hours from asking, and always over before the public deadline."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations import actors, lifecycle
from consultations.enums import Act, TimerKind
from consultations.models import Timer
from consultations.recount import follow_calendars
from consultations.sweep import sweep
from escalations import services
from notifications.models import Message
from offices.enums import HolidayKind
from offices.models import Holiday
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(bank_head):
    return actors.head(bank_head, "Kepala Seksi Bank")


def head_timers(consultation):
    timers = Timer.objects.unfired().filter(consultation=consultation, kind=TimerKind.HEAD_ANSWER)
    return list(timers.values_list("key", "fires_at"))


def reminders(consultation):
    return list(consultation.entries.filter(act=Act.REMIND_HEAD))


def mails(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


# By when


def test_the_head_has_the_working_hours_of_the_standard_counted_from_asking(consultation, escalation, at):
    assert head_timers(consultation) == [(str(escalation.pk), at(23, 10))]  # Friday 11.00 plus 6 and 2 hours


def test_the_hours_are_those_of_the_consultations_own_standard(consultation, bank, officer, at):
    consultation.standard.head_answer_working_hours = 2
    consultation.standard.save()
    services.escalate(consultation, bank, "Mohon arahan.", by=officer, now=at(20, 11))
    assert [moment for _, moment in head_timers(consultation)] == [at(20, 13)]


def test_asked_late_the_head_still_leaves_an_hour_before_the_public_deadline(consultation, bank, officer, at):
    services.escalate(consultation, bank, "Mohon arahan.", by=officer, now=at(25, 11))
    assert [moment for _, moment in head_timers(consultation)] == [at(25, 16)]


def test_the_heads_hours_leave_out_breaks_and_so_does_the_hour_left_for_the_wording(
    office, bank, officer, at
):
    hours = office.service_hours.filter(service="online")
    for weekday in hours.values_list("weekday", flat=True):
        office.service_hours.create(
            service="online", weekday=weekday, opens_at=time(16, 30), closes_at=time(17)
        )
    hours.filter(closes_at=time(17), opens_at=time(8)).update(closes_at=time(12))
    in_time, late = (ConsultationFactory(office=office, now=at(20), officer=officer.staff) for _ in range(2))
    services.escalate(in_time, bank, "Mohon arahan.", by=officer, now=at(20, 11))
    assert [moment for _, moment in head_timers(in_time)] == [at(24, 10)]  # 1,5 + 4,5 + 2 hours
    services.escalate(late, bank, "Mohon arahan.", by=officer, now=at(25, 11))
    assert [moment for _, moment in head_timers(late)] == [at(25, 11, 30)]


@pytest.mark.parametrize(("day", "hour"), [(25, 16), (25, 17), (26, 9)])
def test_within_the_last_hour_and_past_the_deadline_the_head_is_asked_to_answer_at_once(
    consultation, bank, bank_head, officer, at, day, hour
):
    services.escalate(consultation, bank, "Mohon arahan.", by=officer, now=at(day, hour))
    assert head_timers(consultation) == []
    assert "arahan kami harapkan segera" in Message.objects.get(kind="escalation_asked").body


def test_the_head_learns_the_moment_when_asked(escalation):
    asked = Message.objects.get(kind="escalation_asked").body
    assert "Arahan kami harapkan paling lambat Senin, 23 November 2026 pukul 10.00 WITA." in asked


def test_a_holiday_announced_since_moves_the_heads_moment(consultation, escalation, office, at):
    follow_calendars(at(20, 11))
    Holiday.objects.create(
        office=office, date=at(23).date(), kind=HolidayKind.CLOSED, name="Listrik padam", source="Kantor"
    )
    follow_calendars(at(20, 12))
    assert head_timers(consultation) == [(str(escalation.pk), at(24, 10))]


def test_a_working_day_declared_since_keeps_it_before_the_earlier_deadline(
    consultation, bank, bank_head, officer, office, at
):
    services.escalate(consultation, bank, "Mohon arahan.", by=officer, now=at(24, 16))
    assert [moment for _, moment in head_timers(consultation)] == [at(25, 15)]
    follow_calendars(at(20, 11))
    Holiday.objects.create(
        office=office,
        date=at(21).date(),
        kind=HolidayKind.EXTRA_WORKING_DAY,
        name="Layanan akhir tahun",
        source="Kantor",
    )
    follow_calendars(at(24, 16, 1))
    consultation.refresh_from_db()
    ((_, moment),) = head_timers(consultation)
    assert moment == consultation.due_at - timedelta(hours=1)


# When it passes


def test_once_it_passes_the_head_is_reminded_and_the_officer_told(
    consultation, escalation, bank_head, cso, at
):
    sweep(at(23, 9, 59))
    assert reminders(consultation) == []
    sweep(at(23, 10, 5))
    (entry,) = reminders(consultation)
    assert (entry.at, entry.is_public) == (at(23, 10), False)
    assert entry.text == (
        "Arahan dari Seksi Bank belum diterima sampai dengan Senin, 23 November 2026 pukul 10.00 WITA. "
        "Diingatkan: Kepala Seksi Bank pada Senin, 23 November 2026 pukul 10.05 WITA."
    )
    assert mails("head_answer_due") == [bank_head.email]
    assert f"/eskalasi/{escalation.pk}/" in Message.objects.get(kind="head_answer_due").body
    assert mails("head_answer_overdue") == [cso.email]
    assert "Arahan dari Seksi Bank" in Message.objects.get(kind="head_answer_overdue").body


def test_it_reminds_once(consultation, escalation, at):
    for hour in (10, 11, 12):
        sweep(at(23, hour))
    assert len(reminders(consultation)) == 1


def test_accepting_does_not_stop_it(consultation, escalation, head, at):
    services.accept(escalation, by=head, now=at(20, 12))
    sweep(at(23, 10))
    assert len(reminders(consultation)) == 1


def test_other_acts_leave_it_standing(consultation, escalation, officer, at):
    lifecycle.note(consultation, "Sudah ditelepon.", by=officer, now=at(20, 13))
    assert len(head_timers(consultation)) == 1


@pytest.mark.parametrize("end", ["answer", "give_back", "withdraw", "resolve"])
def test_it_is_gone_when_the_escalation_ends(consultation, escalation, head, officer, at, end):
    if end == "resolve":
        lifecycle.resolve(consultation, "Harus aktif.", by=officer, now=at(20, 13))
    elif end == "withdraw":
        services.withdraw(escalation, by=officer, now=at(20, 13))
    else:
        getattr(services, end)(escalation, "Boleh.", by=head, now=at(20, 13))
    assert head_timers(consultation) == []
    sweep(at(23, 12))
    assert reminders(consultation) == []


def test_who_it_is_forwarded_to_has_the_full_time_again(
    consultation, escalation, treasury, treasury_head, head, at
):
    onward = services.forward(escalation, treasury, "Menyangkut SPM.", by=head, now=at(20, 16))
    assert head_timers(consultation) == [(str(onward.pk), at(23, 15))]


def test_many_heads_are_reminded_in_the_same_number_of_statements(office, cso, bank_head, at):
    office.standards.update(head_answer_working_hours=6)

    def statements(day, number):
        for _ in range(number):
            ConsultationFactory(office=office, now=at(day), officer=cso, escalated=True)
        sweep(at(day, 15, 59))
        with CaptureQueriesContext(connection) as captured:
            assert sweep(at(day, 16)) == number
        return len(captured)

    assert statements(20, 1) == statements(23, 6)


# A unit without a head


def test_without_a_head_the_office_head_is_asked_and_the_timeline_says_so(
    consultation, bank, office_head, officer, at
):
    services.escalate(consultation, bank, "Bolehkah?", by=officer, now=at(20, 11))
    texts = list(consultation.entries.filter(act=Act.ESCALATE).order_by("visibility").values_list("text"))
    assert texts == [
        ("Kepala Seksi Bank belum ditetapkan; diteruskan kepada Kepala KPPN: Bolehkah?",),
        ("Pertanyaan Bapak/Ibu sedang kami konfirmasikan kepada Kepala KPPN.",),
    ]
    assert mails("escalation_asked") == [office_head.email]
    assert "selaku Kepala KPPN" in Message.objects.get(kind="escalation_asked").body
    assert "konfirmasikan kepada Kepala KPPN" in Message.objects.get(kind="escalated").body
    sweep(at(23, 10))
    assert mails("head_answer_due") == [office_head.email]
    assert reminders(consultation)[0].text.endswith("Diingatkan: Kepala KPPN.")


def test_with_nobody_to_remind_the_timeline_says_so_and_the_officer_is_told(
    consultation, bank, officer, cso, at
):
    services.escalate(consultation, bank, "Bolehkah?", by=officer, now=at(20, 11))
    sweep(at(23, 10))
    assert reminders(consultation)[0].text.endswith("Belum ada pejabat yang dapat diingatkan.")
    assert mails("head_answer_overdue") == [cso.email]


def test_the_office_head_asked_instead_answers_and_signs_so(
    client, time_machine, consultation, bank, office_head, officer, at
):
    asked = services.escalate(consultation, bank, "Bolehkah?", by=officer, now=at(20, 11))
    time_machine.move_to(at(20, 12), tick=False)
    client.force_login(office_head)
    page = client.get(f"/eskalasi/{asked.pk}/").content.decode()
    assert "Ditandatangani selaku <strong>Kepala KPPN</strong>" in page
    assert client.post(f"/eskalasi/{asked.pk}/terima/").status_code == 302
    assert client.post(f"/eskalasi/{asked.pk}/jawab/", {"answer": "Boleh."}).status_code == 302
    entry = consultation.entries.get(act=Act.ANSWER_ESCALATION)
    assert (entry.actor_label, entry.actor, entry.text) == ("Kepala KPPN", office_head, "Boleh.")


def test_the_office_head_learns_that_a_question_passed_up_is_no_longer_open(
    consultation, bank, office_head, officer, at
):
    asked = services.escalate(consultation, bank, "Bolehkah?", by=officer, now=at(20, 11))
    services.withdraw(asked, by=officer, now=at(20, 12))
    assert mails("escalation_withdrawn") == [office_head.email]
