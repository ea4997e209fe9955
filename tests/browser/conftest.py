import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from demo.accounts import PASSWORD

WITA = ZoneInfo("Asia/Makassar")


@pytest.fixture
def as_somebody(new_context):
    """A page of a browser of its own: nobody's, or one where a demo account is signed in."""

    def page_of(username=None):
        page = new_context().new_page()
        page.set_default_timeout(15_000)
        if username:
            page.goto("/masuk/")
            page.get_by_label("Nama pengguna").fill(username)
            page.get_by_label("Kata sandi").fill(PASSWORD)
            page.get_by_role("button", name="Masuk").click()
            expect(page).to_have_url(re.compile("/meja/|/eskalasi/"))
        return page

    return page_of


@pytest.fixture(scope="session")
def in_desk(live_desk):
    """`in_desk("asked_for_documents")` calls a function of `states` on the live desk's data; what it returned."""

    def call(name):
        script = f"import json; from tests.browser import states; print(json.dumps(states.{name}()))"
        return json.loads(live_desk.manage("shell", "--no-imports", "--verbosity", "0", "-c", script))

    return call


@pytest.fixture
def nothing_amiss():
    """No accessibility violation that axe finds on a page as it stands."""

    def check(page):
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def mails_to(live_desk):
    """The subjects of the e-mails sent to an address, without the consultation's number, oldest first."""

    def subjects(address):
        to_them = [mail for mail in live_desk.messages() if address in mail["To"]]
        return [str(mail["Subject"]).partition("] ")[2] for mail in to_them]

    return subjects


@pytest.fixture
def working_days_ago():
    """A moment some working days ago at 10 o'clock, for the form's field; weekends are all that is left out."""

    def moment(days):
        day = datetime.now(WITA)
        while days:
            day -= timedelta(days=1)
            days -= day.weekday() < 5
        return f"{day:%Y-%m-%d}T10:00"

    return moment
