"""Public answers in a real browser: found while asking, read on a phone, published at the desk."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from demo.accounts import PASSWORD

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def visitor(page, request):
    """A page whose console must stay silent: the Content-Security-Policy speaks there."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.set_viewport_size(request.param)
    page.set_default_timeout(15_000)
    yield page
    assert complaints == []


def is_fit(page):
    """No barrier that axe can find, and nothing wider than the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_answer_is_found_read_and_said_to_help(visitor):
    visitor.goto("/mataram/")
    visitor.get_by_role("link", name="Tanya jawab").first.click()
    visitor.get_by_label("Kata atau nomor peraturan").fill("PMK No. 62/PMK.05/2023")
    visitor.get_by_role("button", name="Cari").click()
    visitor.get_by_role("link", name="Kapan tambahan uang persediaan").click()
    visitor.get_by_role("button", name="Ya, pertanyaan saya terjawab").click()
    visitor.get_by_text("Terima kasih.").wait_for()
    is_fit(visitor)


def test_while_a_question_is_written_its_answer_comes_up_and_nothing_typed_is_lost(visitor):
    visitor.goto("/tanjung-selor/konsultasi/")
    visitor.get_by_label("Nama lengkap").fill("Siti Rahma")
    question = visitor.get_by_label("Pertanyaan atau permasalahan")
    with visitor.expect_request("**/mirip/") as asked:
        question.press_sequentially("SP2D kami diretur bank, bagaimana?")
    assert asked.value.post_data.startswith("question=")
    assert "Siti" not in asked.value.post_data
    visitor.get_by_text("Apakah ini menjawab pertanyaan Bapak/Ibu?").wait_for()
    visitor.locator("summary", has_text="SP2D satker kami diretur bank").click()
    with visitor.expect_request("**/membantu/") as helped:
        visitor.get_by_role("button", name="Ya, pertanyaan saya terjawab").first.click()
    assert not helped.value.post_data
    visitor.get_by_text("senang dapat membantu").wait_for()
    assert question.input_value() == "SP2D kami diretur bank, bagaimana?"
    assert visitor.get_by_label("Nama lengkap").input_value() == "Siti Rahma"
    is_fit(visitor)


def test_without_scripts_answers_are_searched_read_and_thanked_for(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/mataram/tanya-jawab/")
    page.get_by_label("Kata atau nomor peraturan").fill("otp sakti")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="OTP SAKTI tidak masuk").click()
    page.get_by_role("button", name="Ya, pertanyaan saya terjawab").click()
    page.get_by_text("Terima kasih.").wait_for()


def test_an_officer_publishes_what_tells_nobody_and_takes_it_back(visitor, request):
    visitor.goto("/masuk/")
    visitor.get_by_label("Nama pengguna").fill("cso.tanjung-selor")
    visitor.get_by_label("Kata sandi").fill(PASSWORD)
    visitor.get_by_role("button", name="Masuk").click()
    expect(visitor).to_have_url(re.compile("/meja/"))
    visitor.goto("/meja/konsultasi/?status=closed")
    visitor.locator(".row-number a").first.click()
    visitor.get_by_role("link", name="Terbitkan sebagai tanya jawab").click()
    visitor.get_by_label("Pertanyaan*").fill("Apa langkah pertama bila kiriman ditolak?")
    visitor.get_by_label("Jawaban singkat").fill("Hubungi Pak Budi Santoso.")
    visitor.get_by_label("Jawaban lengkap").fill("Baca alasan penolakan, perbaiki, lalu kirim ulang.")
    visitor.get_by_role("button", name="Periksa").click()
    is_fit(visitor)
    visitor.get_by_role("button", name="Terbitkan", exact=True).click()
    visitor.get_by_text("Masih ada bagian yang dapat mengungkap identitas orang").first.wait_for()
    is_fit(visitor)
    visitor.get_by_label("Jawaban singkat").fill("Baca alasan penolakannya.")
    visitor.get_by_role("button", name="Periksa").click()
    visitor.get_by_role("button", name="Terbitkan", exact=True).click()
    visitor.get_by_text("Tanya jawab telah diterbitkan.").wait_for()
    is_fit(visitor)
    visitor.get_by_label("Alasan ditarik").fill("Hanya percobaan")
    visitor.get_by_role("button", name="Tarik tanya jawab ini").click()
    visitor.get_by_text("tidak lagi ditampilkan kepada publik").wait_for()
    is_fit(visitor)
    visitor.goto("/meja/tanya-jawab/?keadaan=ditarik")
    is_fit(visitor)
