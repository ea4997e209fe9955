"""A held sending's clock runs from its sending: warned of, late and raised as a consultation, while nobody has looked."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from config.health import report
from consultations import held, held_clock
from consultations.enums import Act, TimerKind
from consultations.held_clock import sweep_held
from consultations.models import Consultation, HeldSubmission
from consultations.recount import follow_calendars
from consultations.sweep import sweep
from consultations.tasks import sweep_timers
from consultations.tokens import new_token
from escalations.digest import send_digests
from notifications.models import Message, Notice
from offices.calendar import due_moment
from offices.enums import HolidayKind
from offices.models import Holiday
from tests.factories import (
    ConsultationFactory,
    HeldSubmissionFactory,
    OfficeFactory,
    StakeholderFactory,
)

pytestmark = pytest.mark.django_db
WARNED, LATE, LATE_AGAIN = "held_warning", "held_late", "held_late_again"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def waiting(office, at):
    """Sent on Friday 20 November at 10.00: its answer is due on Wednesday the 25th at 17.00."""
    return HeldSubmissionFactory(office=office, now=at(20))


def told(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def sweep_days(at, *days):
    for day in days:
        sweep_held(at(day, 8))
        sweep_held(at(day, 17))


def moments(consultation, act):
    return [entry.at for entry in consultation.entries.filter(act=act)]


def page(client, submission):
    return client.get(reverse("held_receipt", args=[new_token(submission.public_id)])).content.decode()


def test_officers_and_the_units_head_are_warned_the_working_day_before_and_on_the_morning(
    waiting, cso, unit_head, office_head, at
):
    sweep_days(at, 23)
    assert told(WARNED) == []
    sweep_days(at, 24)
    assert told(WARNED) == sorted([cso.email, unit_head.email])
    sweep_held(at(25, 8))
    assert told(WARNED) == sorted([cso.email, unit_head.email] * 2)
    assert told(LATE) == []


def test_without_a_unit_head_the_offices_head_is_warned(waiting, office_head, at):
    sweep_days(at, 24)
    assert told(WARNED) == [office_head.email]


def test_at_the_due_moment_it_is_late_for_good_and_raised_to_both_heads(
    waiting, cso, unit_head, office_head, at
):
    sweep_held(at(25, 16, 59))
    waiting.refresh_from_db()
    assert (waiting.due_at, waiting.late_at) == (at(25, 17), None)
    sweep_held(at(25, 17))
    waiting.refresh_from_db()
    assert waiting.late_at == at(25, 17)
    everyone = sorted(person.email for person in (cso, unit_head, office_head))
    assert told(LATE) == everyone
    assert sorted(
        Notice.objects.filter(dedupe_key__startswith=LATE).values_list("recipient__email", flat=True)
    ) == (everyone)


def test_it_is_raised_again_each_working_day_until_it_is_decided(waiting, cso, office_head, at):
    sweep_days(at, 25, 26, 27, 28, 29, 30)
    assert told(LATE_AGAIN) == sorted([cso.email, office_head.email] * 3)
    held.reject(HeldSubmission.objects.all(), "Iklan.", by=cso, now=at(30, 18))
    assert sweep_held(at(1, 8, month=12)) == 0


@pytest.mark.parametrize("sweeps", [1, 3])
def test_after_a_silence_each_is_told_once_and_only_what_still_holds(waiting, cso, office_head, at, sweeps):
    for _ in range(sweeps):
        sweep_held(at(26, 12))
    assert (told(WARNED), told(LATE_AGAIN)) == ([], [])
    assert told(LATE) == sorted([cso.email, office_head.email])
    waiting.refresh_from_db()
    assert waiting.wakes_at == at(26, 17)


def test_a_flood_is_one_letter_a_person_and_occasion(office, cso, at, django_assert_max_num_queries):
    for _ in range(12):
        HeldSubmissionFactory(office=office, now=at(20))
    sweep_held(at(25, 16))
    with django_assert_max_num_queries(20):
        sweep_held(at(25, 17))
    letter = Message.objects.get(kind=LATE)
    assert letter.body.startswith(f"Yth. Bapak/Ibu {cso.full_name},\n\n12 kiriman formulir masih tertahan")
    assert letter.body.count("\n- ") == held_clock.MOST_LISTED + 1
    assert "- dan 2 lainnya" in letter.body


def test_more_than_a_batch_is_acted_on_in_one_sweep(office, cso, at, monkeypatch):
    monkeypatch.setattr(held_clock, "BATCH", 2)
    for _ in range(5):
        HeldSubmissionFactory(office=office, now=at(20))
    assert sweep_held(at(25, 17)) == 5
    assert HeldSubmission.objects.filter(late_at=at(25, 17)).count() == 5
    assert told(LATE) == [cso.email]


def test_one_that_fails_is_put_off_and_holds_up_no_other(office, cso, waiting, at, monkeypatch):
    other = HeldSubmissionFactory(office=office, now=at(20, 11))

    def fail_on_the_first(calendar, anchor, days):
        if anchor == waiting.submitted_at:
            raise ValueError("broken row")
        return due_moment(calendar, anchor, days)

    monkeypatch.setattr(held_clock, "due_moment", fail_on_the_first)
    sweep_held(at(25, 17))
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert (waiting.failures, waiting.sweep_at, waiting.late_at) == (1, at(25, 17, 10), None)
    assert other.late_at == at(25, 17)
    assert report(at(25, 17, 5)).figures["failing_timers"].value == 1
    assert report(at(25, 17, 20)).figures["overdue_timers"].value == 1
    monkeypatch.undo()
    sweep_held(at(25, 17, 10))
    waiting.refresh_from_db()
    assert (waiting.failures, waiting.late_at) == (0, at(25, 17))


def test_its_deadline_follows_a_changed_calendar(waiting, office, at):
    follow_calendars(at(20, 11))
    sweep_held(at(20, 11))
    Holiday.objects.create(office=office, date=at(24).date(), name="Banjir", kind=HolidayKind.CLOSED)
    follow_calendars(at(20, 12))
    sweep_held(at(20, 12))
    waiting.refresh_from_db()
    assert waiting.due_at == at(26, 17)
    sweep_held(at(25, 18))
    assert told(LATE) == []


def test_the_standard_of_the_day_it_was_sent_counts(waiting, office, at):
    office.standards.update(answer_working_days=1, progress_every_working_days=2)
    sweep_held(at(20, 11))
    waiting.refresh_from_db()
    assert (waiting.due_at, waiting.wakes_at) == (at(23, 17), at(23, 8))


def test_a_sender_the_office_corresponds_with_reads_the_honest_status_once_a_day(office, at):
    known = StakeholderFactory(office=office, email="Siti@contoh.id")
    ConsultationFactory(office=office, stakeholder=known, taken=True, now=at(2))
    Message.objects.all().delete()
    for _ in range(3):
        HeldSubmissionFactory(office=office, question="Beli sekarang juga", now=at(20))
    sweep_days(at, 23, 24)
    letters = list(Message.objects.filter(kind="held_status").order_by("pk"))
    assert [letter.recipient for letter in letters] == ["siti@contoh.id"] * 2
    assert "Sampai dengan 23 November 2026, kiriman dengan nomor rujukan" in letters[0].body
    assert "25 November 2026 pukul 17.00 WITA" in letters[0].body
    assert all(typed not in letter.body for letter in letters for typed in ("Beli", "Siti Rahma"))


@pytest.mark.parametrize("where", ["nowhere", "another office", "not yet handled"])
def test_nobody_else_is_written_to(office, waiting, client, where, at):
    if where != "nowhere":
        at_office = OfficeFactory() if where == "another office" else office
        known = StakeholderFactory(office=at_office, email="siti@contoh.id")
        ConsultationFactory(office=at_office, stakeholder=known, taken=where == "another office", now=at(2))
    sweep_days(at, 23)
    assert told("held_status") == []


def test_every_sender_reads_the_honest_status_on_the_page(waiting, client, at):
    sweep_held(at(20, 11))
    assert "belum diperiksa petugas" not in page(client, waiting)
    sweep_days(at, 23)
    assert "Sampai dengan Senin, 23 November 2026, kiriman ini belum diperiksa petugas." in page(
        client, waiting
    )
    sweep_days(at, 25)
    assert "Batas waktu jawaban telah terlewati" in page(client, waiting)


def test_accepted_late_the_days_before_are_missed_and_the_lateness_is_on_record_and_raised(
    waiting, cso, unit_head, office_head, at
):
    sweep_days(at, 23, 24, 25, 26)
    consultation = held.accept(waiting, by=cso, now=at(27, 10))
    assert moments(consultation, Act.MISS_PROGRESS) == [at(23, 17), at(24, 17), at(25, 17), at(26, 17)]
    assert moments(consultation, Act.MARK_LATE) == [at(25, 17)]
    assert (consultation.late_at, consultation.promises.get().late_at) == (at(25, 17), at(25, 17))
    assert told("late") == sorted(person.email for person in (cso, unit_head, office_head))
    assert [entry.at for entry in consultation.entries.order_by("at", "pk")] == sorted(
        entry.at for entry in consultation.entries.all()
    )
    assert told("received") == ["siti@contoh.id"]
    assert told("progress_automatic") == []


def test_accepted_late_it_goes_on_as_any_other(waiting, cso, office_head, at):
    consultation = held.accept(waiting, by=cso, now=at(27, 10))
    assert sweep(at(27, 10)) == 0
    sweep(at(27, 17))
    assert moments(consultation, Act.MISS_PROGRESS)[-1] == at(27, 17)
    assert told("progress_automatic") == ["siti@contoh.id"]
    sweep(at(30, 8))
    assert told("late_again") == sorted([cso.email, office_head.email])


def test_accepted_within_its_time_only_the_days_gone_are_missed(waiting, cso, at):
    consultation = held.accept(waiting, by=cso, now=at(24, 9))
    assert moments(consultation, Act.MISS_PROGRESS) == [at(23, 17)]
    assert not moments(consultation, Act.MARK_LATE)
    assert consultation.timers.unfired().get(kind=TimerKind.PROGRESS_CHECK).fires_at == at(24, 17)


def test_accepted_the_day_it_was_sent_nothing_is_missed(waiting, cso, at):
    consultation = held.accept(waiting, by=cso, now=at(20, 15))
    assert not moments(consultation, Act.MISS_PROGRESS)


def test_a_rejection_by_mistake_that_is_undone_counts_from_the_sending_too(waiting, cso, at):
    held.reject(HeldSubmission.objects.all(), "Iklan.", by=cso, now=at(23, 9))
    waiting.refresh_from_db()
    consultation = held.accept(waiting, by=cso, now=at(26, 9), after_rejection=True)
    assert moments(consultation, Act.MISS_PROGRESS) == [at(23, 17), at(24, 17), at(25, 17)]
    assert moments(consultation, Act.MARK_LATE) == [at(25, 17)]


def test_the_scheduled_sweep_acts_on_both_kinds(waiting, office, cso, at, time_machine):
    ConsultationFactory(office=office, now=at(20), officer=cso)
    time_machine.move_to(at(25, 18), tick=False)
    sweep_timers()
    assert Consultation.objects.get().late_at == HeldSubmission.objects.get().late_at == at(25, 17)


def test_an_idle_look_asks_one_question(waiting, at, django_assert_num_queries):
    sweep_held(at(20, 11))
    with django_assert_num_queries(3):  # with the savepoint around it
        assert sweep_held(at(20, 12)) == 0


def test_the_units_head_finds_what_is_due_in_the_mornings_digest(waiting, unit_head, office_head, at):
    send_digests(at(23, 8))
    assert told("digest") == [office_head.email]
    sweep_held(at(25, 7))
    send_digests(at(25, 8))
    letter = Message.objects.get(kind="digest", recipient=unit_head.email)
    assert "batas waktu Rabu, 25 November 2026 pukul 17.00 WITA" in letter.body


@pytest.mark.parametrize(
    "broken",
    [{"wakes_at": None}, {"sweep_at": None}, {"late_at": "now"}],
    ids=["no moment", "no sweep", "late"],
)
def test_the_database_keeps_the_clock_whole(waiting, at, broken):
    values = {name: at(21) if value == "now" else value for name, value in broken.items()}
    with pytest.raises(IntegrityError):
        HeldSubmission.objects.filter(pk=waiting.pk).update(**values)
