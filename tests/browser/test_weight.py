"""What the public pages weigh over the wire, compressed and with headers, in a browser that has never been here."""

from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser
FIRST_VISIT = 150_000  # bytes
LATER_PAGE = 30_000
FORM = "/mataram/konsultasi/"
LATER = ("/mataram/", "/mataram/tanya-jawab/", "/mataram/antrean/", "/lacak/", FORM)


@pytest.fixture
def wire(page):
    """Opens an address and tells what came over the wire for it: (URL, bytes) of each file."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    addresses, received = {}, []
    session.on(
        "Network.requestWillBeSent",
        lambda event: addresses.update({event["requestId"]: event["request"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: received.append((addresses[event["requestId"]], event["encodedDataLength"])),
    )

    def visit(path):
        received.clear()
        page.goto(path, wait_until="networkidle")
        return list(received)

    return visit


def weight_of(files):
    return sum(size for _, size in files)


def test_the_first_visit_and_every_later_page_stay_within_their_weight(wire):
    first = wire(FORM)
    assert 10_000 < weight_of(first) <= FIRST_VISIT, first
    for path in LATER:
        files = wire(path)
        assert 0 < weight_of(files) <= LATER_PAGE, (path, files)


def test_no_page_asks_another_host(page, live_desk):
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    for path in (FORM, *LATER):
        page.goto(path, wait_until="networkidle")

    assert hosts == {urlsplit(live_desk.url).netloc}


@pytest.mark.parametrize("path", [FORM, *LATER[:-1]])
def test_no_picture_shifts_the_page_when_it_comes(page, path):
    page.goto(path)
    unsized = page.evaluate(
        "[...document.querySelectorAll('img, svg')]"
        ".filter(picture => !picture.hasAttribute('width') || !picture.hasAttribute('height'))"
        ".map(picture => picture.outerHTML)"
    )

    assert unsized == []


def test_files_come_compressed_under_hashed_names_and_are_kept_for_ever(page):
    files = {}
    page.on(
        "response",
        lambda response: files.update({response.url: response}) if "/static/" in response.url else None,
    )
    page.goto(FORM, wait_until="networkidle")

    assert len(files) > 3
    for url, response in files.items():
        assert "immutable" in response.headers["cache-control"], url
        assert (
            response.headers["content-encoding"] == "br" or int(response.headers["content-length"]) < 400
        ), url
