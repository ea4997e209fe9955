"""Documents asked for: looked at one by one, and files handed out to those who may read the ticket."""

from uuid import uuid4

import pytest

from consultations import lifecycle
from consultations.enums import DocumentStatus, Status
from consultations.models import Attachment, DocumentItem
from tests.factories import ConsultationFactory
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(consultation, officer, at):
    lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(20, 11))
    return DocumentItem.objects.get()


@pytest.fixture
def send(client, cso, consultation, item):
    def send(act, who=cso, **typed):
        client.force_login(who)
        return client.post(f"/meja/konsultasi/{consultation.number}/dokumen/{item.pk}/{act}/", typed)

    return send


@pytest.fixture
def received(send, item):
    send("terima", attachments=upload("rekening.pdf", pdf()))
    item.refresh_from_db()
    assert item.status == DocumentStatus.RECEIVED
    return item


def test_an_officer_takes_a_file_that_was_handed_over(received, consultation, cso):
    consultation.refresh_from_db()
    assert consultation.status == Status.IN_PROGRESS
    file = Attachment.objects.get()
    assert (file.item, file.entry.actor) == (received, cso)


@pytest.mark.parametrize(
    ("verdict", "status"), [("accepted", DocumentStatus.ACCEPTED), ("waived", DocumentStatus.WAIVED)]
)
def test_a_document_fits_or_is_no_longer_needed(send, received, verdict, status):
    send("periksa", verdict=verdict)
    received.refresh_from_db()
    assert received.status == status


def test_a_document_that_does_not_fit_is_asked_for_again_with_the_reason(send, received, consultation):
    send("periksa", verdict="rejected", reason="Halaman kedua tidak terbaca.")
    received.refresh_from_db()
    consultation.refresh_from_db()
    assert (received.status, received.reason) == (DocumentStatus.REJECTED, "Halaman kedua tidak terbaca.")
    assert consultation.status == Status.AWAITING_DOCUMENTS


def test_without_a_reason_it_is_not_rejected(send, received):
    response = send("periksa", verdict="rejected", reason=" ")
    assert response.status_code == 422
    assert "Alasan wajib diisi apabila dokumen belum sesuai." in response.content.decode()
    received.refresh_from_db()
    assert received.status == DocumentStatus.RECEIVED


def test_a_document_that_has_not_come_cannot_be_found_to_fit(send, item):
    response = send("periksa", verdict="accepted")
    assert response.status_code == 422
    assert "belum diterima atau sudah diperiksa" in response.content.decode()


@pytest.mark.parametrize("verdict", ["", "requested", "\x00", "x" * 100_000])
def test_a_verdict_that_is_none_is_refused(send, received, verdict):
    assert send("periksa", verdict=verdict).status_code == 422


def test_no_file_and_a_bad_file_are_refused_with_a_reason(send, item):
    response = send("terima")
    assert "Silakan pilih paling sedikit satu berkas." in response.content.decode()
    response = send("terima", attachments=upload("rekening.pdf", b"<html>"))
    assert response.status_code == 422
    assert "rekening.pdf" in response.content.decode()
    item.refresh_from_db()
    assert item.status == DocumentStatus.REQUESTED


def test_a_reason_too_long_comes_back_as_typed(send, received):
    response = send("periksa", verdict="rejected", reason="tidak terbaca " * 50)
    assert response.status_code == 422
    assert 'value="tidak terbaca tidak' in response.content.decode()


def test_the_ticket_shows_each_document_with_what_came_for_it(desk, received, consultation):
    (document,) = desk.get(consultation.get_absolute_url()).context["ticket"].documents
    assert (document.item, document.is_to_review, document.is_settled) == (received, True, False)
    assert [file.name for file in document.files] == ["rekening.pdf"]


def test_an_item_of_another_ticket_is_not_found(desk, office, item):
    other = ConsultationFactory(office=office, taken=True)
    address = f"/meja/konsultasi/{other.number}/dokumen/{item.pk}/periksa/"
    assert desk.post(address, {"verdict": "waived"}).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("other_cso", 404), ("receptionist", 404), ("office_head", 403), ("unit_head", 403)]
)
def test_only_who_may_act_judges_documents(request, send, received, who, status):
    assert send("periksa", request.getfixturevalue(who), verdict="waived").status_code == status
    received.refresh_from_db()
    assert received.status == DocumentStatus.RECEIVED


@pytest.fixture
def file(received):
    return Attachment.objects.get()


def test_a_file_is_handed_out_to_be_saved_never_to_be_run(desk, file):
    response = desk.get(f"/meja/lampiran/{file.public_id}/")
    assert response.getvalue().startswith(b"%PDF")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="rekening.pdf"'
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("who", ["unit_head", "office_head", "office_admin"])
def test_who_reads_the_ticket_reads_its_files(client, request, file, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"/meja/lampiran/{file.public_id}/").getvalue().startswith(b"%PDF")


@pytest.mark.parametrize("who", ["other_cso", "receptionist"])
def test_for_strangers_the_file_does_not_exist(client, request, file, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"/meja/lampiran/{file.public_id}/").status_code == 404


def test_a_key_that_opens_nothing_is_not_found(desk):
    assert desk.get(f"/meja/lampiran/{uuid4()}/").status_code == 404
    assert desk.get("/meja/lampiran/1/").status_code == 404


def test_a_verdict_on_a_page_from_before_another_file_came_is_refused(send, received, client):
    page = client.get(received.request.consultation.get_absolute_url()).content.decode()
    seen = Attachment.objects.get().pk
    assert f'name="newest_seen" value="{seen}"' in page
    send(
        "terima", attachments=upload("rekening-baru.pdf", pdf(lambda writer: writer.add_blank_page(100, 100)))
    )

    response = send("periksa", verdict="accepted", newest_seen=seen)

    assert response.status_code == 422
    assert "baru saja dilengkapi" in response.content.decode()
    received.refresh_from_db()
    assert received.status == DocumentStatus.RECEIVED
