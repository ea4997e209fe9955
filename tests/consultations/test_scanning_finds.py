"""What follows when a file is found infected: who is told, and what is asked for again."""

import pytest
from django.db import IntegrityError

from consultations import actors, lifecycle
from consultations.enums import Act, ActorKind, DocumentStatus, Status
from consultations.errors import RuleError
from consultations.held import accept
from consultations.lifecycle import Verdict
from consultations.models import Attachment, Entry, Timer
from consultations.scanning import scan_files
from notifications.models import Message, Notice
from offices.enums import Role
from tests import samples
from tests.clamserver import VIRUS
from tests.factories import ConsultationFactory, HeldSubmissionFactory, StaffFactory, paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clam")]
REASON = (
    "Berkas “koran.pdf” memuat program berbahaya sehingga kami tahan. Mohon periksa perangkat Bapak/Ibu dengan "
    "antivirus, lalu kirim kembali dokumennya."
)


@pytest.fixture
def consultation(office, cso, at):
    return ConsultationFactory(office=office, now=at(20), officer=cso)


@pytest.fixture
def item(consultation, officer, at):
    return lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(20)).items.get()


@pytest.fixture
def upload(consultation, item, at):
    """`upload(b"...", 11)` sends a file of that content for the document at 11.00 on the 23rd."""

    def upload(content, hour=10):
        lifecycle.receive_documents(consultation, {item: [paper(content=content)]}, now=at(23, hour))

    return upload


def status_of(row):
    row.refresh_from_db()
    return row.status


def withheld():
    return Entry.objects.get(act=Act.WITHHOLD_FILE)


def test_a_document_that_came_infected_is_asked_for_again_with_the_reason(upload, item, consultation, at):
    upload(VIRUS)
    scan_files(at(23, 11))
    item.refresh_from_db()
    assert (item.status, item.reason) == (DocumentStatus.REJECTED, REASON)
    assert status_of(consultation) == Status.AWAITING_DOCUMENTS
    assert f"Alasan: {REASON}" in Message.objects.get(kind="document_rejected").body


def test_a_clean_one_stays_received(upload, item, consultation, at):
    upload(b"bersih")
    scan_files(at(23, 11))
    assert status_of(item) == DocumentStatus.RECEIVED
    assert status_of(consultation) == Status.IN_PROGRESS


def test_sent_again_meanwhile_the_document_waits_for_the_later_file(upload, item, at):
    upload(VIRUS, 10)
    upload(b"bersih", 11)
    scan_files(at(23, 12))
    assert status_of(item) == DocumentStatus.RECEIVED
    assert not Message.objects.filter(kind="document_rejected").exists()


def test_the_later_file_counts_when_it_is_the_infected_one(upload, item, at):
    upload(b"bersih", 10)
    upload(VIRUS, 11)
    scan_files(at(23, 12))
    assert status_of(item) == DocumentStatus.REJECTED


def test_of_several_infected_files_for_a_document_each_is_told_and_it_is_asked_for_once(
    consultation, item, at
):
    lifecycle.receive_documents(
        consultation, {item: [paper(content=VIRUS), paper(content=VIRUS + b"2")]}, now=at(23)
    )
    scan_files(at(23, 11))
    assert Entry.objects.filter(act=Act.WITHHOLD_FILE).count() == 2
    assert Message.objects.filter(kind="document_rejected").count() == 1


def test_a_waived_document_is_not_asked_for_again(upload, item, officer, at):
    upload(VIRUS)
    lifecycle.review_document(item, Verdict.WAIVE, by=officer, now=at(23, 10))
    scan_files(at(23, 11))
    assert status_of(item) == DocumentStatus.WAIVED


@pytest.mark.parametrize("verdict", [Verdict.ACCEPT, Verdict.REJECT])
def test_nobody_judges_a_document_whose_file_nobody_can_open(upload, item, officer, at, verdict):
    upload(b"bersih")
    with pytest.raises(RuleError, match="masih diperiksa dari program berbahaya"):
        lifecycle.review_document(item, verdict, by=officer, now=at(23, 10), reason="Buram.")
    scan_files(at(23, 11))
    lifecycle.review_document(item, verdict, by=officer, now=at(23, 12), reason="Buram.")
    assert status_of(item) == verdict.value


