"""What the clock writes is true for exactly its day and moment: each sentence, read against a history that would belie it."""

import pytest

from consultations import actors, lifecycle
from consultations.enums import Act, ActorKind, ContactChannel, ProgressChannel
from consultations.lifecycle import Contact, Verdict
from consultations.models import DocumentItem
from consultations.progress_draft import draft_all
from consultations.recount import follow_calendars
from consultations.scanning import scan_files
from consultations.sweep import sweep
from consultations.ticket import read_ticket
from consultations.tracking import tracked
from consultations.transitions import TRANSITIONS
from escalations.services import escalate
from notifications.enums import MessageStatus
from notifications.models import Message
from offices.enums import HolidayKind, Role
from offices.models import Holiday
from tests.clamserver import VIRUS
from tests.factories import ConsultationFactory, StaffFactory, paper

pytestmark = pytest.mark.django_db

READ_HERE = {
    Act.REMIND_PROGRESS,
    Act.MISS_PROGRESS,
    Act.WARN_DEADLINE,
    Act.MARK_LATE,
    Act.REMIND_LATE,
    Act.REMIND_DOCUMENTS,
    Act.REMIND_HEAD,
    Act.CLOSE,
    Act.MOVE_DEADLINE,
    Act.WITHHOLD_FILE,
}
READ_IN_LETTERS_DELIVERED = {Act.FAIL_LETTER, Act.DELIVER_LETTER}


@pytest.fixture
def consultation(office, cso, at):
    """Asked on Friday 20 November; the answer is due on Wednesday 25 November at 17.00."""
    return ConsultationFactory(office=office, now=at(20), officer=cso)


@pytest.fixture
def tell(consultation, officer):
    def tell(moment, text="Menunggu bank."):
        lifecycle.post_progress(
            consultation, text, by=officer, now=moment, told_through=ProgressChannel.PHONE
        )

    return tell


def written(consultation, act):
    """The clock's own lines of an act, the oldest first."""
    return [entry.text for entry in consultation.entries.filter(act=act, actor_kind=ActorKind.SYSTEM)]


def body(kind):
    return Message.objects.filter(kind=kind).latest("pk").body


def test_no_sentence_of_the_clock_is_left_unread():
    by_the_clock = {act for act, transition in TRANSITIONS.items() if ActorKind.SYSTEM in transition.by}
    assert by_the_clock == READ_HERE | READ_IN_LETTERS_DELIVERED


# Progress


def test_a_day_without_progress_says_nothing_of_the_day_before(consultation, tell, at):
    sweep(at(23, 17))
    tell(at(24, 8, 42))
    sweep(at(24, 17))
    sweep(at(25, 17))
    period = "pada 25 November 2026 sampai pukul 17.00 WITA"
    assert written(consultation, Act.MISS_PROGRESS)[-1] == (
        f"Tidak ada progres dari petugas yang tersampaikan {period}."
    )
    assert f"tidak ada kabar perkembangan dari petugas yang tersampaikan {period}." in body(
        "progress_automatic"
    )


@pytest.mark.parametrize("swept_at", [(23, 17, 0), (23, 19, 0), (24, 9, 0)])
def test_progress_told_after_the_closing_is_missed_whenever_the_clock_comes_by(
    consultation, tell, at, swept_at
):
    told, swept = at(23, 18), at(*swept_at)
    if told < swept:
        tell(told)
    sweep(swept)
    assert written(consultation, Act.MISS_PROGRESS) == [
        "Tidak ada progres dari petugas yang tersampaikan pada 23 November 2026 sampai pukul 17.00 WITA."
    ]


def test_a_longer_interval_is_named_from_its_first_working_day_on(office, cso, at):
    office.standards.update(progress_every_working_days=2)
    consultation = ConsultationFactory(office=office, now=at(20), officer=cso)
    sweep(at(24, 17))
    assert written(consultation, Act.MISS_PROGRESS) == [
        "Tidak ada progres dari petugas yang tersampaikan dari 23 November 2026 sampai 24 November 2026 pukul 17.00 WITA."
    ]


def test_a_letter_of_the_system_that_arrived_that_day_does_not_belie_it(consultation, at):
    sweep(at(23, 17))
    Message.objects.filter(kind="progress_automatic").update(
        status=MessageStatus.SENT, sent_at=at(24, 9), next_attempt_at=None
    )
    sweep(at(24, 17))
    assert all("dari petugas" in text for text in written(consultation, Act.MISS_PROGRESS))


