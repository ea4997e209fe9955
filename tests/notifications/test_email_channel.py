"""What a mail looks like on the wire: two renderings, one thread, no cause for automatic replies."""

import email
import re
from email import policy

import pytest

from notifications.outbox import deliver_due


def delivered(smtp_server, now):
    deliver_due(now)
    return [email.message_from_bytes(raw, policy=policy.default) for raw in smtp_server.received]


def test_a_mail_has_a_plain_text_and_an_html_rendering(queued, smtp_server, now):
    queued(context={"number": "7", "name": "Budi", "text": "Terima kasih."})
    (read,) = delivered(smtp_server, now)
    assert read.get_content_type() == "multipart/alternative"
    assert "Yth. Budi," in read.get_body(("plain",)).get_content()
    page = read.get_body(("html",)).get_content()
    assert '<html lang="id">' in page
    assert "Yth. Budi," in page


def test_what_was_typed_stays_text_in_html_and_nothing_is_fetched_from_elsewhere(queued, smtp_server, now):
    queued(context={"number": "<script>", "text": '<img src="http://x.example/a.png"> & "kutip"'})
    (read,) = delivered(smtp_server, now)
    page = read.get_body(("html",)).get_content()
    assert "<img" not in page
    assert "<script" not in page
    assert "&lt;img" in page
    assert "src=" not in page.replace("src=&quot;", "")
    assert "url(" not in page


@pytest.mark.parametrize(
    ("text", "clicked"),
    [
        ("Buka: https://desk.example/meja/?a=1&b=2", ["https://desk.example/meja/?a=1&amp;b=2"]),
        (
            "https://desk.example/lacak/Zm9vYmFyYmF6cXV4MTIzNA/",
            ["https://desk.example/lacak/Zm9vYmFyYmF6cXV4MTIzNA/"],
        ),
        ("https://jahat.example/lacak/ dan www.jahat.example, jahat.com, a@jahat.com", []),
        (
            "https://desk.example.jahat.com/ https://desk.example@jahat.com/ https://desk.examplejahat.com/",
            [],
        ),
        ("http://desk.example/ HTTPS://JAHAT.EXAMPLE/", []),
        ('https://desk.example/"onclick=x <b>', ["https://desk.example/&quot;onclick=x"]),
    ],
)
def test_the_desks_own_addresses_alone_can_be_clicked(queued, smtp_server, settings, now, text, clicked):
    settings.SITE_URL = "https://desk.example"
    queued(context={"text": text})
    (read,) = delivered(smtp_server, now)
    page = read.get_body(("html",)).get_content()
    assert re.findall(r'<a href="([^"]*)">', page) == clicked
    assert page.count("<a") == len(clicked)


def test_mails_of_one_consultation_hang_on_one_thread_and_others_on_theirs(queued, smtp_server, now):
    for reference in ("MTU-2026-000001", "MTU-2026-000001", "MTU-2026-000002"):
        queued(reference=reference)
    first, second, other = delivered(smtp_server, now)
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert other["References"] != first["References"]


def test_a_mail_about_no_consultation_belongs_to_no_thread(queued, smtp_server, now):
    queued(reference="")
    (read,) = delivered(smtp_server, now)
    assert read["References"] is None
    assert read["In-Reply-To"] is None


def test_automatic_replies_are_kept_away(queued, smtp_server, office, now):
    queued()
    (read,) = delivered(smtp_server, now)
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["X-Auto-Response-Suppress"] == "All"
    assert read["List-Id"] == f"<konsultasi.{office.slug}.localhost>"
    assert read["Precedence"] is None
    assert read["Reply-To"] == "cso@mataram.example"
