"""WhatsApp through Meta's Cloud API, against a server on the loopback that speaks its documented shapes."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail
from django.utils import timezone

from consultations import lifecycle
from consultations.tokens import tracking_url
from notifications.enums import MessageChannel, MessageStatus
from notifications.links import OPENERS, PrivateLink
from notifications.models import Message
from notifications.outbox import deliver_due
from tests.factories import ConsultationFactory, OfficeFactory

MINUTE = timedelta(minutes=1)
LINK = "https://desk.example/lacak/…/"
WAMID = "wamid.HBgNNjI4MTIzNDU2Nzg5MBUCABEYEjlDOEI2QzREAA=="


def accepted(to):
    return 200, {
        "messaging_product": "whatsapp",
        "contacts": [{"input": to, "wa_id": to.lstrip("+")}],
        "messages": [{"id": WAMID, "message_status": "accepted"}],
    }


def refused(status, code, details="keterangan"):
    return status, {
        "error": {
            "message": f"(#{code}) Sesuatu",
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": details},
            "fbtrace_id": "Az8or2yhqkZfEZ-_4Qn_Bam",
        }
    }


class CloudApi(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, dict(self.headers), body))
        status, answer = self.server.answers.get(body["to"]) or accepted(body["to"])
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args):
        pass


@pytest.fixture
def cloud_api(settings):
    with ThreadingHTTPServer(("127.0.0.1", 0), CloudApi) as server:
        server.daemon_threads = True
        server.requests, server.answers = [], {}
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.WHATSAPP_URL = f"http://127.0.0.1:{server.server_port}/v23.0"
        settings.WHATSAPP_TOKEN = "rahasia"
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def whatsapp(office, queued):
    """Store a waiting WhatsApp message."""
    office.sends_whatsapp, office.whatsapp_phone_number_id = True, "106540352242922"
    office.save()

    def store(**changes):
        return queued(**{"recipient": "+6281234567890", "channel": MessageChannel.WHATSAPP, **changes})

    return store


def test_a_letter_leaves_as_the_approved_template_and_its_id_is_kept(whatsapp, cloud_api, now, monkeypatch):
    monkeypatch.setitem(OPENERS, "contoh", lambda about, *_: LINK.replace("…", f"kunci-{about}"))
    message = whatsapp(
        context={
            "number": "7",
            "name": "Budi",
            "text": f"Baris satu.\n\nTautan:\n{LINK}\nSalam",
            "url": PrivateLink("contoh", "7", LINK),
        }
    )
    assert deliver_due(now) == 1
    message.refresh_from_db()
    assert (message.status, message.provider_id) == (MessageStatus.SENT, WAMID)
    ((path, headers, body),) = cloud_api.requests
    assert path == "/v23.0/106540352242922/messages"
    assert headers["Authorization"] == "Bearer rahasia"
    assert headers["Content-Type"] == "application/json"
    assert body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+6281234567890",
        "type": "template",
        "template": {
            "name": "kabar_konsultasi",
            "language": {"code": "id"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "text": "KPPN Mataram"},
                        {"type": "text", "text": "Nomor 7"},
                        {"type": "text", "text": "Yth. Budi, Baris satu. Tautan:"},
                        {"type": "text", "text": "https://desk.example/lacak/kunci-7/"},
                    ],
                }
            ],
        },
    }


def test_no_parameter_has_a_line_break_or_is_longer_than_the_template_bears(
    whatsapp, cloud_api, now, settings
):
    whatsapp(context={"number": "1", "text": "kata\n\t   " * 400})
    deliver_due(now)
    texts = [each["text"] for each in cloud_api.requests[0][2]["template"]["components"][0]["parameters"]]
    assert not any(sign in text for text in texts for sign in ("\n", "\t", "    "))
    assert len(texts[2]) == 600
    assert texts[2].endswith("…")
    assert texts[3] == settings.SITE_URL


def test_an_address_that_somebody_typed_is_not_the_link_of_the_letter(whatsapp, cloud_api, now, settings):
    whatsapp(context={"text": "https://jahat.example/lacak/Zm9vYmFyYmF6cXV4MTIzNA/"})
    deliver_due(now)
    *_, link = cloud_api.requests[0][2]["template"]["components"][0]["parameters"]
    assert link["text"] == settings.SITE_URL


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 130429), (429, 130429), (400, 131056), (400, 80007), (500, 131000), (503, 2), (500, 131016)],
)
def test_a_rate_limit_or_a_fault_of_the_provider_is_tried_again(whatsapp, cloud_api, now, status, code):
    cloud_api.answers["+6281234567890"] = refused(status, code)
    message = whatsapp()
    assert deliver_due(now) == 0
    message.refresh_from_db()
    assert message.status == MessageStatus.QUEUED
    assert message.last_error == f"WhatsApp menolak: keterangan (kode {code})"
    cloud_api.answers.clear()
    assert deliver_due(message.next_attempt_at) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 131026), (400, 131030), (404, 132001), (400, 132000), (400, 100), (400, 132015)],
)
def test_a_bad_number_or_template_fails_at_once_with_the_reason(whatsapp, cloud_api, now, status, code):
    cloud_api.answers["+6281234567890"] = refused(status, code, "Nomor bukan pengguna WhatsApp")
    message = whatsapp()
    deliver_due(now)
    message.refresh_from_db()
    assert (message.status, message.attempts) == (MessageStatus.FAILED, 1)
    assert message.last_error == f"WhatsApp menolak: Nomor bukan pengguna WhatsApp (kode {code})"


def test_an_error_without_details_gives_its_message(whatsapp, cloud_api, now):
    cloud_api.answers["+6281234567890"] = (400, {"error": {"message": "Invalid parameter", "code": 100}})
    message = whatsapp()
    deliver_due(now)
    message.refresh_from_db()
    assert message.last_error == "WhatsApp menolak: Invalid parameter (kode 100)"


@pytest.mark.parametrize(
    "answer",
    [
        (502, b"<html>Bad Gateway</html>"),
        (400, b"[]"),
        (200, b"<html>Masuk ke jaringan</html>"),
        (200, {"messages": []}),
        (200, []),
    ],
)
def test_an_answer_that_is_not_the_providers_is_no_delivery(whatsapp, cloud_api, now, answer):
    cloud_api.answers["+6281234567890"] = answer
    message = whatsapp()
    assert deliver_due(now) == 0
    message.refresh_from_db()
    assert message.status == MessageStatus.QUEUED


def test_the_token_follows_no_redirect(whatsapp, cloud_api, now):
    cloud_api.answers["+6281234567890"] = (307, b"")
    whatsapp()
    deliver_due(now)
    assert [path for path, *_ in cloud_api.requests] == ["/v23.0/106540352242922/messages"]


@pytest.mark.parametrize("answer", [refused(401, 190), refused(403, 10), refused(400, 200)])
def test_a_token_that_is_refused_holds_up_whatsapp_and_nothing_else(whatsapp, queued, cloud_api, now, answer):
    cloud_api.answers["+6281234567890"] = answer
    for _ in range(3):
        whatsapp()
    queued(now=now)
    assert deliver_due(now) == 1
    assert len(mail.outbox) == 1
    waiting = Message.objects.filter(channel=MessageChannel.WHATSAPP)
    assert sorted(waiting.values_list("attempts", flat=True)) == [0, 0, 1]


def test_a_server_that_is_gone_uses_up_one_attempt_a_run(whatsapp, now, settings):
    settings.WHATSAPP_TOKEN = "rahasia"
    for _ in range(3):
        whatsapp()
    deliver_due(now)
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert Message.objects.filter(last_error__startswith="WhatsApp tidak dapat dihubungi: ").count() == 1


def test_without_a_token_messages_wait_with_the_reason(whatsapp, now):
    message = whatsapp()
    deliver_due(now)
    message.refresh_from_db()
    assert (message.status, message.last_error) == (
        MessageStatus.QUEUED,
        "WhatsApp belum disiapkan pada sistem ini.",
    )


def test_an_office_without_a_sender_holds_up_no_other_office(whatsapp, cloud_api, office, now):
    message = whatsapp()
    office.sends_whatsapp, office.whatsapp_phone_number_id = False, ""
    office.save()
    deliver_due(now)
    message.refresh_from_db()
    assert message.last_error == "Kantor ini belum memiliki nomor pengirim WhatsApp."
    assert message.status == MessageStatus.QUEUED


def test_the_link_of_a_closing_letter_is_the_consultations_and_not_the_surveys(db, cloud_api):
    office = OfficeFactory(sends_whatsapp=True, whatsapp_phone_number_id="106540352242922")
    contact = lifecycle.Contact("Siti", "+6281234567890", "")
    closed = ConsultationFactory(office=office, contact=contact, closed=True)
    deliver_due(timezone.now())
    *_, last = cloud_api.requests
    link = last[2]["template"]["components"][0]["parameters"][3]["text"]
    assert link == tracking_url(closed)