def test_the_reminder_of_the_morning_is_not_written_once_progress_was_told(consultation, tell, at):
    tell(at(23, 8, 30))
    sweep(at(23, 12))
    assert written(consultation, Act.REMIND_PROGRESS) == []


def test_the_state_of_today_is_not_told_as_yesterdays(consultation, officer, at):
    lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(24, 8))
    sweep(at(24, 10))
    (entry,) = written(consultation, Act.POST_PROGRESS)
    assert entry == (
        "Perkembangan per 23 November 2026: pertanyaan Bapak/Ibu masih dalam penyelesaian. "
        "Kabar ini dibuat otomatis oleh sistem."
    )
    assert (
        "Saat pesan ini ditulis, pertanyaan Bapak/Ibu masih dalam penyelesaian (status: Menunggu dokumen)."
        in body("progress_automatic")
    )


def test_a_question_that_was_answered_and_reopened_is_not_said_to_have_no_answer(
    consultation, officer, unit_head, at
):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(20, 11))
    lifecycle.reopen(consultation, "Masih gagal.", by=actors.STAKEHOLDER, now=at(20, 12))
    for day in (23, 24, 25, 26):
        sweep(at(day, 8))
        sweep(at(day, 17))
    said = [
        *consultation.entries.values_list("text", flat=True),
        *Message.objects.values_list("body", flat=True),
    ]
    assert body("late")
    assert body("late_again")
    assert not [text for text in said if "belum tersedia" in text or "belum dijawab" in text]


def test_a_deadline_that_moved_is_not_said_to_have_stayed(consultation, office, at):
    follow_calendars(at(20, 11))
    Holiday.objects.create(office=office, date=at(25).date(), name="Banjir", kind=HolidayKind.CLOSED)
    follow_calendars(at(23, 9))
    sweep(at(23, 17))
    assert written(consultation, Act.MOVE_DEADLINE) == [
        "Kalender kerja berubah: dari Rabu, 25 November 2026 pukul 17.00 WITA menjadi Kamis, 26 November 2026 pukul 17.00 WITA."
    ]
    assert "Batas waktu jawaban: Kamis, 26 November 2026 pukul 17.00 WITA." in body("progress_automatic")
    assert "tetap" not in body("progress_automatic")


def test_a_document_that_was_waived_is_not_said_to_have_been_examined(consultation, officer, at):
    request = lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(20, 11))
    lifecycle.review_document(request.items.get(), Verdict.WAIVE, by=officer, now=at(20, 12))
    consultation.refresh_from_db()
    draft = draft_all([consultation], at(23, 9))[consultation.pk]
    assert "dokumen yang diperlukan telah kami tinjau" in draft


# The deadline


def test_a_warning_the_clock_slept_through_is_not_said_to_have_been_sent(consultation, unit_head, at):
    sweep(at(26, 9))
    due = "Batas waktu jawaban: Rabu, 25 November 2026 pukul 17.00 WITA."
    assert set(written(consultation, Act.WARN_DEADLINE)) == {
        f"{due} Peringatan tidak dikirim karena batas waktu itu sudah terlewati."
    }
    assert not Message.objects.filter(kind="deadline_warning").exists()


def test_a_delay_reported_later_says_when_it_was_reported(consultation, unit_head, at):
    sweep(at(27, 9))
    assert written(consultation, Act.MARK_LATE) == [
        "Keterlambatan dilaporkan kepada Kepala Seksi Bank pada Jumat, 27 November 2026 pukul 09.00 WITA."
    ]


def test_what_nobody_was_told_at_first_is_not_reported_again(consultation, office, at):
    sweep(at(25, 17))
    StaffFactory(office=office, role=Role.OFFICE_HEAD)
    sweep(at(26, 8))
    assert written(consultation, Act.REMIND_LATE) == ["Keterlambatan dilaporkan kepada Kepala KPPN."]


def test_the_tracking_page_promises_nothing_that_is_past(consultation, at):
    late = tracked(consultation, at(26, 18))
    assert late.next_progress is None
    sweep(at(26, 9))
    line = next(line for line in tracked(consultation, at(26, 18)).timeline if line.title == "Progres")
    assert (line.at, line.noted_at) == (at(25, 17), at(26, 9))


