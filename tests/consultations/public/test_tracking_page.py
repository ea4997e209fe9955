"""What a stakeholder sees behind the link: everything meant for them, and nothing else."""

import re

import pytest
from django.urls import reverse

from consultations import actors, lifecycle
from consultations.attachments import examine, receive
from consultations.enums import ProgressChannel
from consultations.lifecycle import Verdict
from consultations.models import DocumentItem
from consultations.sweep import sweep
from consultations.tokens import token_of
from consultations.views import tracking
from offices.enums import Role
from tests import samples
from tests.factories import ConsultationFactory, RegulationFactory, StaffFactory


@pytest.fixture
def page(client):
    def get(token):
        response = client.get(reverse("track", args=[token]))
        assert response.status_code == 200
        return response.content.decode()

    return get


def checked(name="layar.png"):
    (file,) = examine([receive(samples.upload(name, samples.image("PNG")))])
    return file


@pytest.mark.parametrize(
    ("traits", "badge", "stages"),
    [
        ({}, "Baru", ["current", "ahead", "ahead", "ahead"]),
        ({"taken": True}, "Diproses", ["done", "current", "ahead", "ahead"]),
        ({"awaiting_documents": True}, "Menunggu dokumen", ["done", "current", "ahead", "ahead"]),
        ({"escalated": True}, "Dieskalasi", ["done", "current", "ahead", "ahead"]),
        ({"resolved": True}, "Selesai (Resolved)", ["done", "done", "current", "ahead"]),
        ({"closed": True}, "Ditutup", ["done", "done", "done", "done"]),
    ],
)
def test_each_state_has_its_word_and_its_stage(client, opened, traits, badge, stages):
    _, token = opened(**traits)
    response = client.get(reverse("track", args=[token]))

    assert badge in response.content.decode()
    assert [stage.state for stage in response.context["tracked"].stages] == stages


def test_a_referred_question_says_whose_it_is_and_offers_a_new_one(page, opened, officer, office):
    consultation, token = opened(taken=True)
    lifecycle.refer(
        consultation, "KPP Pratama", "Kring Pajak 1500200", by=officer, now=consultation.recorded_at
    )

    text = page(token)
    assert "kewenangan KPP Pratama" in text
    assert reverse("public_form", args=[office.slug]) in text
    assert "<textarea" not in text


def test_the_due_moment_stands_in_words_with_its_reckoning(page, opened, at, time_machine):
    time_machine.move_to(at(20, 11))
    _, token = opened(now=at(20, 10))

    text = page(token)
    assert "Rabu, 25 November 2026 pukul 17.00 WITA" in text
    assert "Jumat, 20 November 2026: pertanyaan diterima, hari ke-0" in text
    assert "Sabtu, 21 November 2026: hari Sabtu, tidak dihitung" in text
    assert "Rabu, 25 November 2026: hari kerja ke-3, batas waktu jawaban pukul 17.00 WITA" in text


def test_the_reckoning_names_the_standard(page, opened):
    _, token = opened()
    assert "Jawaban paling lambat 3 hari kerja, sesuai Standar Pelayanan Nomor KEP-57/PB/2023." in page(token)


def test_the_next_progress_is_announced(page, opened, at, time_machine):
    time_machine.move_to(at(20, 11))
    _, token = opened(now=at(20, 10))
    text = page(token)
    assert "Kabar perkembangan berikutnya" in text
    assert "Senin, 23 November 2026 pukul 17.00 WITA" in text


def test_where_the_answer_comes_first_no_progress_is_announced(page, opened, officer, at, time_machine):
    consultation, token = opened(now=at(20, 10), taken=True)
    lifecycle.post_progress(
        consultation, "Hampir selesai.", by=officer, now=at(24, 9), told_through=ProgressChannel.PHONE
    )
    time_machine.move_to(at(24, 17, 1))
    sweep(at(24, 17, 1))
    assert "Kabar perkembangan berikutnya" not in page(token)


def test_documents_still_awaited_are_counted(page, opened, officer, at, time_machine):
    time_machine.move_to(at(20, 12))
    consultation, token = opened(now=at(20, 10), taken=True)
    lifecycle.request_documents(consultation, ["SPM", "Rekening koran"], by=officer, now=at(20, 11))
    item = DocumentItem.objects.get(name="SPM")
    lifecycle.receive_documents(consultation, {item: [checked()]}, now=at(20, 12))
    assert '<a href="#dokumen">1 dokumen</a> masih kami tunggu' in page(token)


def test_an_answered_question_awaits_nothing(page, opened):
    _, token = opened(awaiting_documents=True, resolved=True)
    text = page(token)
    assert "masih kami tunggu" not in text
    assert "Kabar perkembangan berikutnya" not in text


