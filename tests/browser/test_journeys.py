"""The desk's main job on real processes: web, worker and beat, each mail a file."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from config.embedded import within
from tests.samples import pdf

pytestmark = pytest.mark.browser


def ask(page, email, question):
    """Send the public form as somebody of a satker; the number and the address of the tracking page."""
    page.goto("/mataram/konsultasi/")
    page.get_by_label("Bapak/Ibu mewakili").select_option("satker")
    page.get_by_label("Kode satker").fill("005114")
    page.get_by_label("Nama satker").fill("PENGADILAN NEGERI MATARAM")
    page.get_by_label("Nama lengkap").fill("Ni Wayan Sukerti")
    page.get_by_label("Peran/jabatan").fill("Bendahara Pengeluaran")
    page.get_by_label("Alamat surel").fill(email)
    page.get_by_label("Kategori pertanyaan").select_option("RETUR")
    expect(page.get_by_text("Dokumen yang biasanya diperlukan", exact=True)).to_be_visible()
    page.get_by_label("Pertanyaan atau permasalahan").fill(question)
    page.get_by_role("button", name="Kirim pertanyaan").click()
    expect(page.get_by_role("heading", name="Pertanyaan Bapak/Ibu telah kami terima")).to_be_visible()
    number = page.locator(".receipt-number strong").inner_text()
    return number, page.get_by_role("link", name="Buka halaman pelacakan").get_attribute("href")


def open_ticket(page, number):
    page.goto(f"/meja/konsultasi/{number}/")


def test_another_topic_is_asked_without_giving_ones_identity_again(as_somebody):
    email = f"{uuid.uuid4().hex}@satker.invalid"
    stakeholder = as_somebody()
    number, _ = ask(stakeholder, email, "Retur SP2D karena rekening pasif, apa yang harus kami kirim?")

    stakeholder.get_by_role("link", name="Ajukan topik lain").click()
    stakeholder.get_by_label("Kategori pertanyaan").select_option("SAKTI_USER")
    stakeholder.get_by_label("Pertanyaan atau permasalahan").fill("Bagaimana mendaftarkan operator baru?")
    stakeholder.get_by_role("button", name="Kirim pertanyaan").click()
    expect(stakeholder.get_by_role("heading", name="Pertanyaan Bapak/Ibu telah kami terima")).to_be_visible()
    expect(stakeholder.get_by_text("Ni Wayan Sukerti")).to_be_visible()
    expect(stakeholder.locator("dl").get_by_text(number)).to_be_visible()
    assert stakeholder.locator(".receipt-number strong").inner_text() != number


def test_a_question_finds_its_way_to_resolved(as_somebody, mails_to, nothing_amiss, tmp_path):
    email = f"{uuid.uuid4().hex}@satker.invalid"
    stakeholder, officer, head = as_somebody(), as_somebody("cso.mataram"), as_somebody("bank.mataram")

    number, tracking = ask(stakeholder, email, "Retur SP2D karena rekening pasif, apa yang harus kami kirim?")
    nothing_amiss(stakeholder)

    open_ticket(officer, number)
    officer.get_by_role("button", name="Tangani konsultasi ini").click()
    officer.get_by_role("link", name="Minta dokumen").click()
    officer.locator("form.act-form input[type=checkbox]").first.check()
    officer.get_by_role("button", name="Kirim permintaan").click()
    expect(officer.get_by_text("Menunggu dokumen").first).to_be_visible()

    stakeholder.goto(tracking)
    paper = tmp_path / "rekening koran.pdf"
    paper.write_bytes(pdf())
    stakeholder.locator("#dokumen input[type=file]").set_input_files(paper)
    stakeholder.get_by_role("button", name="Kirim dokumen").click()
    expect(stakeholder.locator("#dokumen").get_by_text("rekening koran.pdf")).to_be_visible()
    nothing_amiss(stakeholder)

    open_ticket(officer, number)
    nothing_amiss(officer)
    officer.get_by_role("link", name="Eskalasikan").first.click()
    officer.get_by_label("Alasan eskalasi").fill(
        "Mohon konfirmasi atas rekening yang sudah diaktifkan kembali."
    )
    officer.get_by_role("button", name="Eskalasikan").click()
    expect(officer.locator(".ticket-state").get_by_text("Dieskalasi")).to_be_visible()

    head.goto("/eskalasi/")
    head.get_by_role("link", name=number).first.click()
    head.get_by_label("Arahan").fill("Cukup surat ralat dan SPTJM.")
    nothing_amiss(head)
    head.get_by_role("button", name=re.compile("Kirim arahan|Jawab")).first.click()
    expect(head.get_by_text("Plh. Kepala Seksi Bank").first).to_be_visible()

    open_ticket(officer, number)
    expect(officer.get_by_text("Cukup surat ralat dan SPTJM.").first).to_be_visible()
    officer.get_by_role("link", name="Selesaikan").click()
    officer.get_by_role("textbox", name=re.compile("^Jawaban")).fill(
        "Mohon menyampaikan surat ralat rekening dan SPTJM."
    )
    officer.get_by_role("button", name="Kirim jawaban dan selesaikan").click()
    expect(officer.locator(".ticket-state").get_by_text("Selesai (Resolved)")).to_be_visible()

    stakeholder.goto(tracking)
    expect(stakeholder.get_by_role("heading", name=number).get_by_text("Selesai (Resolved)")).to_be_visible()
    expect(stakeholder.get_by_text("Mohon menyampaikan surat ralat rekening dan SPTJM.")).to_be_visible()
    assert within(30, lambda: len(mails_to(email)) >= 4)
    assert mails_to(email) == [
        "Pertanyaan Bapak/Ibu telah kami terima",
        "Mohon melengkapi dokumen pendukung",
        "Pertanyaan sedang dikonfirmasikan",
        "Selesai (Resolved): jawaban atas pertanyaan Bapak/Ibu",
    ]


def take_down(page, *, source="Loket", received_at=None, outcome):
    page.goto("/meja/konsultasi/baru/")
    page.get_by_label(source, exact=True).check()
    if received_at:
        page.get_by_label("Waktu diterima").fill(received_at)
    page.get_by_label("Nama lengkap").fill("Lalu Hasan Basri")
    page.get_by_label("Jenis stakeholder").select_option("masyarakat")
    page.get_by_label("Nomor telepon").first.fill("081234567890")
    page.get_by_label("Kategori").select_option(label="SPP, SPM, dan SP2D")
    page.get_by_role("textbox", name=re.compile("^Pertanyaan")).fill(
        "SPM kami ditolak, apa yang harus diperbaiki?"
    )
    page.get_by_label(outcome).check()


def test_a_visit_is_answered_at_once(as_somebody, nothing_amiss):
    officer = as_somebody("cso.mataram")
    take_down(officer, outcome="Sudah, selesai di tempat")
    nothing_amiss(officer)
    officer.get_by_label("Jawaban yang disampaikan").fill("Perbaiki uraian SPM, lalu ajukan kembali.")
    officer.get_by_role("button", name="Simpan konsultasi").last.click()
    expect(officer.locator(".ticket-state").get_by_text("Selesai (Resolved)")).to_be_visible()
    expect(officer.get_by_text("Perbaiki uraian SPM, lalu ajukan kembali.").first).to_be_visible()


def test_a_question_noted_down_late_is_marked_and_raised_by_the_worker(
    as_somebody, working_days_ago, mails_to
):
    officer = as_somebody("cso.tanjung-selor")
    before = len(mails_to("kepala.tanjung-selor@desk.invalid"))
    take_down(
        officer, source="Telepon", received_at=working_days_ago(6), outcome="Belum, perlu tindak lanjut"
    )
    officer.get_by_role("button", name="Simpan konsultasi").last.click()
    expect(officer.locator(".ticket-state").get_by_text("Diproses")).to_be_visible()
    assert within(60, lambda: officer.reload() and officer.get_by_text("Tercatat terlambat").count())
    expect(officer.get_by_text("Batas waktu terlewati").first).to_be_visible()
    assert within(30, lambda: len(mails_to("kepala.tanjung-selor@desk.invalid")) > before)
    raised = mails_to("kepala.tanjung-selor@desk.invalid")[before:]
    assert raised == ["TERLAMBAT: batas waktu jawaban terlewati"]
