"""The queue on real processes: a visitor's phone, the kiosk's slip, and an officer who uses the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from config import embedded

pytestmark = pytest.mark.browser
SIZES = [{"width": 390, "height": 844}, {"width": 1280, "height": 900}]
STRIP_58_MM = {"width": 204, "height": 500}  # what 58 mm leave between the margins
NOBODY_THERE_BUT_OPEN = """
from datetime import time
from django.utils import timezone
from frontdesk import calls
from frontdesk.enums import PRESENT
from frontdesk.models import CounterShift, QueueTicket
from offices.models import Holiday, Office, ServiceHours
office = Office.objects.get(slug="tanjung-selor")
for weekday in range(7):
    ServiceHours.objects.update_or_create(office=office, service="tatap_muka", weekday=weekday,
        defaults={"opens_at": time(0), "closes_at": time(23, 59, 59)})
Holiday.objects.update_or_create(office=office, date=office.local_date(timezone.now()),
    defaults={"kind": "hari_kerja_khusus", "name": "Uji"})
now = timezone.now()
for ticket in QueueTicket.objects.on(office, office.local_date(now)).filter(status__in=PRESENT):
    calls.leave(ticket, now=now)
CounterShift.objects.filter(counter__office=office, closed_at=None).update(closed_at=now)
"""


@pytest.fixture(scope="module", autouse=True)
def open_queue(live_desk):
    """The desk's queue is open at whatever hour the tests run, and nobody waits or serves."""
    live_desk.manage("shell", "--verbosity", "0", "-c", NOBODY_THERE_BUT_OPEN)


@pytest.fixture
def fits(nothing_amiss):
    """On a phone and on a desk's screen: no barrier, and nothing wider than the screen."""

    def check(page):
        before = page.viewport_size
        for size in SIZES:
            page.set_viewport_size(size)
            nothing_amiss(page)
            assert page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            )
        page.set_viewport_size(before)

    return check


@pytest.fixture
def take_number(as_somebody):
    """A visitor who has just taken a number for a returned SP2D, on the page of the slip."""

    def visitor():
        page = as_somebody()
        page.goto("/tanjung-selor/antrean/")
        page.get_by_label("Retur SP2D").check()
        page.get_by_role("button", name="Ambil nomor").click()
        page.wait_for_url("**/karcis/")
        return page

    return visitor


@pytest.fixture
def officer(as_somebody):
    """A receptionist at counter 1, with nobody there: whoever runs the queue and answers nothing."""
    page = as_somebody("resepsionis.tanjung-selor")
    page.goto("/meja/antrean/")
    if page.get_by_role("button", name="Buka Loket 1").count():
        page.get_by_role("button", name="Buka Loket 1").click()
    expect(page.get_by_role("button", name="Panggil berikutnya")).to_be_visible()
    yield page
    page.goto("/meja/antrean/")
    begin = page.get_by_role("button", name="Layani", exact=False).or_(
        page.get_by_role("link", name="Lanjutkan sesi")
    )
    if page.locator(".counter-number").count():
        begin.click()
        record(page)
    if page.get_by_role("button", name="Tutup loket").count():
        page.get_by_role("button", name="Tutup loket").click()
        page.wait_for_load_state()


def record(page):
    """By keyboard: who took a form away, and back to the queue."""
    expect(page.locator(".session-who")).to_be_visible()
    page.keyboard.press("Alt+c")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "id_name":
            break
    page.keyboard.type("Lalu Hasan Basri")
    page.keyboard.press("Tab")
    page.keyboard.type("Masyarakat")
    page.keyboard.press("Alt+h")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hanya mengambil formulir")
    page.keyboard.press("Alt+a")
    expect(page.get_by_role("button", name="Panggil berikutnya")).to_be_visible()


def test_a_visitor_takes_a_number_and_follows_it(as_somebody):
    page = as_somebody()
    page.goto("/tanjung-selor/antrean/")
    page.get_by_role("button", name="Ambil nomor").click()
    expect(page.get_by_role("link", name="Keperluan Bapak/Ibu: Silakan pilih salah satu")).to_be_visible()
    page.get_by_label("Retur SP2D").check()
    page.get_by_label("Lanjut usia").check()
    page.get_by_role("button", name="Ambil nomor").click()
    expect(page.get_by_role("heading", name=re.compile(r"Nomor antrean P-\d{3}"))).to_be_visible()
    page.get_by_role("link", name="Ikuti di sini").click()
    expect(
        page.get_by_text(re.compile("nomor sebelum Bapak/Ibu|Giliran berikutnya adalah Bapak/Ibu"))
    ).to_be_visible()
    page.get_by_text("Tidak jadi menunggu").click()
    page.get_by_role("button", name="Kembalikan nomor ini").click()
    expect(page.get_by_text("Nomor ini tidak berlaku lagi")).to_be_visible()


