"""Supporting documents, item by item."""

import hashlib

import pytest
from django.core.files.base import ContentFile

from consultations import lifecycle
from consultations.attachments import CheckedFile
from consultations.enums import Act, DocumentStatus, Status
from consultations.errors import RuleError
from consultations.lifecycle import Verdict
from consultations.models import DocumentItem, ProgressUpdate
from notifications.models import Message
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def consultation(office, cso, at):
    return ConsultationFactory(office=office, now=at(20), officer=cso)


@pytest.fixture
def items(consultation, officer, at):
    names = ["Rekening koran", "Surat pemberitahuan retur"]
    return list(lifecycle.request_documents(consultation, names, by=officer, now=at(20)).items.all())


def paper(content=b"isi"):
    return CheckedFile(
        "koran.pdf",
        "application/pdf",
        len(content),
        hashlib.sha256(content).hexdigest(),
        ContentFile(content, "x"),
    )


def status_of(consultation):
    consultation.refresh_from_db()
    return consultation.status


def test_asking_waits_for_the_stakeholder_and_tells_them_what_for(consultation, items):
    assert status_of(consultation) == Status.AWAITING_DOCUMENTS
    body = Message.objects.get(kind="documents_requested").body
    assert "- Rekening koran\n- Surat pemberitahuan retur" in body
    assert "Mohon tidak mengirimkan kata sandi, PIN, atau OTP." in body
    assert ProgressUpdate.objects.filter(consultation=consultation).count() == 1


def test_asking_does_not_move_the_deadline(consultation, items, at):
    assert status_of(consultation)
    assert consultation.due_at == at(25, 17)


def test_the_same_document_is_asked_for_once(consultation, officer, at):
    request = lifecycle.request_documents(consultation, ["KTP", " KTP ", ""], by=officer, now=at(20))
    assert [item.name for item in request.items.all()] == ["KTP"]


def test_a_request_names_a_document(consultation, officer, at):
    with pytest.raises(RuleError, match="paling sedikit satu dokumen"):
        lifecycle.request_documents(consultation, [" "], by=officer, now=at(20))


def test_an_upload_is_kept_with_its_digest_and_makes_it_the_desks_turn(consultation, items, at):
    lifecycle.receive_documents(consultation, {items[0]: [paper()]}, now=at(23))
    attachment = items[0].attachments.get()
    assert attachment.sha256 == hashlib.sha256(b"isi").hexdigest()
    with attachment.file.open() as stored:
        assert stored.read() == b"isi"
    assert attachment.entry.act == Act.RECEIVE_DOCUMENTS
    assert status_of(consultation) == Status.IN_PROGRESS
    assert [item.status for item in DocumentItem.objects.all()] == ["received", "requested"]


def test_an_accepted_document_is_not_replaced(consultation, items, officer, at):
    lifecycle.receive_documents(consultation, {items[0]: [paper()]}, now=at(23))
    lifecycle.review_document(items[0], Verdict.ACCEPT, by=officer, now=at(23))
    with pytest.raises(RuleError, match="sudah tidak diperlukan"):
        lifecycle.receive_documents(consultation, {items[0]: [paper(b"lain")]}, now=at(23))


def test_a_rejected_document_is_asked_for_again_with_the_reason(consultation, items, officer, at):
    lifecycle.receive_documents(consultation, {item: [paper()] for item in items}, now=at(23))
    lifecycle.review_document(items[0], Verdict.REJECT, by=officer, now=at(23), reason="Tidak terbaca.")
    assert status_of(consultation) == Status.AWAITING_DOCUMENTS
    assert "Alasan: Tidak terbaca." in Message.objects.get(kind="document_rejected").body
    lifecycle.receive_documents(consultation, {items[0]: [paper(b"jelas")]}, now=at(24))
    assert DocumentItem.objects.get(pk=items[0].pk).status == DocumentStatus.RECEIVED


def test_a_rejection_gives_a_reason(items, officer, at):
    with pytest.raises(RuleError, match="Alasan wajib diisi"):
        lifecycle.review_document(items[0], Verdict.REJECT, by=officer, now=at(23))


def test_what_was_not_received_cannot_be_accepted(items, officer, at):
    with pytest.raises(RuleError, match="belum diterima"):
        lifecycle.review_document(items[0], Verdict.ACCEPT, by=officer, now=at(23))


def test_waiving_the_last_missing_document_ends_the_waiting(consultation, items, officer, at):
    for item in items:
        lifecycle.review_document(item, Verdict.WAIVE, by=officer, now=at(23))
    assert status_of(consultation) == Status.IN_PROGRESS


def test_an_item_of_another_consultation_is_refused(office, items, at):
    other = ConsultationFactory(office=office, now=at(20), awaiting_documents=True)
    with pytest.raises(RuleError, match="tidak diminta"):
        lifecycle.receive_documents(other, {items[0]: [paper()]}, now=at(23))


def test_an_upload_without_a_file_is_refused(consultation, items, at):
    with pytest.raises(RuleError, match="satu berkas"):
        lifecycle.receive_documents(consultation, {items[0]: []}, now=at(23))


def test_missing_documents_never_block_the_answer(consultation, items, officer, at):
    lifecycle.resolve(consultation, "Jawaban berdasarkan data yang ada.", by=officer, now=at(24))
    assert status_of(consultation) == Status.RESOLVED
    assert {item.status for item in DocumentItem.objects.all()} == {DocumentStatus.WAIVED}
