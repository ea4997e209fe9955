"""An office's page in a real browser, on a telephone, on a screen and on paper."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [(390, 844), (1280, 900)], ids=["phone", "desktop"])
def test_everybody_can_read_the_page_and_the_policy_lets_its_data_stand(page, size):
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.goto("/mataram/")

    expect(page.get_by_role("button", name="Cetak")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    data = page.locator("script[type='application/ld+json']").text_content()
    assert json.loads(data)["@type"] == "GovernmentService"
    assert complaints == []


def test_on_paper_the_standard_stands_without_what_only_a_screen_needs(page):
    page.goto("/mataram/")
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="6. Pengaduan layanan")).to_be_visible()
    expect(page.get_by_role("heading", name="Maklumat pelayanan")).to_be_visible()
    expect(page.get_by_role("heading", name="Kontak resmi")).to_be_visible()
    for name in ("Cetak", "Ajukan konsultasi"):
        assert page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).count() == 0
