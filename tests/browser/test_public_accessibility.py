"""Every page for visitors, in every state it can be in, on a desk's screen and on a phone.

No barrier that axe finds, nothing wider than the screen, and nothing for the console to complain about.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import samples

pytestmark = pytest.mark.browser
SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True},
}
AS_THEY_OPEN = (
    "list of offices",
    "office",
    "office without figures",
    "sign-in",
    "nothing there",
    "too many tries",
    "form",
    "receipt",
    "another topic",
    "held, waiting",
    "held, accepted",
    "held, rejected",
    "find",
    "tracking, new",
    "tracking, in progress, with long words",
    "tracking, awaiting documents",
    "tracking, escalated",
    "tracking, late",
    "tracking, resolved",
    "tracking, resolved late",
    "tracking, resolved and rated",
    "rating",
    "tracking, reopened",
    "tracking, closed",
    "tracking, referred",
    "tracking, cancelled",
    "correspondence, with long words",
    "correspondence, with documents",
    "my consultations",
    "my consultations, older",
    "my consultations, none",
    "answers",
    "answers, none yet",
    "answers, found",
    "answers, nothing found",
    "answer",
    "answer, expired",
    "answer, withdrawn",
    "survey",
    "survey, invited",
    "survey, thanks",
    "survey, results",
    "survey, no results",
    "kiosk",
    "kiosk, closed",
    "slip",
    "number, waiting",
    "number, called",
    "number, done",
    "number, left",
    "number, of yesterday",
    "booking form",
    "booking",
    "booking, cancelled",
    "board",
    "board, nobody called",
)


@pytest.fixture(scope="session")  # made once, in whatever order tests run
def addresses(in_desk):
    return in_desk("everything")


@pytest.fixture(scope="module", params=SCREENS)
def screen(request, browser, browser_context_args):
    """One page for all states, and what its console complained about since it was last asked."""
    with browser.new_context(**browser_context_args, **SCREENS[request.param]) as context:
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: note_complaint(page, said))
        yield page


def note_complaint(page, said):
    """An error, unless it tells of the page's own status, or of a refused form's, which both have by right."""
    if said.type == "error" and said.location["url"] != page.url and "status of 422" not in said.text:
        page.complaints.append(said.text)


@pytest.fixture
def page(screen):
    screen.complaints.clear()
    return screen


def is_fit(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.complaints == []


@pytest.mark.parametrize("state", AS_THEY_OPEN)
def test_a_page_as_it_opens(page, addresses, state):
    page.goto(addresses[state])
    is_fit(page)


def test_no_page_is_left_out(addresses):
    assert set(addresses) == set(AS_THEY_OPEN)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def refuse_empty_question(page):
    press(page, "Kirim pertanyaan")


def fill_question(page):
    page.get_by_label("Bapak/Ibu mewakili").select_option("satker")
    page.get_by_label("Kategori pertanyaan").select_option("RETUR")
    page.get_by_text("Dokumen yang biasanya diperlukan", exact=True).wait_for()
    page.get_by_label("Pertanyaan atau permasalahan").press_sequentially("Mengapa SP2D diretur?")
    page.locator("summary", has_text="Mengapa SP2D diretur").first.click()
    page.get_by_label("Pertanyaan atau permasalahan").fill(
        "Saya ingin melaporkan pungli. Mengapa SP2D diretur?"
    )
    page.get_by_text("Sepertinya ini pengaduan").wait_for()


def refuse_file(page):
    document = {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": samples.image("PNG")}
    page.locator("li.document input[type=file]").first.set_input_files([document])
    page.locator("li.document button").first.click()


def refuse_message(page):
    page.locator("#pesan summary").click()
    page.locator("#pesan button").click()


def find(page):
    page.get_by_label("Nomor konsultasi").fill("LYR-2026-000001")
    page.get_by_label("Surel atau nomor telepon yang dicantumkan").fill("bukan@contoh.id")
    press(page, "Kirim tautan")


REFUSED = "[role=alert]"
WORKED = {
    "form, refused": ("form", refuse_empty_question, REFUSED),
    "form, filled": ("form", fill_question, "details.similar[open]"),
    "another topic, refused": ("another topic", refuse_empty_question, REFUSED),
    "find, refused": ("find", lambda page: press(page, "Kirim tautan"), REFUSED),
    "find, sent": ("find", find, ".alert-info"),
    "tracking, refused file": ("tracking, awaiting documents", refuse_file, REFUSED),
    "tracking, refused message": ("tracking, new", refuse_message, REFUSED),
    "tracking, refused reopening": ("tracking, resolved", refuse_message, REFUSED),
    "tracking, refused further question": ("tracking, closed", refuse_message, REFUSED),
    "rating, refused": ("rating", lambda page: press(page, "Kirim penilaian"), REFUSED),
    "survey, refused": ("survey", lambda page: press(page, "Kirim jawaban"), REFUSED),
    "kiosk, refused": ("kiosk", lambda page: press(page, "Ambil nomor"), REFUSED),
    "booking, refused": ("booking form", lambda page: press(page, "Pesan jadwal"), REFUSED),
    "sign-in, refused": ("sign-in", lambda page: press(page, "Masuk"), REFUSED),
}


@pytest.mark.parametrize("state", WORKED)
def test_a_page_that_was_worked_on(page, addresses, state):
    address, work, then = WORKED[state]
    page.goto(addresses[address])
    work(page)
    expect(page.locator(then).first).to_be_visible()
    is_fit(page)
