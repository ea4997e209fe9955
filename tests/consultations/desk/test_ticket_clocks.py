"""The clocks on the ticket: each by its name, with its own moment, as long as it runs; then what was kept."""

import pytest

from consultations import actors, lifecycle
from consultations.enums import Holder, ProgressChannel
from consultations.lifecycle import Verdict
from consultations.models import DocumentItem, Timer
from consultations.sweep import sweep
from consultations.ticket import read_ticket
from escalations import services as escalations
from notifications.enums import MessageStatus
from notifications.models import Message
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clocks(at):
    """The clocks at a moment (Monday 23 November, 09.00 unless said otherwise), by name."""

    def clocks(consultation, now=None):
        consultation.refresh_from_db()
        return {clock.name: clock for clock in read_ticket(consultation, now or at(23, 9)).clocks}

    return clocks


@pytest.fixture
def ask(officer, at):
    def ask(consultation, now=None):
        unit = consultation.category.unit
        return escalations.escalate(consultation, unit, "Mohon arahan.", by=officer, now=now or at(20, 11))

    return ask


@pytest.fixture
def request_documents(officer, at):
    def request_documents(consultation, *names, now=None):
        lifecycle.request_documents(
            consultation, names or ["Rekening koran"], by=officer, now=now or at(20, 11)
        )

    return request_documents


# The answer


@pytest.mark.parametrize(
    ("now", "level", "label"),
    [
        ((23, 9), "calm", "2 hari kerja lagi"),
        ((24, 9), "soon", "1 hari kerja lagi"),
        ((25, 9), "today", "Hari ini"),
        ((25, 17), "late", "Terlambat"),
        ((27, 9), "late", "Terlambat 2 hari kerja"),
    ],
)
def test_the_answer_says_how_many_working_days_are_left(clocks, consultation, at, now, level, label):
    answer = clocks(consultation, at(*now))["Jawaban"]
    assert (answer.due.level, answer.due.label) == (level, label)
    assert answer.at == "Rabu, 25 November 2026 pukul 17.00 WITA"


def test_an_answer_in_time_stands_as_kept(clocks, consultation, officer, at):
    lifecycle.resolve(consultation, "Sudah diproses.", by=officer, now=at(23, 8))
    answer = clocks(consultation)["Jawaban"]
    assert (answer.due.level, answer.due.label) == ("calm", "Tepat waktu")
    assert answer.at == "Batas waktu Rabu, 25 November 2026 pukul 17.00 WITA"
    assert answer.about == "Dijawab Senin, 23 November 2026 pukul 08.00 WITA"


def test_an_answer_too_late_stands_as_late(clocks, office, cso, officer, at):
    consultation = ConsultationFactory(office=office, officer=cso, now=at(17))
    lifecycle.resolve(consultation, "Sudah diproses.", by=officer, now=at(23, 8))
    answer = clocks(consultation)["Jawaban"]
    assert (answer.due.level, answer.due.label) == ("late", "Terlambat")


def test_what_ended_without_an_answer_says_so_and_nothing_else_runs(clocks, consultation, officer, at):
    lifecycle.refer(consultation, "KPP Pratama", "Kring Pajak 1500200", by=officer, now=at(23, 8))
    shown = clocks(consultation)
    assert list(shown) == ["Jawaban"]
    assert shown["Jawaban"].due.label == "Tanpa jawaban"


def test_an_answered_consultation_says_until_when_it_can_be_reopened(clocks, consultation, officer, at):
    lifecycle.resolve(consultation, "Sudah diproses.", by=officer, now=at(23, 8))
    closes = clocks(consultation)["Penutupan otomatis"]
    assert closes.at == "Senin, 30 November 2026 pukul 17.00 WITA"
    assert (closes.due.level, closes.due.label) == ("calm", "5 hari kerja lagi")


# The progress


def test_the_next_progress_is_owed_by_the_closing_of_the_next_working_day(clocks, consultation):
    progress = clocks(consultation)["Progres berikutnya"]
    assert (progress.due.level, progress.due.label) == ("today", "Hari ini")
    assert progress.at == "Senin, 23 November 2026 pukul 17.00 WITA"
    assert progress.about == "Belum ada progres dari petugas"


def test_a_progress_told_today_moves_the_next_to_the_day_after(clocks, consultation, officer, at):
    lifecycle.post_progress(
        consultation, "Ditelaah.", by=officer, now=at(23, 8), told_through=ProgressChannel.PHONE
    )
    progress = clocks(consultation)["Progres berikutnya"]
    assert progress.at == "Selasa, 24 November 2026 pukul 17.00 WITA"
    assert progress.about == "Progres terakhir dari petugas 23 November 2026"


