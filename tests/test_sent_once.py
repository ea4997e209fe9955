"""What an officer sends again, by a second click, from a second tab or after a lost answer, is recorded once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from answers.models import AnswerVersion
from consultations import actors, lifecycle
from consultations.models import Consultation, DocumentRequest, Entry, Link
from escalations import services as escalations
from escalations.models import Escalation
from frontdesk import calls
from frontdesk.models import QueueTicket, ServiceSession
from notifications.models import Message
from offices.enums import Role
from tests.factories import (
    ConsultationFactory,
    CounterFactory,
    HeldSubmissionFactory,
    OfficeFactory,
    PublicAnswerFactory,
    QueueTicketFactory,
    StaffFactory,
)
from tests.samples import pdf, upload
from throttle.models import SentForm
from throttle.once import KEPT_FOR, TOLD, forget_sent

TEMPLATES = Path(__file__).parent.parent / "templates"
# Forms of the desk that keep no number, each with why a repeated sending does nothing.
UNNUMBERED = {
    ("base_desk.html", "sign_out"): "signed out stays signed out",
    ("registration/password_change.html", ""): "the old password no longer fits",
    ("notifications/notice_list.html", "notice_open"): "read stays read",
    ("notifications/notice_list.html", "notices_read"): "read stays read",
    ("consultations/desk/receipt.html", "desk_receipt_link"): "a link is shown once by its own rule",
    ("consultations/desk/intake.html", "intake_lookup"): "records nothing",
    ("consultations/desk/intake.html", "intake"): "the form's own number, kept with the consultation",
    ("frontdesk/session.html", "lookup_url"): "records nothing",
    ("frontdesk/session.html", "service_session"): "a session is recorded once, under its lock",
}


@pytest.fixture
def office(db):
    return OfficeFactory()


@pytest.fixture
def cso(office):
    return StaffFactory(office=office, role=Role.CSO)


@pytest.fixture
def desk(client, cso):
    client.force_login(cso)
    return client


@pytest.fixture
def consultation(office, cso):
    return ConsultationFactory(office=office, officer=cso)


def number_in(client, page, action):
    """The number of the form on a page that is sent to an address."""
    html = client.get(page).content.decode()
    forms = re.findall(r"<form.*?</form>", html, re.DOTALL)
    (form,) = [
        each
        for each in forms
        if f'action="{action}"' in unescape(each) or (page == action and "action=" not in each)
    ]
    return re.search(r'name="page" value="([^"]+)"', form)[1]


def acts(consultation):
    """Each act's address under the consultation's, what is sent with it, and what it leaves."""
    of = Entry.objects.filter(consultation=consultation)
    category = consultation.office.categories.get(code="PEMBAYARAN").pk
    earlier = ConsultationFactory(office=consultation.office)
    return {
        "balas": ({"text": "Mohon menunggu."}, of.filter(act="reply")),
        "catatan": ({"text": "Menunggu bank."}, of.filter(act="note")),
        "progres": ({"text": "Sedang ditelaah.", "told_through": "telepon"}, of.filter(act="post_progress")),
        "minta-dokumen": ({"others": "Rekening koran"}, DocumentRequest.objects.all()),
        "kontak": ({"name": "Lalu", "phone": "081234567890"}, of.filter(act="record_contact")),
        "kategori": ({"category": category}, of.filter(act="categorise")),
        "tautkan": ({"kind": "terkait", "number": earlier.number}, Link.objects.all()),
        "pecah": ({"question": "Dan SPM?", "category": category}, Link.objects.filter(kind="pecahan")),
        "rujuk": ({"agency": "KPP", "channel": "loket TPT"}, of.filter(act="refer")),
        "batal": ({"reason": "Tercatat dua kali."}, of.filter(act="cancel")),
        "selesai": ({"answer": "Rekening pasif."}, of.filter(act="resolve")),
    }


ACTS = (
    "balas",
    "catatan",
    "progres",
    "minta-dokumen",
    "kontak",
    "kategori",
    "tautkan",
    "pecah",
    "rujuk",
    "batal",
    "selesai",
)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_on_a_consultation_is_recorded_once(desk, consultation, act):
    sent, left = acts(consultation)[act]
    url = f"{consultation.get_absolute_url()}{act}/"
    numbers = [number_in(desk, url, url) for _tab in range(2)]
    first, again, other_tab = (
        desk.post(url, {"page": number, **sent}) for number in (numbers[0], numbers[0], numbers[1])
    )
    assert left.count() == 1
    assert first.headers["Location"] == again.headers["Location"] == other_tab.headers["Location"]
    assert TOLD in desk.get(first.headers["Location"]).content.decode()
    assert not Consultation.objects.filter(subject="Dan SPM?").count() > 1


def test_what_is_said_again_later_is_said_again(desk, consultation):
    url = f"{consultation.get_absolute_url()}catatan/"
    for _ in range(2):
        desk.post(url, {"page": number_in(desk, url, url), "text": "Menelepon, tidak diangkat."})
    assert Entry.objects.filter(act="note").count() == 2


@pytest.mark.parametrize(("text", "title"), [("Lain.", "SP2D"), ("Terlampir.", "SPM")])
def test_what_was_changed_is_another_sending(desk, consultation, text, title):
    url = f"{consultation.get_absolute_url()}catatan/"
    number = number_in(desk, url, url)
    for said, titled in (("Terlampir.", "SP2D"), (text, title)):
        paper = upload("surat.pdf", pdf(lambda writer, title=titled: writer.add_metadata({"/Title": title})))
        desk.post(url, {"page": number, "text": said, "attachments": paper})
    assert Entry.objects.filter(act="note").count() == 2


def test_two_officers_who_say_the_same_both_say_it(desk, client, consultation, office):
    url = f"{consultation.get_absolute_url()}catatan/"
    number = number_in(desk, url, url)
    desk.post(url, {"page": number, "text": "Menunggu bank."})
    client.force_login(StaffFactory(office=office, role=Role.CSO))
    client.post(url, {"page": number, "text": "Menunggu bank."})
    assert Entry.objects.filter(act="note").count() == 2


def test_what_was_refused_can_be_sent_again_once_it_is_right(desk, office):
    new = ConsultationFactory(office=office)
    url = f"{new.get_absolute_url()}balas/"
    sent = {"page": "5b4b6a0e-3c0f-4b7e-9a35-1b6f3c4f4d55", "text": "Mohon menunggu."}
    assert desk.post(url, sent).status_code == 422
    desk.post(f"{new.get_absolute_url()}tangani/")
    assert desk.post(url, sent).status_code == 302
    assert Entry.objects.filter(act="reply").count() == 1


@pytest.mark.parametrize("number", ["", "bukan nomor", "\x00", "x" * 5000])
def test_a_number_that_is_none_keeps_nobody_from_writing(desk, consultation, number):
    desk.post(f"{consultation.get_absolute_url()}catatan/", {"page": number, "text": "Menunggu bank."})
    assert Entry.objects.filter(act="note").count() == 1


def test_an_escalation_is_asked_answered_and_told_once(desk, client, office, consultation):
    bank = office.units.get(code="BANK")
    head = StaffFactory(office=office, role=Role.UNIT_HEAD, unit=bank)
    url = reverse("escalate", args=[consultation.number])
    sent = {"page": number_in(desk, url, url), "unit": bank.pk, "reason": "Mohon arahan."}
    assert {desk.post(url, sent).headers["Location"] for _ in range(2)} == {consultation.get_absolute_url()}
    asked = Escalation.objects.get()
    client.force_login(head)
    for act, sent in (("terima", {}), ("jawab", {"answer": "Rekening harus aktif."})):
        url = f"{asked.get_absolute_url()}{act}/"
        sent["page"] = number_in(client, asked.get_absolute_url(), url)
        assert [client.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert Entry.objects.filter(act__in=["accept_escalation", "answer_escalation"]).count() == 2


def test_a_head_whose_part_is_over_is_led_to_what_was_recorded(client, office, cso, consultation):
    bank = office.units.get(code="BANK")
    head = StaffFactory(office=office, role=Role.UNIT_HEAD, unit=bank)
    by = actors.officer(cso)
    escalations.escalate(consultation, bank, "Mohon arahan.", by=by, now=timezone.now())
    client.force_login(head)
    url = f"{consultation.get_absolute_url()}selesai/"
    sent = {"page": number_in(client, url, url), "answer": "Rekening pasif."}
    first, again = (client.post(url, sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert Entry.objects.filter(act="resolve").count() == 1


def test_a_document_handed_in_and_its_review_are_recorded_once(desk, consultation, cso):
    by = actors.officer(cso)
    asked = lifecycle.request_documents(consultation, ["Rekening koran"], by=by, now=timezone.now())
    (item,) = asked.items.all()
    page = consultation.get_absolute_url()
    url = f"{page}dokumen/{item.pk}/terima/"
    number = number_in(desk, page, url)
    for _ in range(2):
        desk.post(url, {"page": number, "attachments": upload("koran.pdf", pdf())})
    assert item.attachments.count() == 1
    url = f"{page}dokumen/{item.pk}/periksa/"
    sent = {"page": number_in(desk, page, url), "verdict": "accepted"}
    assert [desk.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert Entry.objects.filter(act="review_document").count() == 1


def test_an_answer_is_changed_and_withdrawn_once(desk, office):
    answer = PublicAnswerFactory(office=office)
    page = reverse("answer_edit", args=[answer.pk])
    said = {
        "category": answer.category.pk,
        "question": "Mengapa bank meretur?",
        "summary": "Karena rekening penerima pasif.",
        "answer": "Sampaikan surat ralat rekening.",
        "valid_from": "2026-11-20",
        "review_on": answer.review_on.isoformat(),
        "langkah": "terbitkan",
    }
    said["page"] = number_in(desk, page, page)
    assert [desk.post(page, said).status_code for _ in range(2)] == [302, 302]
    assert AnswerVersion.objects.count() == 2
    url = reverse("answer_withdraw", args=[answer.pk])
    sent = {"page": number_in(desk, page, url), "reason": "Tidak berlaku lagi."}
    first, again = (desk.post(url, sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"] == page


def test_a_held_question_is_accepted_once_and_leads_to_its_consultation_again(desk, office):
    held = HeldSubmissionFactory(office=office)
    url = reverse("held_accept", args=[held.pk])
    sent = {"page": number_in(desk, reverse("held_list"), url)}
    first, again = (desk.post(url, sent).headers["Location"] for _ in range(2))
    assert first == again == Consultation.objects.get().get_absolute_url()


def test_the_queue_is_run_once_by_each_press(desk, office, cso):
    now = timezone.now()
    calls.open_counter(CounterFactory(office=office, number=1), cso, now=now)
    tickets = [QueueTicketFactory(office=office, now=now) for _ in range(2)]
    page = reverse("queue_desk")
    sent = {"page": number_in(desk, page, reverse("queue_call"))}
    for _ in range(2):
        told = desk.post(reverse("queue_call"), sent, follow=True).content.decode()
    assert TOLD in told
    assert "masih dipanggil" not in told
    start = reverse("start_session")
    sent = {"page": number_in(desk, page, start), "ticket": tickets[0].pk}
    first, again = (desk.post(start, sent).headers["Location"] for _ in range(2))
    assert first == again == ServiceSession.objects.get().get_absolute_url()
    assert QueueTicket.objects.filter(status="waiting").get() == tickets[1]


def test_a_row_of_the_days_progress_is_told_once_without_a_reload(desk, consultation):
    url = reverse("progress_send", args=[consultation.number])
    sent = {
        "page": "5b4b6a0e-3c0f-4b7e-9a35-1b6f3c4f4d55",
        "text": "Sedang ditelaah.",
        "told_through": "telepon",
    }
    Consultation.objects.filter(pk=consultation.pk).update(
        progress_due_on=consultation.office.local_date(timezone.now())
    )
    first, again = (desk.post(url, sent, headers={"HX-Request": "true"}) for _ in range(2))
    assert first.status_code == 200
    assert again.headers["HX-Redirect"] == reverse("progress_today")
    assert Entry.objects.filter(act="post_progress").count() == 1


def test_a_number_is_forgotten_after_a_week(desk, consultation):
    desk.post(
        f"{consultation.get_absolute_url()}catatan/",
        {"page": "5b4b6a0e-3c0f-4b7e-9a35-1b6f3c4f4d55", "text": "Menunggu bank."},
    )
    sent_at = SentForm.objects.get().sent_at
    assert forget_sent(sent_at + KEPT_FOR - timedelta(seconds=1)) == 0
    assert forget_sent(sent_at + KEPT_FOR) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_the_second_waits_and_is_led_on(transactional_db):
    officer = StaffFactory(office=OfficeFactory(), role=Role.CSO)
    consultation = ConsultationFactory(office=officer.office, officer=officer)
    url, start = f"{consultation.get_absolute_url()}balas/", Barrier(4)
    sent = {"page": "5b4b6a0e-3c0f-4b7e-9a35-1b6f3c4f4d55", "text": "Mohon menunggu."}
    browsers = [Client() for _ in range(4)]
    for browser in browsers:
        browser.force_login(officer)

    def click(browser):
        try:
            start.wait()
            return browser.post(url, sent).headers["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        led_to = list(pool.map(click, browsers))
    assert set(led_to) == {consultation.get_absolute_url()}
    assert Entry.objects.filter(act="reply").count() == 1
    assert Message.objects.filter(kind="replied").count() == 1


def numbered_forms():
    """Every form of the desk that is posted: its template, and the name of the address it is sent to."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        text, name = path.read_text(), str(path.relative_to(TEMPLATES))
        staff_page = name == "base_desk.html" or 'extends "base_desk.html"' in text or "/partials/" in name
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL) if staff_page else ():
            action = re.search(r"action=\"\{(?:% url '?|\{ )([\w.]+)", form)
            yield pytest.param(name, action[1] if action else "", form, id=f"{name} {action and action[1]}")


@pytest.mark.parametrize(("template", "address", "form"), [*numbered_forms()])
def test_every_form_of_the_desk_that_records_something_carries_its_number(template, address, form):
    assert ("{% once" in form) != ((template, address) in UNNUMBERED)
