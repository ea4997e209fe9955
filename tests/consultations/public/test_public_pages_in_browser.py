"""The stakeholder's pages in a real browser: what scripts add, what the headers allow, and whom they shut out."""

import pytest

from tests import samples

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
    yield page
    assert complaints == []


def fill_in(page):
    page.goto("/mataram/konsultasi/")
    page.get_by_label("Bapak/Ibu mewakili").select_option("masyarakat")
    page.get_by_label("Nama lengkap").fill("Siti Rahma")
    page.get_by_label("Alamat surel").fill("siti@contoh.id")
    page.get_by_label("Kategori pertanyaan").select_option("RETUR")
    page.get_by_label("Pertanyaan atau permasalahan").fill("Mengapa SP2D kami diretur?")


def test_a_question_is_asked_followed_and_added_to(visitor):
    fill_in(visitor)
    visitor.get_by_text("Surat pemberitahuan retur SP2D").wait_for()
    visitor.get_by_role("button", name="Kirim pertanyaan").click()
    visitor.wait_for_url("**/tanda-terima/")
    assert visitor.get_by_role("button", name="Cetak tanda terima").is_visible()

    visitor.get_by_role("link", name="Buka halaman pelacakan").click()
    visitor.get_by_text("Tulis pesan kepada petugas").click()
    visitor.get_by_label("Pesan").fill("Nomor SP2D 123.")
    visitor.get_by_role("button", name="Kirim pesan").click()
    visitor.get_by_text("Pesan Bapak/Ibu telah kami terima").wait_for()


def test_a_refused_form_leads_to_its_errors_and_keeps_what_was_typed(visitor):
    fill_in(visitor)
    visitor.get_by_label("Alamat surel").fill("siti")
    visitor.get_by_label("Berkas pendukung").set_input_files(
        [{"name": "surat.pdf", "mimeType": "application/pdf", "buffer": samples.image("PNG")}]
    )
    visitor.get_by_role("button", name="Kirim pertanyaan").click()

    visitor.get_by_role("link", name="“surat.pdf”: Isi berkas adalah PNG").wait_for()
    assert visitor.get_by_label("Pertanyaan atau permasalahan").input_value() == "Mengapa SP2D kami diretur?"


def test_only_what_fits_the_kind_of_stakeholder_is_shown(page, live_desk):
    page.goto("/mataram/konsultasi/")
    kind = page.get_by_label("Bapak/Ibu mewakili")
    for chosen, shown in (("satker", "Kode satker"), ("pemda", "Nama instansi"), ("masyarakat", None)):
        kind.select_option(chosen)
        for label in ("Kode satker", "Nama instansi"):
            assert page.get_by_label(label).is_visible() is (label == shown)
