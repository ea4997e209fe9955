"""The public form in a real browser: sent once whatever happens, kept while it is typed, and proven to be a person's."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
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
    assert Axe().run(form).violations_count == 0
    form.get_by_role("button", name="Hapus draf").click()
    form.reload()
    assert form.get_by_label(QUESTION).input_value() == ""
    assert form.evaluate("localStorage.length") == 0


def test_a_draft_is_gone_when_it_was_sent(form):
    fill_in(form, "Draf yang dikirim")
    send(form).click()
    form.wait_for_url("**/tanda-terima/")

    assert form.evaluate("localStorage.length") == 0


def test_what_reads_like_a_complaint_is_guided_and_not_forced(form):
    question = form.get_by_label(QUESTION)
    question.fill("Mengapa SP2D kami diretur?")
    assert not form.get_by_text("Sistem Pengelolaan Pengaduan").is_visible()
    question.fill("Saya ingin melaporkan pungli")

    expect(form.get_by_text("Sepertinya ini pengaduan")).to_be_visible()
    expect(form.get_by_text("Sistem Pengelolaan Pengaduan")).to_be_visible()
    assert send(form).is_enabled()
    assert Axe().run(form).violations_count == 0


def test_without_javascript_a_question_is_held_and_an_officer_makes_it_a_consultation(browser, live_desk):
    visitor = browser.new_page(base_url=live_desk.url, java_script_enabled=False)
    visitor.goto(FORM)
    fill_in(visitor, "Tanpa JavaScript")
    attach(visitor)
    send(visitor).click()
    expect(visitor.get_by_role("heading", name="Menunggu pemeriksaan petugas")).to_be_visible()
    reference = visitor.locator("dd strong").inner_text()

    officer = browser.new_page(base_url=live_desk.url)
    officer.goto("/meja/tertahan/")
    officer.get_by_label("Nama pengguna").fill("cso.mataram")
    officer.get_by_label("Kata sandi").fill("peragaan-meja-cso")
    officer.get_by_role("button", name="Masuk").click()
    assert Axe().run(officer).violations_count == 0
    officer.get_by_role("button", name=f"Terima {reference}").click()
    expect(officer.get_by_text(f"Kiriman {reference} menjadi konsultasi")).to_be_visible()

    visitor.reload()
    visitor.get_by_role("link", name="Lacak konsultasi MTR").click()
    expect(visitor.get_by_text("Tanpa JavaScript").first).to_be_visible()
    visitor.close()
    officer.close()
