"""A code that is cut off cannot be scanned: each is whole, on the screen and on paper."""

import pytest

pytestmark = pytest.mark.browser
IS_WHOLE = """
(svg) => {
  const frame = svg.getBoundingClientRect();
  const code = svg.querySelector("path").getBoundingClientRect();
  return code.width > 90 && code.left > frame.left && code.right < frame.right && code.bottom < frame.bottom;
}
"""


@pytest.fixture
def pages(in_desk, as_somebody):
    """The receipt, as everybody sees it, and the survey's poster, as an officer prints it."""
    followed = in_desk("asked_for_documents")["documents"]
    return {
        "receipt": (as_somebody(), f"{followed}tanda-terima/"),
        "poster": (as_somebody("cso.layar"), "/laporan/skm/poster/"),
    }


@pytest.mark.parametrize("name", ["receipt", "poster"])
def test_the_code_is_whole_on_the_screen_and_on_paper(pages, name):
    page, address = pages[name]
    page.goto(address)
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        assert page.locator(".receipt-qr svg").evaluate(IS_WHOLE), media
