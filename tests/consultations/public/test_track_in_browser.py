"""The way to everything asked with one contact, and to its paper, in a real browser, also without scripts."""

import re

import pytest

from config.embedded import within

pytestmark = pytest.mark.browser
A_CONTACT = (
    "from consultations.models import Consultation as C;"
    "print(C.objects.exclude(contact_email='').earliest('pk').contact_email)"
)
SECONDS = 30


@pytest.fixture(scope="module")
def contact(live_desk):
    """An address that somebody of the demo day asked with."""
    return live_desk.manage("shell", "--no-imports", "-c", A_CONTACT).strip()


@pytest.fixture
def lists(live_desk, contact):
    """The paths of the list links mailed to the contact so far."""

    def paths():
        mails = [
            mail.get_body(("plain",)).get_content() for mail in live_desk.messages() if contact in mail["To"]
        ]
        return [path for text in mails for path in re.findall(r"/lacak/saya/\S+", text)]

    return paths


def ask_for_the_list(page, contact, lists):
    """Send the form and wait for the letter; the path of its link."""
    before = len(lists())
    page.goto("/lacak/")
    page.get_by_label("Surel atau nomor WhatsApp Bapak/Ibu").fill(contact)
    page.get_by_role("button", name="Kirim tautan daftar konsultasi").click()
    page.get_by_text("Apabila kontak tersebut pernah dipakai").wait_for()
    assert within(SECONDS, lambda: len(lists()) > before), "no letter came"
    return lists()[-1]


def test_the_list_leads_to_each_consultation_and_its_paper(page, contact, lists):
    page.goto(ask_for_the_list(page, contact, lists))
    page.locator(".my-list a").first.click()
    page.get_by_role("link", name="Cetak seluruh korespondensi").click()
    page.get_by_role("button", name="Cetak atau simpan PDF").wait_for()


def test_without_scripts_the_same_way_is_open(browser, browser_context_args, contact, lists):
    with browser.new_context(**browser_context_args, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(ask_for_the_list(page, contact, lists))
        page.locator(".my-list a").first.click()
        page.get_by_role("link", name="Cetak seluruh korespondensi").click()
        page.get_by_role("heading", name="Korespondensi", exact=True).wait_for()
        assert page.get_by_role("button", name="Cetak atau simpan PDF").count() == 0
