"""The public form in a real browser: sent once whatever happens, kept while it is typed, and proven to be a person's."""

import re

import pytest
from playwright.sync_api import expect

from tests import samples

pytestmark = pytest.mark.browser
FORM = "/mataram/konsultasi/"
QUESTION = "Pertanyaan atau permasalahan"


@pytest.fixture
def form(page):
    """The form of a phone, whose console stays silent."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(FORM)
    yield page
    assert complaints == []


def fill_in(page, question):
    page.get_by_label("Bapak/Ibu mewakili").select_option("masyarakat")
    page.get_by_label("Nama lengkap").fill("Siti Rahma")
    page.get_by_label("Alamat surel").fill("siti@contoh.id")
    page.get_by_label("Kategori pertanyaan").select_option("RETUR")
    page.get_by_label(QUESTION).fill(question)


def attach(page):
    page.get_by_label("Berkas pendukung").set_input_files(
        [
            {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()},
            {"name": "layar.png", "mimeType": "image/png", "buffer": samples.image("PNG")},
        ]
    )


def asked(live_desk, question):
    counted = f"from consultations.models import Consultation as C; print(C.objects.filter(question={question!r}).count())"
    return int(live_desk.manage("shell", "--no-imports", "--command", counted).split()[-1])


def send(page):
    return page.get_by_role("button", name="Kirim pertanyaan")


def test_five_clicks_ask_one_question(form, live_desk):
    fill_in(form, "Apakah lima ketukan satu pertanyaan?")
    form.evaluate("button => { for (let n = 0; n < 5; n++) button.click(); }", send(form).element_handle())

    form.wait_for_url("**/tanda-terima/")
    assert asked(live_desk, "Apakah lima ketukan satu pertanyaan?") == 1


def test_a_connection_that_dies_after_sending_asks_one_question(form, live_desk):
    """The server has it, the answer never arrives; sent again, it leads to the same receipt."""
    receipts = []

    def lose_the_answer(route):
        if route.request.method != "POST":
            route.continue_()
            return
        receipts.append(route.fetch(max_redirects=0).headers["location"])
        route.abort("connectionreset")

    fill_in(form, "Apakah sambungan putus satu pertanyaan?")
    attach(form)
    form.route(f"**{FORM}", lose_the_answer)
    send(form).click()
    expect(form.get_by_text("Sambungan terputus")).to_be_visible()
    form.unroute(f"**{FORM}")
    send(form).click()

    form.wait_for_url("**/tanda-terima/")
    assert receipts == [re.sub(r"^https?://[^/]+", "", form.url)]
    assert asked(live_desk, "Apakah sambungan putus satu pertanyaan?") == 1


def test_a_refused_file_comes_back_as_the_form_with_its_errors(form):
    fill_in(form, "Apakah berkas ini benar?")
    form.get_by_label("Berkas pendukung").set_input_files(
        [{"name": "surat.pdf", "mimeType": "application/pdf", "buffer": samples.image("PNG")}]
    )
    send(form).click()

    form.get_by_role("link", name="“surat.pdf”: Isi berkas adalah PNG").wait_for()
    assert form.get_by_label(QUESTION).input_value() == "Apakah berkas ini benar?"


def test_a_draft_comes_back_until_it_is_deleted(form):
    fill_in(form, "Belum selesai saya tulis")
    form.reload()

    assert form.get_by_label(QUESTION).input_value() == "Belum selesai saya tulis"
    expect(form.get_by_text("Surat pemberitahuan retur SP2D")).to_be_visible()
    form.get_by_role("button", name="Hapus draf").click()
    form.reload()
    assert form.get_by_label(QUESTION).input_value() == ""
    assert form.evaluate("localStorage.length") == 0


def test_a_draft_is_gone_when_it_was_sent(form):
    fill_in(form, "Draf yang dikirim")
    send(form).click()
    form.wait_for_url("**/tanda-terima/")

    assert form.evaluate("localStorage.length") == 0


def test_an_old_receipt_leaves_the_draft_of_a_question_that_was_refused(form):
    fill_in(form, "Sudah dikirim")
    send(form).click()
    form.wait_for_url("**/tanda-terima/")
    receipt = form.url
    form.goto(FORM)
    fill_in(form, "Belum terkirim")
    form.get_by_label("Alamat surel").fill("siti")
    send(form).click()
    expect(form.get_by_role("alert")).to_be_focused()
    form.goto(receipt)
    form.goto(FORM)

    expect(form.get_by_label(QUESTION)).to_have_value("Belum terkirim")


def test_what_reads_like_a_complaint_is_guided_and_not_forced(form):
    question = form.get_by_label(QUESTION)
    question.fill("Mengapa SP2D kami diretur?")
    assert not form.get_by_text("Sistem Pengelolaan Pengaduan").is_visible()
    question.fill("Saya ingin melaporkan pungli")

    expect(form.get_by_text("Sepertinya ini pengaduan")).to_be_visible()
    expect(form.get_by_text("Sistem Pengelolaan Pengaduan")).to_be_visible()
    assert send(form).is_enabled()


@pytest.mark.parametrize(
    ("category", "channel"),
    [
        ("PENGADUAN", "Sepertinya ini pengaduan"),
        ("INFORMASI_PUBLIK", "Sepertinya ini permohonan informasi publik"),
        ("PAJAK", "Sepertinya ini urusan wajib pajak"),
    ],
)
def test_a_category_of_another_channel_names_that_channel(form, category, channel):
    form.get_by_label("Kategori pertanyaan").select_option(category)
    expect(form.get_by_text(channel)).to_be_visible()
    assert send(form).is_enabled()


def test_spam_is_ticked_and_rejected_by_keyboard(browser, live_desk):
    visitor = browser.new_page(base_url=live_desk.url, java_script_enabled=False)
    for number in (1, 2):
        visitor.goto(FORM)
        fill_in(visitor, f"Promo nomor {number}")
        send(visitor).click()
        expect(visitor.get_by_role("heading", name="Menunggu pemeriksaan petugas")).to_be_visible()
    officer = browser.new_page(base_url=live_desk.url)
    officer.goto("/meja/tertahan/")
    officer.get_by_label("Nama pengguna").fill("cso.mataram")
    officer.get_by_label("Kata sandi").fill("peragaan-meja-cso")
    officer.get_by_label("Kata sandi").press("Enter")
    expect(officer.get_by_text("Promo nomor 2")).to_be_visible()

    officer.wait_for_load_state()
    officer.keyboard.press("Alt+a")
    expect(officer.get_by_text(re.compile("^[1-9][0-9]* dipilih"))).to_be_visible()
    officer.keyboard.press("Alt+t")
    expect(officer.get_by_label("Alasan penolakan")).to_be_focused()
    officer.keyboard.type("Iklan, bukan pertanyaan.")
    officer.keyboard.press("Enter")
    expect(officer.get_by_text("kiriman ditolak.")).to_be_visible()
    expect(officer.get_by_text("Promo nomor 2")).to_have_count(0)
    visitor.reload()
    expect(visitor.get_by_text("Iklan, bukan pertanyaan.")).to_be_visible()
    visitor.close()
    officer.close()
