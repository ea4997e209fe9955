"""One morning at the counters: a visitor's phone, two officers and the wall board, each in a browser of its own."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
TELEVISION = {"width": 1920, "height": 1080}
FOLLOWED_WITHIN = 2_000  # milliseconds

# An office that is open whenever the tests run, with two counters and nobody in the queue.
PREPARE = """
from datetime import time
from django.utils import timezone
from frontdesk import calls
from frontdesk.enums import PRESENT
from frontdesk.models import Counter, CounterShift, QueueTicket
from offices.enums import HolidayKind, ServiceKind
from offices.models import Holiday, Office, ServiceHours
now = timezone.now()
office = Office.objects.get(slug="tanjung-selor")
today = office.local_date(now)
ServiceHours.objects.update_or_create(
    office=office, service=ServiceKind.QUEUE, weekday=today.weekday(),
    defaults={"opens_at": time(0), "closes_at": time(23, 59, 59)},
)
Holiday.objects.get_or_create(office=office, date=today, kind=HolidayKind.EXTRA_WORKING_DAY, defaults={"name": "Uji"})
for ticket in QueueTicket.objects.on(office, today).filter(status__in=PRESENT):
    calls.leave(ticket, now=now)
CounterShift.objects.filter(counter__office=office, closed_at=None).update(closed_at=now)
for number in (7, 8):
    Counter.objects.get_or_create(office=office, number=number)
"""
# Whoever was called has gone, so that the counters are free for the next.
FREE = """
from django.utils import timezone
from frontdesk import calls
from frontdesk.models import QueueTicket
for ticket in QueueTicket.objects.at_counter().filter(office__slug="tanjung-selor"):
    calls.leave(ticket, now=timezone.now())
"""


@pytest.fixture
def run(live_desk):
    return lambda script: live_desk.manage("shell", "--no-imports", "-c", script)


@pytest.fixture
def phone(new_context):
    page = new_context(viewport=PHONE).new_page()
    page.set_default_timeout(30_000)
    return page


@pytest.fixture
def board(new_context):
    page = new_context(viewport=TELEVISION).new_page()
    page.goto("/tanjung-selor/papan/")
    expect(page.locator("body")).to_have_attribute("data-desk-line", "open")
    return page


@pytest.fixture
def officers(as_somebody):
    """Two officers of the office, each at a counter: their pages by the counter's number."""
    pages = {7: as_somebody("cso.tanjung-selor"), 8: as_somebody("cso2.tanjung-selor")}
    for number, page in pages.items():
        page.goto("/meja/antrean/")
        page.get_by_role("button", name=f"Buka Loket {number}").click()
        expect(page.get_by_role("button", name="Panggil berikutnya")).to_be_visible()
    return pages


def take_number(phone):
    """Take a number on the phone; its label and the page that follows it."""
    phone.goto("/tanjung-selor/antrean/")
    phone.locator("#id_category label").first.click()
    phone.get_by_role("button", name="Ambil nomor").click()
    label = phone.locator(".slip-number").inner_text()
    return label, phone.get_by_role("link", name="Ikuti di sini").get_attribute("href")


@pytest.fixture
def prepared(run):
    run(PREPARE)


def test_each_number_is_called_once_and_board_and_phone_follow_within_two_seconds(
    prepared, run, phone, officers, board
):
    taken = dict(take_number(phone) for _ in range(4))
    own = list(taken)[-1]
    phone.goto(taken[own])
    expect(phone.get_by_text("3 nomor sebelum Bapak/Ibu")).to_be_visible()

    called = []
    for _ in range(2):
        for counter, page in officers.items():
            page.reload()
            page.get_by_role("button", name="Panggil berikutnya").click()
            label = page.locator(".counter-number").inner_text()
            expect(board.locator(".board-number")).to_have_text(label, timeout=FOLLOWED_WITHIN)
            expect(board.locator(".board-counter")).to_have_text(f"Loket {counter}")
            called.append(label)
            if label == own:
                expect(phone.get_by_text(f"Silakan menuju Loket {counter}")).to_be_visible(
                    timeout=FOLLOWED_WITHIN
                )
        run(FREE)

    assert called == list(taken)
    officers[7].reload()
    officers[7].get_by_role("button", name="Panggil berikutnya").click()
    expect(officers[7].get_by_role("button", name="Panggil berikutnya")).to_be_visible()
    expect(officers[7].locator(".counter-number")).to_have_count(0)


def test_the_officers_list_follows_the_kiosk(prepared, phone, officers):
    waiting = officers[7].locator("#live")
    expect(waiting.get_by_text("Tidak ada yang menunggu.")).to_be_visible()
    label, _ = take_number(phone)
    expect(waiting.get_by_role("rowheader", name=label)).to_be_visible(timeout=FOLLOWED_WITHIN)
