"""The whole way of a visitor whose browser runs no scripts: asking, following, answering, judging, coming by."""

import re

import pytest
from playwright.sync_api import expect

from tests import samples

pytestmark = pytest.mark.browser
PAPER = {"name": "ralat.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()}


@pytest.fixture(scope="module")
def paths(in_desk):
    return in_desk("asked_for_documents")


@pytest.fixture
def visitor(new_context):
    return new_context(java_script_enabled=False).new_page()


def test_a_question_with_a_file_is_held_accepted_and_followed(visitor, as_somebody, nothing_amiss):
    visitor.goto("/mataram/konsultasi/")
    visitor.get_by_label("Bapak/Ibu mewakili").select_option("masyarakat")
    visitor.get_by_label("Nama lengkap").fill("Siti Rahma")
    visitor.get_by_label("Alamat surel").fill("siti@contoh.id")
    visitor.get_by_label("Kategori pertanyaan").select_option("RETUR")
    visitor.get_by_label("Pertanyaan atau permasalahan").fill("Tanpa JavaScript")
    visitor.get_by_label("Berkas pendukung").set_input_files([PAPER])
    visitor.get_by_role("button", name="Kirim pertanyaan").click()
    expect(visitor.get_by_role("heading", name="Menunggu pemeriksaan petugas")).to_be_visible()
    reference = visitor.locator("dd strong").inner_text()

    officer = as_somebody("cso.mataram")
    officer.goto("/meja/tertahan/")
    nothing_amiss(officer)
    with officer.expect_download() as looked_at:
        officer.get_by_role("link", name="ralat.pdf").last.click()
    assert looked_at.value.path().read_bytes() == PAPER["buffer"]
    officer.get_by_role("button", name=f"Terima {reference}").click()
    expect(officer.get_by_text(f"Kiriman {reference} menjadi konsultasi")).to_be_visible()

    visitor.reload()
    visitor.get_by_role("link", name="Lacak konsultasi MTR").click()
    question = visitor.locator("#riwayat li").filter(has_text="Tanpa JavaScript")
    with visitor.expect_download() as saved:
        question.get_by_role("link", name="ralat.pdf").click()
    assert saved.value.path().read_bytes() == PAPER["buffer"]


def test_a_message_with_a_file_reaches_the_timeline(visitor, paths):
    visitor.goto(paths["documents"])
    visitor.get_by_text("Tulis pesan kepada petugas").click()
    visitor.get_by_label("Pesan").fill("Terlampir ralatnya.")
    visitor.locator("#pesan input[type=file]").set_input_files([PAPER])
    visitor.get_by_role("button", name="Kirim pesan").click()

    expect(visitor.get_by_text("Pesan Bapak/Ibu telah kami terima")).to_be_visible()
    message = visitor.locator("#riwayat li").filter(has_text="Terlampir ralatnya.")
    expect(message.get_by_role("link", name="ralat.pdf")).to_be_visible()


def test_a_document_asked_for_is_refused_with_its_reason_and_then_uploaded(visitor, paths):
    visitor.goto(paths["documents"])
    letter = visitor.locator("li.document").filter(has_text="Surat ralat")
    letter.get_by_role("button", name="Kirim dokumen").click()
    expect(letter.get_by_role("alert")).to_contain_text("Silakan pilih paling sedikit satu berkas.")
    letter.locator("input[type=file]").set_input_files([PAPER])
    letter.get_by_role("button", name="Kirim dokumen").click()

    expect(visitor.get_by_text("Dokumen “Surat ralat” telah kami terima")).to_be_visible()
    expect(letter.get_by_role("button", name="Kirim penggantinya")).to_be_visible()


def test_an_answer_that_does_not_help_is_reopened(visitor, paths):
    visitor.goto(paths["answered"])
    visitor.get_by_text("Belum terjawab? Buka kembali konsultasi").click()
    visitor.get_by_label("Pesan").fill("Ralat kami ditolak.")
    visitor.get_by_role("button", name="Buka kembali").click()

    expect(visitor.get_by_text("telah dibuka kembali")).to_be_visible()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Diproses")


def test_an_answer_is_rated_confirmed_and_the_survey_filled_once(visitor, paths):
    visitor.goto(paths["rating"])
    visitor.get_by_label("Sangat baik").check()
    visitor.get_by_label("Komentar").fill("Jelas.")
    visitor.get_by_role("button", name="Kirim penilaian").click()
    expect(visitor.get_by_text("Terima kasih atas penilaian Bapak/Ibu.")).to_be_visible()
    visitor.goto(paths["answered too"])
    visitor.get_by_role("button", name="Ya, sudah terjawab").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Ditutup")

    visitor.goto(paths["rating"])
    visitor.get_by_role("link", name="Survei Kepuasan Masyarakat").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Survei Kepuasan Masyarakat")
    survey = visitor.url
    for question in visitor.locator(".survey-questions fieldset").all():
        question.get_by_role("radio").first.check()
    visitor.get_by_role("button", name="Kirim jawaban").click()
    expect(visitor.get_by_role("heading", name="Terima kasih")).to_be_visible()
    visitor.goto(survey)
    expect(visitor.get_by_role("heading", name="Terima kasih")).to_be_visible()


def test_a_number_is_taken_followed_and_given_back(visitor, paths):
    visitor.goto("/layar/antrean/")
    visitor.get_by_label("Retur SP2D").check()
    visitor.get_by_role("button", name="Ambil nomor").click()
    visitor.get_by_role("link", name="Ikuti di sini").click()
    expect(
        visitor.get_by_text(re.compile("nomor sebelum Bapak/Ibu|Giliran berikutnya adalah Bapak/Ibu"))
    ).to_be_visible()
    visitor.get_by_text("Tidak jadi menunggu").click()
    visitor.get_by_role("button", name="Kembalikan nomor ini").click()
    expect(visitor.get_by_text("Nomor ini tidak berlaku lagi")).to_be_visible()


def test_a_visit_is_booked_for_another_day_and_cancelled(visitor, paths):
    visitor.goto("/layar/antrean/pesan/")
    visitor.get_by_role("navigation", name="Hari kunjungan").get_by_role("link").nth(1).click()
    visitor.locator(".slot input").first.check()
    visitor.get_by_label("Keperluan").select_option("RETUR")
    visitor.get_by_label("Nama lengkap").fill("Siti Rahma")
    visitor.get_by_label("Alamat surel").fill("siti@contoh.invalid")
    visitor.get_by_role("button", name="Pesan jadwal").click()
    expect(visitor.get_by_role("heading", name="Jadwal kunjungan Bapak/Ibu")).to_be_visible()
    visitor.get_by_text("Berhalangan hadir").click()
    visitor.get_by_role("button", name="Batalkan jadwal ini").click()
    expect(visitor.get_by_role("heading", name="Jadwal kunjungan dibatalkan")).to_be_visible()
