"""Files on the tracking page: how far they are, what came of them, and that a lost connection stores nothing twice."""

import pytest
from playwright.sync_api import expect

from tests import samples

pytestmark = pytest.mark.browser
PAPER = {"name": "ralat.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()}
DISGUISED = {"name": "ralat.pdf", "mimeType": "application/pdf", "buffer": samples.image("PNG")}
MEGABYTES = {"name": "besar.pdf", "mimeType": "application/pdf", "buffer": samples.pdf() + bytes(3_000_000)}
LOST = "Sambungan terputus."


@pytest.fixture
def paths(in_desk):
    return in_desk("asked_for_documents")


@pytest.fixture
def tracking(page, paths):
    """The page of a question that waits for two documents, whose console stays silent."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.goto(paths["documents"])
    yield page
    assert complaints == []


def document(page, name):
    return page.locator("li.document").filter(has_text=name)


def send_document(page, name, *files):
    document(page, name).locator("input[type=file]").set_input_files(files)
    document(page, name).get_by_role("button", name="Kirim").click()


def test_a_document_sent_shows_the_page_as_it_is_now(tracking):
    address = tracking.url
    send_document(tracking, "Surat ralat", PAPER)

    expect(tracking.get_by_text("Dokumen “Surat ralat” telah kami terima")).to_be_visible()
    expect(document(tracking, "Surat ralat").get_by_role("link", name="ralat.pdf")).to_be_visible()
    assert tracking.url == address
    send_document(tracking, "Rekening koran", PAPER)
    expect(tracking.get_by_text("Dokumen “Rekening koran” telah kami terima")).to_be_visible()


def test_a_refused_document_is_explained_beside_its_item_and_can_be_replaced(tracking):
    for _ in range(2):
        send_document(tracking, "Rekening koran", DISGUISED)
        expect(document(tracking, "Rekening koran").get_by_role("alert")).to_be_focused()
        expect(document(tracking, "Surat ralat").get_by_role("alert")).to_have_count(0)
    tracking.reload()
    expect(document(tracking, "Rekening koran").get_by_role("alert")).to_have_count(0)


def test_how_far_the_files_are_is_shown_beside_their_own_form(tracking):
    session = tracking.context.new_cdp_session(tracking)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1_000_000}
    session.send("Network.emulateNetworkConditions", slow)
    send_document(tracking, "Surat ralat", MEGABYTES)

    expect(
        document(tracking, "Surat ralat").get_by_role("progressbar", name="Berkas terkirim")
    ).to_be_visible()
    expect(document(tracking, "Surat ralat").get_by_role("status")).to_have_text("Mengirim berkas …")
    expect(document(tracking, "Rekening koran").get_by_role("progressbar")).to_be_hidden()
    expect(tracking.get_by_text("Dokumen “Surat ralat” telah kami terima")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "opened_by", "button"),
    [
        ("documents", "Tulis pesan kepada petugas", "Kirim pesan"),
        ("answered", "Belum terjawab? Buka kembali konsultasi", "Buka kembali"),
    ],
)
def test_a_message_whose_answer_is_lost_is_recorded_once(page, paths, path, opened_by, button):
    page.goto(paths[path])
    page.get_by_text(opened_by).click()
    page.get_by_label("Pesan").fill("Terlampir ralatnya.")
    form = page.locator("#pesan")
    form.locator("input[type=file]").set_input_files([PAPER])

    def lose_the_answer(route):
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route(f"**{paths[path]}*/", lose_the_answer)
    form.get_by_role("button", name=button).click()
    expect(form.get_by_role("status")).to_contain_text(LOST)
    page.unroute(f"**{paths[path]}*/")
    form.get_by_role("button", name=button).click()

    expect(page.locator("#messages .alert-success").first).to_be_visible()
    expect(page.locator("#riwayat").get_by_text("Terlampir ralatnya.")).to_have_count(1)


def test_a_fault_leaves_what_was_written_and_chosen(tracking):
    tracking.route("**/balas/", lambda route: route.fulfill(status=500, body="<h1>Terjadi gangguan</h1>"))
    tracking.get_by_text("Tulis pesan kepada petugas").click()
    tracking.get_by_label("Pesan").fill("Terlampir ralatnya.")
    form = tracking.locator("#pesan")
    form.locator("input[type=file]").set_input_files([PAPER])
    form.get_by_role("button", name="Kirim pesan").click()

    expect(form.get_by_role("status")).to_contain_text("Terjadi gangguan.")
    expect(tracking.get_by_label("Pesan")).to_have_value("Terlampir ralatnya.")
    tracking.unroute("**/balas/")
    form.get_by_role("button", name="Kirim pesan").click()
    expect(tracking.get_by_text("Pesan Bapak/Ibu telah kami terima")).to_be_visible()


def test_the_form_that_comes_back_after_too_many_sendings_is_shown(tracking):
    tracking.route("**/unggah/**", lambda route: route.fulfill(response=route.fetch(), status=429))
    send_document(tracking, "Rekening koran", DISGUISED)

    expect(document(tracking, "Rekening koran").get_by_role("alert")).to_be_focused()


@pytest.mark.parametrize(
    ("status", "advice"), [(403, "muat ulang halaman"), (413, "perkecil"), (429, "satu jam lagi")]
)
def test_a_fault_that_sending_again_does_not_mend_says_what_does(tracking, status, advice):
    tracking.route("**/unggah/**", lambda route: route.fulfill(status=status, body="<h1>Belum diterima</h1>"))
    send_document(tracking, "Surat ralat", PAPER)

    said = document(tracking, "Surat ralat").get_by_role("status")
    expect(said).to_contain_text(advice)
    expect(said).not_to_contain_text("silakan kirim kembali", ignore_case=True)


def test_a_message_stopped_on_its_way_can_be_sent_again_after_a_while(tracking):
    sendings = []

    def stop(route):
        sendings.append(route.request)
        route.fulfill(status=204)  # leaves the page as it is, as the browser's Stop does

    tracking.clock.install()
    tracking.reload()
    tracking.route("**/balas/", stop)
    tracking.get_by_text("Tulis pesan kepada petugas").click()
    tracking.get_by_label("Pesan").fill("Mohon kabarnya.")
    form = tracking.locator("#pesan form")
    button = form.get_by_role("button", name="Kirim pesan")
    button.click()
    button.click()
    expect(form).to_have_attribute("aria-busy", "true")
    assert len(sendings) == 1

    tracking.clock.run_for(15_000)
    button.click()
    expect(form).to_have_attribute("aria-busy", "true")
    assert len(sendings) == 2
