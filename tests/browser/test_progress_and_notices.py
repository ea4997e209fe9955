"""The day's progress and the bell, on real processes and in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from demo.accounts import PASSWORD

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
# Whatever day it is today, a working day or not, progress is owed.
OWE_PROGRESS = """
from django.utils import timezone
from consultations.models import Consultation
worked_on = Consultation.objects.open().filter(office__slug="mataram", officer__isnull=False)
assert worked_on.update(progress_due_on=timezone.localdate(), last_progress_on=None) > 2
"""


@pytest.fixture
def _progress_is_owed(live_desk):
    live_desk.manage("shell", "--no-imports", "-c", OWE_PROGRESS)


def unread(page):
    label = page.locator(".bell").get_attribute("aria-label")
    return int((re.findall(r"\d+", label) or [0])[0])


@pytest.mark.usefixtures("_progress_is_owed")
def test_a_row_is_sent_where_it_stands_and_a_colleague_does_not_send_it_again(as_somebody, nothing_amiss):
    officer, colleague = as_somebody("cso.mataram"), as_somebody("cso2.mataram")
    officer.set_viewport_size(PHONE)
    for page in (officer, colleague):
        page.goto("/meja/progres/")
    count = officer.locator("#progress-count")
    before = int(count.inner_text().split()[0])
    row = officer.locator("form.progress-task").first
    number = row.locator("h2 a").inner_text()
    same_row = colleague.locator("form.progress-task").filter(has_text=number)
    nothing_amiss(officer)

    row.get_by_role("textbox").fill("Sedang kami bahas dengan bank.")
    row.get_by_role("button", name="Kirim progres").click()
    told = officer.get_by_role("region", name=number)
    expect(told.get_by_text("Progres telah dikirim kepada stakeholder.")).to_be_visible()
    expect(told).to_be_focused()
    expect(count).to_have_text(f"{before - 1} konsultasi menunggu progres hari ini.")
    nothing_amiss(officer)

    same_row.get_by_role("button", name="Kirim progres").click()
    told = colleague.get_by_role("region", name=number)
    expect(told.get_by_text("Progres sudah disampaikan oleh Baiq Nurhaliza Astuti")).to_be_visible()
    told.get_by_text("Teks Bapak/Ibu tidak dikirim").click()
    nothing_amiss(colleague)


@pytest.mark.usefixtures("_progress_is_owed")
def test_a_refused_row_keeps_its_text_and_takes_the_focus(as_somebody, nothing_amiss):
    officer = as_somebody("cso.mataram")
    officer.goto("/meja/progres/")
    row = officer.locator("form.progress-task").first
    row.get_by_role("textbox").fill(" ")
    row.get_by_role("button", name="Kirim progres").click()
    expect(row.get_by_role("alert")).to_be_focused()
    nothing_amiss(officer)


@pytest.mark.usefixtures("_progress_is_owed")
def test_without_javascript_progress_is_told_all_the_same(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/masuk/")
    page.get_by_label("Nama pengguna").fill("cso.mataram")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.goto("/meja/progres/")
    row = page.locator("form.progress-task").first
    number = row.locator("h2 a").inner_text()
    row.get_by_role("button", name="Kirim progres").click()
    expect(page.get_by_text(f"{number}: Progres telah dikirim kepada stakeholder.")).to_be_visible()
    expect(page.locator("form.progress-task").filter(has_text=number)).to_have_count(0)


def test_the_bell_leads_to_what_happened_and_falls_silent(as_somebody, nothing_amiss):
    officer = as_somebody("cso2.mataram")
    before = unread(officer)
    assert before > 1
    officer.locator(".bell").click()
    nothing_amiss(officer)

    first = officer.locator(".notice-unread").filter(has_text=re.compile(r"MTR-\d{4}-\d{6}")).first
    number = first.locator(".tabular").inner_text()
    first.get_by_role("button").click()
    expect(officer.get_by_role("heading", name=number)).to_be_visible()
    assert unread(officer) == before - 1

    officer.set_viewport_size(PHONE)
    officer.locator(".bell").click()
    officer.get_by_role("button", name="Tandai semua sudah dibaca").click()
    expect(officer.get_by_role("link", name="Pemberitahuan", exact=True)).to_be_visible()
    expect(officer.locator(".notice-unread")).to_have_count(0)
    nothing_amiss(officer)