def test_missed_progress_is_counted_beside_its_clock(clocks, office, cso, at):
    consultation = ConsultationFactory(office=office, officer=cso, now=at(18))
    sweep(at(20, 17, 1))
    assert clocks(consultation)["Progres berikutnya"].about.endswith("Tercatat terlewat 2 kali")


@pytest.mark.parametrize(
    ("received", "level", "label"), [((20, 10), "calm", "Lengkap"), ((18, 10), "late", "2 kali terlewat")]
)
def test_after_the_answer_it_says_whether_progress_was_complete(
    clocks, office, officer, at, received, level, label
):
    consultation = ConsultationFactory(office=office, officer=officer.staff, now=at(*received))
    sweep(at(20, 17, 1))
    lifecycle.resolve(consultation, "Sudah diproses.", by=officer, now=at(23, 8))
    progress = clocks(consultation)["Progres"]
    assert (progress.due.level, progress.due.label) == (level, label)


# The head's word


def test_the_head_who_is_asked_has_a_clock_of_his_own(clocks, consultation, ask):
    ask(consultation)
    head = clocks(consultation)["Arahan kepala unit"]
    assert head.at == "Senin, 23 November 2026 pukul 10.00 WITA"
    assert (head.due.level, head.due.label) == ("today", "Hari ini pukul 10.00")
    assert head.about == "Kepala Seksi Bank"


def test_an_overdue_head_stays_overdue_once_reminded(clocks, consultation, ask, at):
    ask(consultation)
    sweep(at(23, 10, 1))
    assert not Timer.objects.unfired().filter(kind="head_answer").exists()
    head = clocks(consultation, at(24, 9))["Arahan kepala unit"]
    assert (head.due.level, head.due.label) == ("late", "Terlambat 1 hari kerja")
    assert head.at == "Senin, 23 November 2026 pukul 10.00 WITA"


def test_a_head_asked_when_no_time_is_left_answers_at_once(clocks, consultation, ask, at):
    ask(consultation, at(25, 16, 30))
    head = clocks(consultation, at(25, 16, 31))["Arahan kepala unit"]
    assert (head.due.level, head.due.label) == ("late", "Segera")


def test_a_head_who_has_spoken_has_no_clock(clocks, consultation, ask, unit_head, at):
    asked = ask(consultation)
    head = actors.head(unit_head, "Kepala Seksi Bank")
    escalations.answer(asked, "Tidak dapat.", by=head, now=at(20, 15))
    assert "Arahan kepala unit" not in clocks(consultation)


def test_of_two_escalations_only_the_open_one_runs(clocks, consultation, ask, officer, at):
    escalations.withdraw(ask(consultation), by=officer, now=at(20, 12))
    ask(consultation, at(20, 13))
    assert clocks(consultation)["Arahan kepala unit"].at == "Senin, 23 November 2026 pukul 12.00 WITA"


# The documents


def test_outstanding_documents_are_counted_with_their_reminder(clocks, consultation, request_documents):
    request_documents(consultation, "Rekening koran", "SPM")
    documents = clocks(consultation)["Dokumen"]
    assert (documents.due.level, documents.due.label) == ("calm", "2 masih ditunggu")
    assert documents.at == "Pengingat Selasa, 24 November 2026 pukul 08.00 WITA"


def test_once_reminded_they_weigh_more(clocks, consultation, request_documents, at):
    request_documents(consultation)
    sweep(at(24, 8, 1))
    documents = clocks(consultation, at(24, 9))["Dokumen"]
    assert documents.due.level == "soon"
    assert documents.at == "Pengingat Selasa, 24 November 2026 pukul 08.00 WITA"


def test_of_two_requests_the_reminder_that_comes_next_is_shown(clocks, consultation, request_documents, at):
    request_documents(consultation)
    request_documents(consultation, "SPM", now=at(23, 8))
    assert clocks(consultation, at(24, 9))["Dokumen"].at == (
        "Pengingat Rabu, 25 November 2026 pukul 08.00 WITA"
    )


def test_documents_no_longer_needed_have_no_clock(clocks, consultation, request_documents, officer, at):
    request_documents(consultation)
    item = DocumentItem.objects.get()
    lifecycle.review_document(item, Verdict.WAIVE, by=officer, now=at(20, 12))
    assert "Dokumen" not in clocks(consultation)


# On the page