def test_a_reopened_question_is_reckoned_from_its_reopening(page, opened, at, time_machine):
    time_machine.move_to(at(24, 11))
    consultation, token = opened(now=at(20, 10), resolved=True)
    lifecycle.reopen(consultation, "Masih ditolak.", by=actors.STAKEHOLDER, now=at(24, 10))

    text = page(token)
    assert "Selasa, 24 November 2026: pertanyaan dibuka kembali, hari ke-0" in text
    assert "Jumat, 27 November 2026: hari kerja ke-3" in text


def test_a_broken_promise_is_admitted(page, opened, office_head, at, time_machine):
    _, token = opened(now=at(16, 10), taken=True)
    time_machine.move_to(at(20, 10))

    assert "Mohon maaf, jawaban belum kami sampaikan" in page(token)
    assert "dilaporkan kepada pejabat terkait" not in page(token)
    sweep(at(20, 10))
    assert "dilaporkan kepada pejabat terkait" in page(token)


def test_lateness_of_a_question_noted_down_late_was_raised_too(page, opened, office_head, at, time_machine):
    _, token = opened(now=at(20, 10), late=True)
    time_machine.move_to(at(20, 11))
    sweep(at(20, 11))

    assert "dilaporkan kepada pejabat terkait" in page(token)


def test_nobody_is_said_to_have_been_told_of_lateness_where_nobody_could_be(page, opened, at, time_machine):
    consultation, token = opened(now=at(16, 10), taken=True)
    time_machine.move_to(at(20, 10))
    sweep(at(20, 10))

    consultation.refresh_from_db()
    assert consultation.late_at
    assert "diteruskan" not in page(token)


def test_a_late_answer_is_not_called_timely(page, opened, officer, at, time_machine):
    consultation, token = opened(now=at(16, 10), taken=True)
    lifecycle.resolve(consultation, "Silakan ralat.", by=officer, now=at(20, 10))
    time_machine.move_to(at(20, 11))

    assert "Mohon maaf atas keterlambatan ini" in page(token)


def test_a_timely_second_answer_is_not_blamed_for_the_first(page, opened, officer, at, time_machine):
    consultation, token = opened(now=at(16, 10), taken=True)
    lifecycle.resolve(consultation, "Silakan ralat.", by=officer, now=at(20, 10))
    lifecycle.reopen(consultation, "Ditolak.", by=actors.STAKEHOLDER, now=at(20, 11))
    lifecycle.resolve(consultation, "Sudah diperbaiki.", by=officer, now=at(20, 12))
    time_machine.move_to(at(20, 13))

    assert "dalam batas waktu yang dijanjikan" in page(token)


def test_the_answer_shows_what_it_rests_on_and_until_when_it_can_be_reopened(
    page, opened, officer, at, time_machine
):
    consultation, token = opened(now=at(20, 10), taken=True)
    regulation = RegulationFactory()
    lifecycle.resolve(
        consultation,
        "Ajukan ralat: https://contoh.go.id/ralat",
        regulations=[regulation],
        files=[checked("panduan.png")],
        by=officer,
        now=at(20, 11),
    )
    time_machine.move_to(at(20, 12))

    text = page(token)
    assert regulation.citation in text
    assert "panduan.png" in text
    assert 'href="https://contoh.go.id/ralat"' in text
    assert "Jumat, 27 November 2026 pukul 17.00 WITA" in text


def test_the_timeline_holds_public_lines_only_and_no_officers_name(page, opened, officer, cso, office):
    consultation, token = opened(officer=cso)
    lifecycle.reply(consultation, "Sedang kami telaah.", by=officer, now=consultation.recorded_at)
    lifecycle.note(consultation, "Rahasia dapur", by=officer, now=consultation.recorded_at)
    colleague = StaffFactory(office=office, role=Role.CSO)
    lifecycle.take_over(consultation, by=actors.officer(colleague), now=consultation.recorded_at)

    text = page(token)
    assert "Sedang kami telaah." in text
    assert "Petugas CSO" in text
    for hidden in ("Rahasia dapur", "Diambil alih", cso.full_name, colleague.full_name):
        assert hidden not in text


def test_documents_are_shown_item_by_item_with_the_reason_of_a_rejection(page, opened, officer):
    consultation, token = opened(taken=True)
    now = consultation.recorded_at
    request = lifecycle.request_documents(
        consultation, ["Surat ralat", "Rekening koran"], by=officer, now=now
    )
    letter, statement = request.items.all()
    lifecycle.receive_documents(consultation, {letter: [checked("ralat.png")]}, now=now)
    lifecycle.review_document(letter, Verdict.REJECT, reason="Belum ditandatangani", by=officer, now=now)

    text = page(token)
    assert "Alasan: Belum ditandatangani" in text
    for item in (letter, statement):
        assert reverse("track_upload", args=[token, item.pk]) in text
    lifecycle.review_document(statement, Verdict.WAIVE, by=officer, now=now)
    assert reverse("track_upload", args=[token, statement.pk]) not in page(token)