# Documents and files


def test_a_document_that_came_and_was_refused_is_not_said_never_to_have_come(consultation, officer, at):
    request = lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(20, 11))
    item = request.items.get()
    lifecycle.receive_documents(consultation, {item: [paper()]}, now=at(20, 12))
    lifecycle.review_document(item, Verdict.REJECT, by=officer, now=at(20, 13), reason="Buram.")
    sweep(at(24, 8))
    assert written(consultation, Act.REMIND_DOCUMENTS) == ["- Rekening koran"]
    assert "masih kami tunggu, karena belum kami terima atau belum sesuai" in body("documents_reminder")
    (documents,) = (clock for clock in read_ticket(consultation, at(24, 9)).clocks if clock.name == "Dokumen")
    assert documents.due.label == "1 masih ditunggu"


def test_whom_no_message_reaches_is_not_said_to_have_been_asked_again(consultation, officer, clam, at):
    called = Contact(consultation.contact_name, consultation.contact_phone, "", ContactChannel.PHONE)
    consultation = lifecycle.record_contact(consultation, called, by=officer, now=at(20, 11))
    lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(20, 12))
    lifecycle.receive_documents(
        consultation, {DocumentItem.objects.get(): [paper(content=VIRUS)]}, now=at(20, 13)
    )
    scan_files(at(20, 14))
    assert written(consultation, Act.WITHHOLD_FILE)
    assert "sudah diminta" not in body("file_withheld")
    assert "mohon hubungi stakeholder" in body("file_withheld")


# The head's word


@pytest.mark.parametrize(
    ("asked", "about", "letter"),
    [
        ((25, 16, 30), "menjelang batas waktu jawaban", "Batas waktu jawaban sudah sangat dekat:"),
        ((25, 17, 0), "setelah batas waktu jawaban terlewati", "Batas waktu jawaban sudah terlewati:"),
        ((3, 9, 0), "setelah batas waktu jawaban terlewati", "Batas waktu jawaban sudah terlewati:"),
    ],
)
def test_a_head_asked_too_late_is_not_said_to_have_been_asked_before_the_deadline(
    consultation, officer, unit_head, at, asked, about, letter
):
    moment = at(*asked, month=12 if asked[0] == 3 else 11)
    escalate(consultation, consultation.category.unit, "Mohon arahan.", by=officer, now=moment)
    consultation.refresh_from_db()
    clocks = {clock.name: clock for clock in read_ticket(consultation, moment).clocks}
    assert clocks["Arahan kepala unit"].at == f"Diminta {about}"
    assert letter in body("escalation_asked")


def test_a_unit_without_a_head_is_not_said_to_have_one_that_is_asked(consultation, officer, at):
    escalate(consultation, consultation.category.unit, "Mohon arahan.", by=officer, now=at(20, 11))
    assert consultation.entries.filter(
        text="Pertanyaan Bapak/Ibu sedang kami konfirmasikan kepada Seksi Bank."
    ).exists()


def test_a_head_reminded_later_is_said_to_have_been_reminded_then(consultation, officer, unit_head, at):
    escalate(consultation, consultation.category.unit, "Mohon arahan.", by=officer, now=at(20, 11))
    sweep(at(23, 14))
    told = "Diingatkan: Kepala Seksi Bank pada Senin, 23 November 2026 pukul 14.00 WITA."
    assert written(consultation, Act.REMIND_HEAD)[0].endswith(f"pukul 10.00 WITA. {told}")
    assert told in body("head_answer_overdue")


# The close


def test_the_close_counts_no_days_and_denies_no_word_of_the_stakeholder(consultation, officer, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(20, 11))
    consultation.standard.close_after_working_days = 9
    consultation.standard.save()
    sweep(at(27, 17))
    assert written(consultation, Act.CLOSE) == [
        "Ditutup otomatis karena masa untuk membukanya kembali berakhir."
    ]
    assert "tanggapan" not in body("closed")


def test_a_close_that_is_due_is_not_called_a_delay(consultation, officer, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(20, 11))
    consultation.refresh_from_db()
    (closing,) = (
        clock for clock in read_ticket(consultation, at(30, 9)).clocks if clock.name == "Penutupan otomatis"
    )
    assert closing.due.label == "Segera"
