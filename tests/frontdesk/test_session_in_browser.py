"""The officer's screen in Chromium: by keyboard alone, through a lost server, a crash and a second tab."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from config import embedded
from demo.accounts import PASSWORD

pytestmark = pytest.mark.browser
QUESTION = "Mengapa SP2D honor kami diretur oleh bank?"
STATUS = "[data-desk-draft-status]"
ALERT = "[data-desk-draft-alert]"


@pytest.fixture
def context_of(new_context):
    """A browser where an officer is signed in."""

    def sign_in(username):
        context = new_context()
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.goto("/masuk/")
        page.get_by_label("Nama pengguna").fill(username)
        page.get_by_label("Kata sandi").fill(PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        expect(page).to_have_url(re.compile("/meja/"))
        return context

    return sign_in


@pytest.fixture
def officer(context_of):
    """The officer's browser, serving somebody without a number; the session is ended afterwards."""
    context = context_of("cso.mataram")
    page = context.pages[0]
    page.goto("/meja/sesi/")
    running = page.get_by_role("link", name=re.compile("Lanjutkan sesi"))
    (running if running.count() else page.get_by_role("button", name="Layani tanpa nomor")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("nomor")
    yield context
    last = context.pages[-1]
    context.set_offline(False)
    last.goto("/meja/sesi/")
    if last.get_by_role("link", name=re.compile("Lanjutkan sesi")).count():
        last.get_by_role("link", name=re.compile("Lanjutkan sesi")).click()
        for field in ("#id_name", "#id_question"):
            last.locator(field).fill("")
        last.get_by_label("Tidak jadi dilayani").check()
        last.locator("#simpan").click()
        expect(last.get_by_role("heading", level=1)).to_have_text("Tidak jadi dilayani")


def fill(page):
    page.get_by_label("Nama lengkap").fill("Lalu Hasan Basri")
    page.get_by_label("Jenis stakeholder").select_option("masyarakat")
    page.get_by_label("Nomor telepon").first.fill("081234567890")
    page.get_by_label("Kategori").select_option(label="Retur SP2D")
    page.locator("#id_question").fill(QUESTION)


def saved(page):
    expect(page.locator(STATUS)).to_contain_text(re.compile(r"Tersimpan pukul \d\d\.\d\d"))


def save_name(page, name):
    """Type a name and wait until the server has it, whatever was saved before."""
    with page.expect_response(lambda answer: answer.url.endswith("/draf/") and answer.ok):
        page.get_by_label("Nama lengkap").fill(name)


def local_copies(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('desk-draft-'))")


def tab_to(page, selector):
    """Press Tab until an element has the focus, which must be visible on it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    pytest.fail(f"Tab never reached {selector}")


def test_keyboard_alone_serves_a_visitor_to_resolved(officer):
    page = officer.pages[0]
    page.keyboard.press("Alt+c")
    page.keyboard.type("lalu", delay=40)
    expect(page.locator("button.match").first).to_be_visible()
    tab_to(page, "button.match")
    page.keyboard.press("Enter")
    expect(page.locator("#identity")).to_be_focused()
    expect(page.get_by_label("Nama lengkap")).to_have_value(re.compile("Lalu"))
    tab_to(page, "#id_category")
    page.keyboard.type("Retur")
    page.keyboard.press("Alt+p")
    expect(page.locator("#id_question")).to_be_focused()
    page.keyboard.type(QUESTION)
    expect(page.locator("#similar a").first).to_be_visible()
    page.keyboard.press("Alt+r")
    expect(page.locator("#cari-peraturan")).to_be_focused()
    tab_to(page, "#regulations input")
    page.keyboard.press("Space")
    page.keyboard.press("Alt+h")
    page.keyboard.press("Space")
    tab_to(page, "#id_answer")
    page.keyboard.type("Mohon menyampaikan surat ralat rekening.")
    page.keyboard.press("Alt+s")
    expect(page.locator("#hasil")).to_be_focused()
    expect(page.get_by_text("Status konsultasi: Selesai (Resolved)")).to_be_visible()
    page.keyboard.press("Alt+a")
    expect(page).to_have_url(re.compile("/meja/antrean/"))


@pytest.fixture
def slow_scripts(officer):
    """The session's page as it is seen while its deferred scripts are still on their way; calling it lets them come."""
    page, scripts = officer.pages[0], re.compile(r"/static/(?!js/key_presses).*\.js$")
    waiting = []
    page.route(scripts, lambda route: waiting.append(route))  # noqa: PLW0108 (Playwright marks its handlers)
    page.reload(wait_until="commit")
    expect(page.locator("#simpan")).to_be_visible()
    assert waiting
    return lambda: page.unroute(scripts)  # which lets them go on


def test_what_is_pressed_and_typed_before_the_scripts_came_is_done_once_they_have(officer, slow_scripts):
    page = officer.pages[0]
    page.keyboard.press("Alt+p")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Alt+c")
    page.keyboard.type("lalu")
    slow_scripts()
    expect(page.locator("button.match").first).to_be_visible()
    saved(page)
    page.reload()
    expect(page.locator("#id_question")).to_have_value(QUESTION)


def test_a_lost_server_loses_nothing_and_the_end_is_sent_once(officer):
    page = officer.pages[0]
    fill(page)
    saved(page)
    officer.set_offline(True)
    page.locator("#id_question").fill(f"{QUESTION} Sudah dua kali.")
    expect(page.locator(ALERT)).to_contain_text("Tersimpan di peramban, dikirim saat tersambung")
    assert len(local_copies(page)) == 1
    page.get_by_label("Perlu tindak lanjut").check()
    page.locator("#simpan").click()
    page.locator("#simpan").click()
    expect(page.locator(ALERT)).to_contain_text("Sesi akan diakhiri begitu tersambung kembali")
    officer.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Perlu tindak lanjut")
    expect(page.get_by_text("batas waktu jawaban")).to_be_visible()
    assert local_copies(page) == []
    page.get_by_role("link", name="Buka konsultasi").click()
    expect(page.get_by_text("Sudah dua kali.").first).to_be_visible()


def test_what_is_typed_while_the_server_hangs_is_kept_in_the_browser(officer):
    page = officer.pages[0]
    page.route("**/draf/", lambda _: None)
    with page.expect_request("**/draf/"):
        fill(page)
    page.locator("#id_question").fill("Ditulis saat server tidak menjawab.")
    kept = "Object.entries(localStorage).find(([key]) => key.startsWith('desk-draft-'))?.[1] ?? ''"
    assert "tidak+menjawab" in page.evaluate(kept)
    # The page gives the server eight seconds first.
    expect(page.locator(ALERT)).to_contain_text(
        "Tersimpan di peramban, dikirim saat tersambung", timeout=30_000
    )
    assert "tidak+menjawab" in page.evaluate(kept)
    page.unroute("**/draf/")
    saved(page)
    assert embedded.within(20, lambda: local_copies(page) == [])
    page.reload()
    expect(page.locator("#id_question")).to_have_value("Ditulis saat server tidak menjawab.")


def test_an_answer_that_was_lost_on_its_way_holds_up_nothing(officer):
    page = officer.pages[0]

    def cut_off(route):
        route.fetch()
        route.fulfill(status=200, content_type="text/html", body="<html>Gateway")

    page.route("**/draf/", cut_off)
    fill(page)
    expect(page.locator(ALERT)).to_contain_text("Tersimpan di peramban, dikirim saat tersambung")
    page.locator("#id_question").fill(f"{QUESTION} Sudah dua kali.")
    page.unroute("**/draf/")
    saved(page)
    expect(page.locator(ALERT)).to_be_hidden()
    page.get_by_label("Perlu tindak lanjut").check()
    page.locator("#simpan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Perlu tindak lanjut")


def test_a_crashed_browser_finds_everything_again(officer):
    page = officer.pages[0]
    fill(page)
    saved(page)
    address = page.url
    officer.set_offline(True)
    page.locator("#id_question").fill("Ditulis saat server tidak terjangkau.")
    expect(page.locator(ALERT)).to_contain_text("Tersimpan di peramban")
    page.close()
    officer.set_offline(False)
    again = officer.new_page()
    again.goto(address)
    expect(again.locator("#id_question")).to_have_value("Ditulis saat server tidak terjangkau.")
    expect(again.get_by_label("Nama lengkap")).to_have_value("Lalu Hasan Basri")
    assert local_copies(again) == []


def test_the_older_of_two_tabs_is_told_and_chooses(officer):
    older = officer.pages[0]
    newer = officer.new_page()
    newer.goto(older.url)
    save_name(newer, "Dari tab baru")
    older.get_by_label("Nama lengkap").fill("Dari tab lama")
    expect(older.locator(ALERT)).to_contain_text("diubah di tab lain")
    assert not Axe().run(older).violations_count
    older.get_by_role("button", name="Muat isian terbaru").click()
    expect(older.get_by_label("Nama lengkap")).to_have_value("Dari tab baru")
    save_name(newer, "Tab baru sekali lagi")
    older.get_by_label("Nama lengkap").fill("Yang ini")
    older.get_by_role("button", name="Pakai isian di layar ini").click()
    saved(older)
    older.reload()
    expect(older.get_by_label("Nama lengkap")).to_have_value("Yang ini")


def test_the_minutes_follow_the_server_whatever_the_computers_clock_says(officer, live_desk):
    page = officer.pages[0]
    page.add_init_script("Date.now = () => 0; const Real = Date; Date = class extends Real {};")
    page.reload()
    expect(page.locator(".session-time")).to_have_text(re.compile(r"0\d\.\d\d"))
    clock = page.locator(".session-clock")
    page.route(
        re.compile(r"/meja/sesi/\d+/$"),
        lambda route: route.fulfill(
            body=sixteen_minutes_later(route.fetch().text()), content_type="text/html"
        ),
    )
    page.reload()
    expect(clock).to_have_class(re.compile("session-warning"))
    expect(page.locator(".session-state")).to_have_text("Sudah 15 menit")


def sixteen_minutes_later(html):
    """The page as the server would send it sixteen minutes on."""
    moment = re.compile(r'data-desk-session-now="(\d+)"')
    return moment.sub(lambda found: f'data-desk-session-now="{int(found[1]) + 16 * 60_000}"', html)


def test_nothing_is_amiss_on_a_computer_or_a_phone(officer):
    page = officer.pages[0]
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for outcome in ("Selesai (Resolved) di tempat", "Dokumen diminta", "Dirujuk ke instansi lain"):
            page.get_by_label(outcome).check()
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
