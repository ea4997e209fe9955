import re
import socketserver
import threading
from datetime import UTC, datetime

import pytest

from notifications.models import Message
from notifications.outbox import compose
from tests.factories import OfficeFactory

SUBJECT_AND_BODY = "Nomor {{ number }}\n\nYth. {{ name }},\n{{ text }}\n"


@pytest.fixture
def now():
    return datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def office(db):
    return OfficeFactory(empty=True, name="KPPN Mataram", email="cso@mataram.example")


@pytest.fixture
def letter_template(settings, tmp_path):
    """A template 'sample' beside the project's own."""
    folder = tmp_path / "notifications"
    folder.mkdir()
    (folder / "sample.txt").write_text(SUBJECT_AND_BODY, encoding="utf-8")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]


@pytest.fixture
def letter(office, letter_template, now):
    """Compose an unsaved message; each has an occasion of its own unless told."""

    def compose_letter(key=None, **changes):
        parts = {
            "office": office,
            "kind": "sample",
            "template": "sample",
            "context": {"number": "MTU-2026-000001", "name": "Budi", "text": "Terima kasih."},
            "recipient": "budi@example.com",
            "recipient_name": "Budi Santoso",
            "reference": "MTU-2026-000001",
            "dedupe_key": key or f"occasion-{Message.objects.count()}",
            "now": now,
        }
        return compose(**parts | changes)

    return compose_letter


@pytest.fixture
def queued(letter):
    """Store a waiting message."""

    def store(**changes):
        message = letter(**changes)
        message.save()
        return message

    return store


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a sender needs. The server's `answers` says how it replies to a recipient or a text."""

    def handle(self):
        self.say("220 siap")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()[:4]
            if verb == "RCPT":
                recipient = re.search("<(.*)>", line).group(1)
                self.say(self.server.answers.get(recipient, "250 ok"))
            elif verb == "DATA":
                self.say("354 silakan")
                text = b"".join(iter(self.rfile.readline, b".\r\n"))
                if self.server.answers.get("text") == "hang up":
                    return
                if self.server.answers.get("text") == "hang":
                    self.rfile.read()  # until the sender has had enough
                    return
                self.server.received.append(text)
                self.say(self.server.answers.get("text", "250 diterima"))
            else:
                self.say("221 selesai" if verb == "QUIT" else "250 ok")

    def say(self, answer):
        self.wfile.write(f"{answer}\r\n".encode())


@pytest.fixture
def smtp_server(settings):
    """A mail server of the test's own on the loopback, set as the project's."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        server.answers, server.received = {}, []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()
        thread.join()