def test_an_accepted_document_can_not_be_replaced(page, opened, officer):
    consultation, token = opened(taken=True)
    now = consultation.recorded_at
    (item,) = lifecycle.request_documents(consultation, ["Surat ralat"], by=officer, now=now).items.all()
    lifecycle.receive_documents(consultation, {item: [checked()]}, now=now)
    assert "Kirim penggantinya" in page(token)

    lifecycle.review_document(item, Verdict.ACCEPT, by=officer, now=now)
    assert "Kirim penggantinya" not in page(token)


def test_whatever_was_written_is_shown_as_text(page, opened):
    _, token = opened(question="<script>alert(1)</script> {{ 1 }} \u202eabc")

    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 1 }}" in page(token)


def test_the_page_is_kept_from_caches_search_engines_and_other_sites(client, opened):
    _, token = opened()
    for name in ("track", "public_receipt"):
        headers = client.get(reverse(name, args=[token])).headers
        assert "no-store" in headers["Cache-Control"]
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "token", ["A" * 22, "x", "a" * 3_000, "%00", "%2e%2e", "' OR 1=1 --", "👩‍👧", "%ed%a0%80", "9" * 400]
)
@pytest.mark.parametrize("part", ["", "tanda-terima/", f"berkas/{'0' * 8}-0000-4000-8000-{'0' * 12}/"])
def test_a_wrong_token_is_not_found(client, opened, token, part):
    opened()

    assert client.get(f"/lacak/{token}/{part}").status_code == 404


def test_guessing_tokens_is_stopped_and_a_right_one_still_opens(client, opened, monkeypatch):
    monkeypatch.setattr(tracking, "WRONG_TOKENS_PER_ADDRESS", 2)
    _, token = opened()

    statuses = [client.get(f"/lacak/{'A' * 22}/").status_code for _ in range(3)]
    assert statuses == [404, 404, 429]
    assert client.get(reverse("track", args=[token])).status_code == 200


def test_a_file_is_handed_out_to_be_saved_and_never_to_be_run(client, opened):
    consultation, token = opened(files=[checked("tangkapan layar “retur”.png")])
    url = reverse("track_file", args=[token, consultation.attachments.get().public_id])
    response = client.get(url)

    assert b"".join(response.streaming_content) == samples.image("PNG")
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''tangkapan%20layar"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert {"private", "no-store"} <= {part.strip() for part in response.headers["Cache-Control"].split(",")}


def test_files_of_internal_notes_and_of_other_consultations_are_not_found(client, opened, officer, cso):
    consultation, token = opened(officer=cso)
    lifecycle.note(consultation, "Catatan", by=officer, files=[checked()], now=consultation.recorded_at)
    other, _ = opened(files=[checked()])

    for attachment in (consultation.attachments.get(), other.attachments.get()):
        assert client.get(reverse("track_file", args=[token, attachment.public_id])).status_code == 404


def test_a_file_that_the_store_has_lost_is_not_found(client, opened):
    consultation, token = opened(files=[checked()])
    attachment = consultation.attachments.get()
    attachment.file.storage.delete(attachment.file.name)

    assert client.get(reverse("track_file", args=[token, attachment.public_id])).status_code == 404


@pytest.mark.parametrize("length", [0, 6])
def test_the_page_costs_the_same_whatever_its_length(
    client, opened, officer, django_assert_num_queries, length
):
    consultation, token = opened(taken=True, files=[checked()])
    for n in range(length):
        now = consultation.recorded_at
        lifecycle.reply(
            consultation, "Balasan", by=officer, now=now, files=[checked()], regulations=[RegulationFactory()]
        )
        request = lifecycle.request_documents(consultation, [f"Dokumen {n}"], by=officer, now=now)
        lifecycle.receive_documents(consultation, {request.items.get(): [checked()]}, now=now)

    with django_assert_num_queries(7):
        client.get(reverse("track", args=[token]))


def test_the_receipt_carries_the_promise_and_the_link(client, office, at, settings):
    settings.SITE_URL = "https://layanan.contoh.go.id"
    consultation = ConsultationFactory(office=office, now=at(20, 10), question="Mengapa SP2D diretur?")
    url = reverse("public_receipt", args=[token_of(consultation)])
    text = client.get(url).content.decode()

    for part in (
        consultation.number,
        "Rabu, 25 November 2026 pukul 17.00 WITA",
        f"https://layanan.contoh.go.id/lacak/{token_of(consultation)}/",
        "tidak dipungut biaya",
        "Kontak resmi KPPN",
        "Mengapa SP2D diretur?",
        "<svg",
        "data-desk-print",
    ):
        assert part in text


def test_the_receipts_code_is_scaled_whole_to_the_size_it_is_printed_in(client, office):
    receipt = client.get(f"/lacak/{token_of(ConsultationFactory(office=office))}/tanda-terima/")
    assert re.search(r'<svg viewBox="0 0 (\d+) \1" class="segno">', receipt.text)