@pytest.fixture
def kiosk(as_somebody):
    """The kiosk's page, on which time passes as the test says and a visitor has begun to fill in the form."""
    page = as_somebody()
    page.clock.install()
    page.goto("/tanjung-selor/antrean/?layar=kios")
    page.get_by_text("Isi kode satker atau nomor telepon").click()
    page.get_by_label("Nomor telepon").fill("081234567890")
    return page


def is_new(page):
    return page.get_by_label("Nomor telepon").input_value() == ""


def test_the_kiosk_shows_the_next_visitor_nothing_of_the_last(kiosk):
    kiosk.clock.run_for(59_000)
    kiosk.get_by_label("Nomor telepon").press("5")
    kiosk.clock.run_for(59_000)
    assert not is_new(kiosk)
    with kiosk.expect_navigation():
        kiosk.clock.run_for(1_000)
    assert is_new(kiosk)


def test_the_kiosk_clears_a_refused_form_too(kiosk):
    kiosk.get_by_role("button", name="Ambil nomor").click()
    expect(kiosk.get_by_text("Silakan pilih salah satu").first).to_be_visible()
    with kiosk.expect_navigation():
        kiosk.clock.run_for(60_000)
    expect(kiosk.get_by_text("Silakan pilih salah satu")).to_have_count(0)
    assert is_new(kiosk)


def test_the_kiosk_keeps_its_page_while_the_server_is_away(kiosk):
    kiosk.context.set_offline(True)
    with kiosk.expect_event("requestfailed"):
        kiosk.clock.run_for(60_000)
    assert not is_new(kiosk)
    kiosk.context.set_offline(False)
    assert embedded.within(20, lambda: kiosk.clock.run_for(60_000) or is_new(kiosk))


def test_the_kiosks_slip_stays_while_the_server_is_away_and_gives_way_afterwards(kiosk):
    kiosk.add_init_script("window.print = () => {};")
    kiosk.get_by_label("Retur SP2D").check()
    kiosk.get_by_role("button", name="Ambil nomor").click()
    kiosk.wait_for_url("**/karcis/?layar=kios")
    kiosk.context.set_offline(True)
    with kiosk.expect_event("requestfailed"):
        kiosk.clock.run_for(20_000)
    expect(kiosk.locator(".slip-number")).to_be_visible()
    kiosk.context.set_offline(False)
    arrived = "/tanjung-selor/antrean/?layar=kios"
    assert embedded.within(20, lambda: kiosk.clock.run_for(20_000) or kiosk.url.endswith(arrived))


def test_the_slip_fits_a_strip_of_58_mm(take_number):
    page = take_number()
    page.emulate_media(media="print")
    page.set_viewport_size(STRIP_58_MM)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.locator("header.site-header").is_hidden()
    assert page.get_by_role("button", name="Cetak karcis").is_hidden()
    assert page.get_by_alt_text(re.compile("Kode QR")).is_visible()


def test_the_keyboard_alone_serves_a_visitor(take_number, officer, fits):
    visitor = take_number()
    visitor.get_by_role("link", name="Ikuti di sini").click()
    fits(officer)
    officer.keyboard.press("p")
    expect(officer.get_by_text("Sedang dipanggil")).to_be_visible()
    fits(officer)
    officer.keyboard.press("u")
    expect(officer.get_by_text("dipanggil ulang")).to_be_visible()
    officer.keyboard.press("l")
    expect(officer.get_by_role("heading", level=1)).to_contain_text("Nomor")
    fits(officer)
    record(officer)
    officer.keyboard.press("j")
    expect(officer.get_by_text("Loket sedang dijeda")).to_be_visible()
    fits(officer)
    officer.keyboard.press("t")
    expect(officer.get_by_role("button", name="Buka Loket 1")).to_be_visible()
    fits(officer)


def test_the_keyboard_alone_serves_a_visitor_from_call_to_resolved(take_number, as_somebody):
    take_number()
    cso = as_somebody("cso.tanjung-selor")
    cso.goto("/meja/antrean/")
    cso.get_by_role("button", name="Buka Loket 3").click()
    expect(cso.get_by_role("button", name="Panggil berikutnya")).to_be_visible()
    cso.wait_for_load_state()
    cso.keyboard.press("p")
    expect(cso.get_by_text("Sedang dipanggil")).to_be_visible()
    label = cso.locator(".counter-number").inner_text()
    cso.keyboard.press("l")
    expect(cso.get_by_role("heading", name=f"Nomor {label}")).to_be_visible()
    cso.keyboard.press("Alt+c")
    for _ in range(12):
        cso.keyboard.press("Tab")
        if cso.evaluate("document.activeElement.id") == "id_name":
            break
    cso.keyboard.type("Lalu Hasan Basri")
    cso.keyboard.press("Tab")
    cso.keyboard.type("Masyarakat")
    cso.keyboard.press("Alt+p")
    cso.keyboard.type("Mengapa SP2D kami diretur?")
    cso.keyboard.press("Alt+h")
    cso.keyboard.press("Space")
    cso.keyboard.press("Tab")
    cso.keyboard.type("Rekening penerima pasif.")
    cso.keyboard.press("Alt+s")
    expect(cso.get_by_text("Status konsultasi: Selesai (Resolved)")).to_be_visible()
    cso.keyboard.press("Alt+a")
    expect(cso.get_by_role("button", name="Panggil berikutnya")).to_be_visible()
    cso.keyboard.press("t")
    expect(cso.get_by_role("button", name="Buka Loket 3")).to_be_visible()


