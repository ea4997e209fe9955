"""What a client's headers say of the desk's own address, behind the web server that really serves it."""

import http.client
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("header", ["SCRIPT_NAME", "PATH_INFO", "X-Forwarded-Prefix", "X-Script-Name"])
def test_no_header_moves_the_desk_below_another_path(live_desk, header):
    connection = http.client.HTTPConnection(urlsplit(live_desk.url).netloc, timeout=30)
    connection.request("GET", "/jahat/mataram/", headers={header: "/jahat"})
    moved = connection.getresponse()
    moved.read()
    connection.request("GET", "/mataram/", headers={header: "/mataram", "X-Forwarded-Host": "jahat.example"})
    page = connection.getresponse()
    text = page.read().decode()
    connection.close()
    assert (moved.status, page.status) == (404, 200)
    assert 'href="/mataram/konsultasi/"' in text
    assert "jahat" not in text