def test_the_systems_act_stands_on_the_timeline(upload, at):
    upload(VIRUS)
    scan_files(at(23, 11))
    entry = withheld()
    assert (entry.actor_kind, entry.at, entry.is_public) == (ActorKind.SYSTEM, at(23, 11), True)
    assert entry.text == (
        "“koran.pdf” memuat program berbahaya. Berkas ini ditahan dan tidak dapat diunduh siapa pun."
    )


def test_the_officer_is_told_inside_the_desk_and_by_mail_what_was_found(upload, consultation, cso, at):
    upload(VIRUS)
    scan_files(at(23, 11))
    notice = Notice.objects.get(title="Berkas ditahan: koran.pdf")
    assert (notice.recipient, notice.url) == (cso, consultation.get_absolute_url())
    mail = Message.objects.get(kind="file_withheld")
    assert mail.recipient == cso.email
    assert "Uji.Berbahaya.UNOFFICIAL" in mail.body
    assert 'Stakeholder sudah diminta mengirim kembali dokumen "Rekening koran".' in mail.body


def test_a_file_that_was_not_asked_for_is_left_to_the_officer(consultation, cso, at):
    lifecycle.message(consultation, "Berikut.", files=[paper(content=VIRUS)], now=at(20))
    scan_files(at(20, 11))
    assert "Mohon beri tahu pengirimnya" in Message.objects.get(kind="file_withheld").body
    assert not Message.objects.filter(kind="document_rejected").exists()


def test_while_nobody_handles_it_all_officers_are_told(office, at):
    officers = StaffFactory.create_batch(2, office=office, role=Role.CSO)
    ConsultationFactory(office=office, now=at(20), files=[paper(content=VIRUS)])
    scan_files(at(20, 11))
    told = Notice.objects.filter(title="Berkas ditahan: koran.pdf")
    assert {notice.recipient for notice in told} == set(officers)


def test_a_file_of_an_internal_note_is_not_told_to_the_stakeholder(consultation, officer, at):
    lifecycle.note(consultation, "Lampiran internal.", files=[paper(content=VIRUS)], by=officer, now=at(20))
    scan_files(at(20, 11))
    assert not withheld().is_public


def test_an_officers_file_takes_the_same_way(consultation, officer, at):
    lifecycle.reply(consultation, "Terlampir.", files=[paper(content=VIRUS)], by=officer, now=at(20))
    scan_files(at(20, 11))
    assert Attachment.objects.get().finding
    assert withheld().is_public


def test_of_an_ended_consultation_only_the_desk_is_told(upload, item, consultation, officer, at):
    upload(VIRUS)
    lifecycle.resolve(consultation, "Sudah aktif kembali.", by=officer, now=at(23, 11))
    lifecycle.close(consultation, by=actors.STAKEHOLDER, now=at(23, 12))
    scan_files(at(23, 13))
    assert Notice.objects.filter(title="Berkas ditahan: koran.pdf").exists()
    assert status_of(item) == DocumentStatus.RECEIVED
    assert status_of(consultation) == Status.CLOSED
    assert not Timer.objects.unfired().exists()


def test_a_file_that_came_with_a_held_question_is_scanned_once_the_question_is_accepted(office, cso, at):
    held = HeldSubmissionFactory(
        office=office, now=at(20), files=[paper(content=samples.pdf() + b"% " + VIRUS)]
    )
    accept(held, by=cso, now=at(20, 11))
    scan_files(at(20, 11))
    assert Attachment.objects.get().finding


def test_the_scanner_counts_for_no_progress(upload, consultation, at):
    upload(VIRUS)
    before = consultation.progress_updates.count()
    scan_files(at(23, 11))
    assert consultation.progress_updates.count() == before


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "lain"},
        {"state": "quarantined", "scan_at": None},
        {"state": "infected", "finding": "", "scan_at": None},
        {"state": "infected", "finding": "Uji"},
        {"state": "ready", "finding": "Uji", "scan_at": None},
        {"state": "ready"},
        {"file": ""},
    ],
)
def test_the_database_refuses_a_half_told_state(consultation, officer, at, broken):
    lifecycle.reply(consultation, "Terlampir.", files=[paper()], by=officer, now=at(20))
    with pytest.raises(IntegrityError, match="attachment_state_whole"):
        Attachment.objects.update(**broken)