@pytest.fixture
def follower(take_number):
    """A visitor with a number, who follows it on a phone: the page and the number."""
    page = take_number()
    number = page.locator(".slip-number").inner_text()
    page.get_by_role("link", name="Ikuti di sini").click()
    expect(page.locator("body[data-desk-line=open]")).to_be_visible()
    return page, number


def call(officer, number):
    """Serve whoever comes before the number, then call it."""
    shown = officer.locator(".counter-number")
    officer.keyboard.press("p")
    expect(shown).to_be_visible()
    while shown.inner_text() != number:
        officer.keyboard.press("l")
        record(officer)
        officer.keyboard.press("p")
        expect(shown).to_be_visible()


def test_the_visitors_page_follows_the_call_by_itself(follower, officer):
    visitor, number = follower
    call(officer, number)
    expect(visitor.get_by_text("Silakan menuju Loket 1")).to_be_visible()


def test_a_call_is_shown_even_while_an_earlier_change_is_still_asked_for(follower, officer, take_number):
    visitor, number = follower
    after_a_change = re.compile(r"\?sejak=")
    visitor.route(after_a_change, lambda _: None, times=1)
    with visitor.expect_request(after_a_change):
        take_number()
    call(officer, number)
    expect(visitor.get_by_text("Silakan menuju Loket 1")).to_be_visible()


CHANGE_AGAIN_WHEN_SWAPPED = """
document.addEventListener("htmx:afterSwap", () => {
  document.querySelector("#state").dispatchEvent(new CustomEvent("desk:changed"));
}, { once: true });
"""


def test_a_change_that_comes_as_the_last_one_is_shown_is_asked_for_too(follower, officer):
    visitor, number = follower
    visitor.evaluate(CHANGE_AGAIN_WHEN_SWAPPED)
    with visitor.expect_request(visitor.url):  # without the moment that the stream tells
        call(officer, number)


NOTE_CHANGES = """
window.changes = 0;
new MutationObserver(() => { window.changes += 1; }).observe(
    document.querySelector("#state"), { childList: true, subtree: true });
"""
ASK_ANEW = """
new Promise((done) => {
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) done(); });
  document.querySelector("#state").dispatchEvent(new CustomEvent("desk:changed", { detail: {} }));
})
"""


def test_what_a_screen_reader_has_read_stays_until_it_changes(follower, officer):
    visitor, number = follower
    expect(visitor.get_by_text("Perkiraan waktu menunggu")).to_be_visible()
    visitor.reload()
    visitor.evaluate(NOTE_CHANGES)
    for _ in range(2):
        visitor.evaluate(ASK_ANEW)
    assert visitor.evaluate("window.changes") == 0
    call(officer, number)
    expect(visitor.get_by_text("Silakan menuju Loket 1")).to_be_visible()


def test_keys_are_left_to_whoever_types_and_can_be_switched_off(take_number, officer):
    take_number()
    officer.get_by_label("Pintasan satu tombol aktif").uncheck()
    officer.locator("body").press("p")
    expect(officer.get_by_role("button", name="Panggil berikutnya")).to_be_visible()
    officer.get_by_label("Pintasan satu tombol aktif").check()
    officer.keyboard.press("p")
    expect(officer.get_by_text("Sedang dipanggil")).to_be_visible()
    officer.keyboard.press("a")
    officer.get_by_label("Kategori").press("h")
    expect(officer.get_by_text("Sedang dipanggil")).to_be_visible()


def test_a_slot_is_booked_and_cancelled(as_somebody):
    page = as_somebody()
    page.goto("/tanjung-selor/antrean/pesan/")
    page.locator(".slot input").first.check()
    page.get_by_label("Keperluan").select_option("RETUR")
    page.get_by_label("Nama lengkap").fill("Siti Rahma")
    page.get_by_label("Alamat surel").fill("siti@contoh.invalid")
    page.get_by_role("button", name="Pesan jadwal").click()
    expect(page.get_by_role("heading", name="Jadwal kunjungan Bapak/Ibu")).to_be_visible()
    page.get_by_text("Berhalangan hadir").click()
    page.get_by_role("button", name="Batalkan jadwal ini").click()
    expect(page.get_by_role("heading", name="Jadwal kunjungan dibatalkan")).to_be_visible()