def test_all_clocks_stand_side_by_side_on_the_page(desk, page_of, consultation, ask, request_documents):
    ask(consultation)
    request_documents(consultation)
    page = desk.get(page_of(consultation)).content.decode()
    shown = page.split('<ul class="clocks"')[1].split("</ul>")[0]
    names = ["Jawaban", "Progres berikutnya", "Arahan kepala unit", "Dokumen"]
    assert [name for name in names if f"<strong>{name}</strong>" in shown] == names
    assert shown.count('class="due due-') == len(names)


def test_the_page_says_who_held_the_time(desk, page_of, consultation, ask):
    ask(consultation)
    response = desk.get(page_of(consultation))
    ticket = response.context["ticket"]
    assert [(share.title, share.worked) for share in ticket.shares] == [
        ("Petugas", "1 jam"),
        ("Kepala Seksi Bank", "7 jam"),
    ]
    assert [(each.holder, each.start, each.width) for each in ticket.stretches] == [
        (Holder.DESK, 0, 125),
        (Holder.UNIT_HEAD, 125, 875),
    ]
    assert "Kepala Seksi Bank</th><td>7 jam</td>" in response.content.decode()


def test_before_any_working_time_has_passed_there_is_no_bar(office, cso, at):
    consultation = ConsultationFactory(office=office, officer=cso, now=at(21))
    ticket = read_ticket(consultation, at(21, 11))
    assert [share.worked for share in ticket.shares] == ["0 menit"]
    assert ticket.stretches == []


# Who was told of the delay


@pytest.fixture
def late(office, cso, unit_head, office_head, at):
    """Received on Tuesday 17 November, overdue since Friday 20 November, 17.00; swept in time."""
    consultation = ConsultationFactory(office=office, officer=cso, now=at(17))
    for now in (at(19, 8, 1), at(20, 8, 1), at(20, 17, 1), at(23, 8, 1)):
        sweep(now)
    consultation.refresh_from_db()
    return consultation


def test_a_late_consultation_names_who_was_told_when(late, cso, unit_head, office_head, at):
    told = [
        (notice.about, notice.when, {each.name for each in notice.people})
        for notice in read_ticket(late, at(23, 9)).notices
    ]
    officer, head, chief = cso.full_name, unit_head.full_name, office_head.full_name
    assert told == [
        ("Peringatan batas waktu", "Kamis, 19 November 2026 pukul 08.01 WITA", {officer, head}),
        ("Peringatan batas waktu", "Jumat, 20 November 2026 pukul 08.01 WITA", {officer, head}),
        ("Keterlambatan", "Jumat, 20 November 2026 pukul 17.01 WITA", {officer, head, chief}),
        ("Pengingat keterlambatan", "Senin, 23 November 2026 pukul 08.01 WITA", {officer, head, chief}),
    ]


def test_it_says_when_a_notice_left_later_or_not_at_all(late, cso, office_head, at):
    notices = Message.objects.filter(kind="late")
    sent = {"status": MessageStatus.SENT, "next_attempt_at": None}
    notices.filter(recipient=cso.email).update(**sent, sent_at=at(20, 19))
    notices.filter(recipient=office_head.email).update(
        status=MessageStatus.FAILED, next_attempt_at=None, last_error="Alamat ditolak: 550"
    )
    people = {each.name: each for each in read_ticket(late, at(23, 9)).notices[2].people}
    assert people[cso.full_name].sent == "terkirim Jumat, 20 November 2026 pukul 19.00 WITA"
    assert people[office_head.full_name].sent == "gagal"


def test_the_page_of_a_late_consultation_shows_them(desk, page_of, late, office_head):
    page = desk.get(page_of(late)).content.decode()
    section = page.split('id="pemberitahuan"')[1].split("</section>")[0]
    assert office_head.full_name in section


def test_in_time_nobody_is_named(desk, page_of, consultation, unit_head, at):
    sweep(at(24, 8, 1))
    assert "Siapa yang diberi tahu" not in desk.get(page_of(consultation)).content.decode()


@pytest.fixture
def everything_waits(late, ask, request_documents, at):
    """Let the late one wait for its head and for some documents."""

    def everything_waits(documents):
        ask(late, at(23, 8, 30))
        request_documents(late, *(f"Dokumen {n}" for n in range(documents)), now=at(23, 8, 40))

    return everything_waits


@pytest.mark.parametrize("documents", [1, 6])
def test_the_clocks_cost_no_statement_and_the_notices_of_a_delay_one(
    desk, page_of, late, everything_waits, django_assert_num_queries, documents
):
    everything_waits(documents)
    with django_assert_num_queries(14):
        desk.get(page_of(late))
