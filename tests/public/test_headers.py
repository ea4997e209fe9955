"""What every answer tells the browser, whoever asks and whatever comes back."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

from consultations import lifecycle
from consultations.models import Attachment
from tests.config.test_production import SAFE
from tests.factories import paper
from tests.test_access import World, expectations

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return World()


@pytest.fixture
def answers(world, client):
    """Every address of the table as an officer and the office's head see it, and as nobody does."""

    def everything():
        for person in (None, world.people["cso"], world.people["administrator"]):
            for route in expectations():
                client.logout()
                if person:
                    client.force_login(person)
                address = world.address(route)
                response = client.get(address)
                if response.streaming:
                    b"".join(response.streaming_content)  # also closes the file
                yield address, response

    return everything


def test_no_page_lets_code_of_its_own_or_of_others_run_or_be_framed(answers):
    for address, response in answers():
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy or "default-src 'none'; sandbox" in policy, address
        assert not {"unsafe-inline", "unsafe-eval", "*", "http:", "https:"} & {
            *policy.replace(";", " ").split()
        }
        assert response.headers["X-Frame-Options"] == "DENY", address
        assert response.headers["X-Content-Type-Options"] == "nosniff", address
        assert response.headers["Referrer-Policy"] == "same-origin", address
        assert "camera=()" in response.headers["Permissions-Policy"], address
        assert "geolocation=()" in response.headers["Permissions-Policy"], address


def test_no_script_can_read_a_cookie_nor_another_site_send_one(answers):
    for address, response in answers():
        for cookie in response.cookies.values():
            assert cookie["httponly"], (address, cookie.key)
            assert cookie["samesite"] in {"Lax", "Strict"}, (address, cookie.key)


def test_production_sends_cookies_over_tls_alone():
    told = "from django.conf import settings as s; import json; print(json.dumps([s.SESSION_COOKIE_SECURE, "
    told += (
        "s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0]))"
    )
    said = subprocess.run(
        [sys.executable, "-c", told],
        cwd=settings.BASE_DIR,
        env=SAFE,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(said.stdout) == [True] * 5


@pytest.mark.parametrize(
    "name", ["surat.pdf", "halaman.html", "gambar.svg", '"; filename="x.html', "\u202efdp.exe"]
)
def test_a_file_of_somebody_else_is_saved_and_never_opened_here(world, client, name):
    consultation = world.consultation
    lifecycle.message(consultation, "Ini berkasnya.", now=consultation.recorded_at, files=[paper(name)])
    attachment = Attachment.objects.latest("pk")
    client.force_login(world.people["cso"])
    for address in (
        reverse("track_file", args=[world.keys["token"], attachment.public_id]),
        f"/meja/lampiran/{attachment.public_id}/",
    ):
        response = client.get(address)
        b"".join(response.streaming_content)  # also closes the file
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith("attachment;")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "private, no-store" in response.headers["Cache-Control"]


def test_the_folder_of_uploads_has_no_address(world, client):
    stored = Attachment.objects.latest("pk").file.name
    for address in (f"/{stored}", f"/media/{stored}", f"/uploads/{stored}", f"/static/../uploads/{stored}"):
        assert client.get(address).status_code == 404
