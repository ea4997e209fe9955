"""The wall board in a real browser: it follows, it speaks, it comes back, and nothing shuts anybody out."""

import json
import os
import signal
import time

import pytest
from playwright.sync_api import expect

from config import embedded

pytestmark = pytest.mark.browser
SIZES = {
    "television": {"width": 1920, "height": 1080},
    "laptop": {"width": 1280, "height": 720},
    "upright": {"width": 1080, "height": 1920},
    "phone": {"width": 390, "height": 844},
}
FONT_SIZE = "text => parseFloat(getComputedStyle(document.querySelector(text)).fontSize)"
CALL = """
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from frontdesk import calls, queue
from frontdesk.models import Counter, CounterShift, QueueTicket
from offices.models import Office, Staff
now = timezone.now()
office = Office.objects.get(slug="tanjung-selor")
for ticket in QueueTicket.objects.at_counter().filter(office=office):
    calls.leave(ticket, now=now)
CounterShift.objects.filter(counter__office=office, closed_at=None).update(closed_at=now)
counter, _ = Counter.objects.get_or_create(office=office, number=7)
shift = calls.open_counter(counter, Staff.objects.get(username="cso2.tanjung-selor"), now=now)
visit = queue.Visit(office.categories.first())
with transaction.atomic():
    queue.issue(office, visit, now=now, turn_at=now - timedelta(hours=9))
print(calls.call_next(shift, now=timezone.now()).label)
"""
# What the board says, and the tones of its chime, noted down instead of sounding.
NOTE_DOWN = """
window.said = [];
window.tones = 0;
speechSynthesis.getVoices = () => [{ lang: "id-ID", name: "Uji" }];
SpeechSynthesisUtterance = function (text) { this.text = text; };
speechSynthesis.speak = (words) => { window.said.push(words.text); words.onend(); };
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when); };
"""


@pytest.fixture
def call(live_desk):
    """Call one more number to counter 7; its label."""
    return lambda: live_desk.manage("shell", "--no-imports", "-c", CALL).strip()


@pytest.fixture
def board(new_context):
    page = new_context(viewport=SIZES["television"]).new_page()
    page.add_init_script(NOTE_DOWN)
    page.goto("/tanjung-selor/papan/")
    expect(page.locator("body")).to_have_attribute("data-desk-line", "open")
    return page


def words_said(board, count):
    """Wait until the board has said so many sentences; all of them."""
    assert embedded.within(20, lambda: len(board.evaluate("window.said")) >= count)
    return board.evaluate("window.said")


def test_a_call_is_shown_highlighted_and_said(board, call):
    board.get_by_role("button", name="Aktifkan suara").click()
    expect(board.get_by_role("button", name="Aktifkan suara")).to_be_hidden()
    label = call()
    expect(board.locator(".board-number")).to_have_text(label)
    expect(board.locator(".board-counter")).to_have_text("Loket 7")
    expect(board.locator(".board-now")).to_have_class("board-now board-new")
    spelled = f"Nomor antrean {label[0]}, "
    said = words_said(board, 2)
    assert said[0] == "Suara papan antrean aktif."
    assert said[1].startswith(spelled)
    assert said[1].endswith("silakan ke loket tujuh.")
    assert board.evaluate("window.tones") == 4


def test_what_was_called_before_the_page_opened_is_not_called_again(call, board):
    call()
    board.reload()
    board.get_by_role("button", name="Aktifkan suara").click()
    words_said(board, 1)
    expect(board.locator(".board-new")).to_have_count(0)


def test_after_a_time_without_network_the_board_catches_up_by_itself(board, call, live_desk):
    board.context.set_offline(
        True
    )  # keeps the browser from opening lines; those that are open, the server ends
    web, *_ = json.loads((live_desk.data_dir / "run.json").read_text())["processes"]
    os.kill(web[0], signal.SIGHUP)
    expect(board.get_by_text("Sambungan langsung terputus, mencoba kembali.")).to_be_visible(timeout=60_000)
    label = call()
    board.context.set_offline(False)
    expect(board.locator(".board-number")).to_have_text(label)
    expect(board.locator("body")).to_have_attribute("data-desk-line", "open", timeout=60_000)
    label = call()
    expect(board.locator(".board-number")).to_have_text(label)


def test_without_a_stream_the_board_asks_by_itself(new_context, call):
    page = new_context().new_page()
    page.route("**/papan/siaran/", lambda route: route.fulfill(status=503))
    page.goto("/tanjung-selor/papan/")
    label = call()
    expect(page.locator(".board-number")).to_have_text(label, timeout=10_000)


def test_without_scripts_the_board_shows_the_latest_call(new_context, call):
    label = call()
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/tanjung-selor/papan/")
    expect(page.locator(".board-number")).to_have_text(label)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_board_fits_the_screen_and_everybody(board, call, nothing_amiss, size):
    call()
    expect(board.locator(".board-number")).to_have_text(call())
    board.set_viewport_size(size)
    board.wait_for_timeout(50)
    nothing_amiss(board)
    assert board.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    number = board.locator(".board-number").bounding_box()
    around = board.locator(".board-now").bounding_box()
    assert around["x"] <= number["x"]
    assert number["x"] + number["width"] <= around["x"] + around["width"]
    if size["width"] > 1000:
        assert board.evaluate("document.documentElement.scrollHeight <= window.innerHeight")


def test_on_a_television_the_number_is_readable_at_six_metres(board, call):
    """Letters a two-hundredth of the distance high: 30 mm, on a screen of 43 inches 60 of its 1080 rows."""
    call()
    expect(board.locator(".board-number")).to_have_text(call())
    for text in (".board-number", ".board-counter", ".board-last strong"):
        assert board.evaluate(FONT_SIZE, text) * 0.7 > 60, text


def test_the_clock_is_the_servers_whatever_the_screens_own(new_context, live_desk):
    page = new_context().new_page()
    page.clock.install(time="2020-01-01T00:00:00Z")
    page.goto("/tanjung-selor/papan/")
    page.clock.run_for(3_000)
    expected = time.strftime("%H.%M", time.gmtime(time.time() + 8 * 3600))
    expect(page.locator("time")).to_have_text(expected)
