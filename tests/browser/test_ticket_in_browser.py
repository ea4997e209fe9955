"""The ticket in a real browser: its clocks fit every screen, and a tab that is left keeps what was typed."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def escalated(as_somebody):
    """An officer before a question of the demo day that waits for its unit's head."""
    page = as_somebody("cso2.mataram")
    page.goto("/eskalasi/")
    page.get_by_role("region", name="Menunggu tanggapan").get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/eskalasi/[0-9]+/$"))
    number = re.search(r"MTR-[0-9]{4}-[0-9]{6}", page.title()).group()
    page.goto(f"/meja/konsultasi/{number}/")
    return page


@pytest.mark.parametrize("width", [390, 1280])
def test_the_clocks_fit_the_screen(escalated, nothing_amiss, width):
    escalated.set_viewport_size({"width": width, "height": 844})
    clocks = escalated.get_by_role("list", name="Batas waktu")
    expect(clocks.get_by_text("Arahan kepala unit")).to_be_visible()
    assert escalated.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    nothing_amiss(escalated)


def test_a_tab_comes_when_it_is_chosen_and_the_one_left_keeps_its_words(escalated):
    reply = escalated.get_by_role("textbox", name="Balasan kepada stakeholder")
    reply.fill("Sedang kami telaah.")
    escalated.get_by_text("Catatan internal", exact=True).click()
    note = escalated.get_by_role("textbox", name="Catatan, hanya terlihat oleh petugas")
    note.fill("Menunggu arahan.")
    expect(reply).to_be_hidden()
    escalated.get_by_text("Balas stakeholder", exact=True).click()
    expect(reply).to_have_value("Sedang kami telaah.")
    expect(note).to_be_hidden()
