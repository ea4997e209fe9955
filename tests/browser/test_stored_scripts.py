"""No script that the public left in any field runs on any page that shows it, whoever opens the page."""

import pytest
from playwright.sync_api import expect

from tests.hostile import MARK

pytestmark = pytest.mark.browser
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => window.alarm(event.violatedDirective));
"""
# Elements that would run what the public wrote, and attributes that would.
ALIVE = """
(mark) => [...document.querySelectorAll("*")].filter((each) =>
  (["SCRIPT", "STYLE", "IFRAME", "OBJECT", "EMBED", "BASE", "MATH"].includes(each.tagName) && each.outerHTML.includes(mark))
  || [...each.attributes].some(({ name, value }) => name.startsWith("on") || /^\\s*javascript:/i.test(value) && name !== "value")
).map((each) => each.outerHTML)
"""


@pytest.fixture(scope="session")  # made once, in whatever order tests run
def addresses(in_desk):
    return in_desk("with_stored_scripts")


@pytest.fixture
def alarms():
    """Calls of the scripts' function, dialogs, and what the policy had to stop."""
    return []


@pytest.fixture
def watched(as_somebody, addresses, alarms):
    """A page of somebody of the desk, with the alarms set."""

    def page_of(username):
        page = as_somebody(username)
        page.context.expose_function(MARK, lambda: alarms.append("called"))
        page.context.expose_function("alarm", lambda directive: alarms.append(directive))  # noqa: PLW0108 - it must be Python
        page.context.add_init_script(REPORT_VIOLATIONS)
        page.on("dialog", lambda dialog: alarms.append(dialog.message))
        return page

    return page_of


@pytest.fixture
def officer(watched):
    return watched("cso.layar")


def is_dead(page, alarms):
    assert MARK in page.content(), f"{page.url} does not show what was written"
    assert page.evaluate(ALIVE, MARK) == [], page.url
    assert alarms == [], page.url


def test_the_alarm_rings_when_a_script_runs(officer, alarms):
    """What is tested here could be found."""
    officer.route(
        "**/uji/", lambda route: route.fulfill(body=f"<img src=x onerror={MARK}()>", content_type="text/html")
    )
    with officer.expect_response("**/x"):
        officer.goto("/uji/")
    officer.wait_for_function("document.images[0].complete")
    assert officer.evaluate(ALIVE, MARK) != []
    assert alarms == ["called"]


def test_nothing_runs_on_the_pages_for_the_public(officer, addresses, alarms):
    for address in addresses[0]:
        officer.goto(address)
        is_dead(officer, alarms)


def test_nothing_runs_on_the_pages_of_the_desk(officer, addresses, alarms):
    for address in addresses[1]:
        officer.goto(address)
        is_dead(officer, alarms)


def test_nothing_runs_where_an_officer_looks_somebody_up(officer, alarms):
    officer.goto("/meja/konsultasi/baru/")
    officer.get_by_role("searchbox").first.press_sequentially("penyerang@contoh.id")
    expect(officer.locator("button.match").first).to_be_visible()
    is_dead(officer, alarms)
    officer.locator("button.match").first.click()
    expect(officer.get_by_label("Nama lengkap")).not_to_have_value("")
    is_dead(officer, alarms)


def test_nothing_runs_in_a_session_at_the_counter(watched, alarms):
    officer = watched("cso2.layar")
    officer.goto("/meja/sesi/")
    officer.get_by_role("button", name="Layani tanpa nomor").click()
    officer.get_by_role("searchbox").first.press_sequentially("penyerang@contoh.id")
    officer.locator("button.match").first.click()
    expect(officer.get_by_label("Nama lengkap")).not_to_have_value("")
    officer.locator("#id_category").select_option(label="Retur SP2D")
    officer.locator("#id_question").press_sequentially("klik klik klik")
    expect(officer.locator("#similar a").first).to_be_visible()
    is_dead(officer, alarms)
