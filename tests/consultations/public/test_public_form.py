"""The public form: a question from whoever has one."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultations.enums import Channel, Source, Status
from consultations.models import Consultation, HeldSubmission
from consultations.views import public
from notifications.models import Message
from offices.models import ServiceStandard
from stakeholders.models import Satker, Stakeholder
from tests import samples
from tests.factories import CategoryFactory, OfficeFactory

SATKER = {"kind": "satker", "satker_code": "023704", "satker_name": "UNIVERSITAS MATARAM"}
UNPROCESSABLE = 422
TOO_MANY = 429
MEGABYTE = 1024 * 1024


def errors(response):
    return {field: list(said) for field, said in response.context["form"].errors.items()}


def test_a_question_becomes_a_consultation_with_a_receipt(client, form_url, office, answers):
    response = client.post(form_url, answers)

    consultation = Consultation.objects.get()
    assert re.fullmatch(r"/lacak/[A-Za-z0-9_-]{22}/tanda-terima/", response.url)
    assert (consultation.office, consultation.status) == (office, Status.NEW)
    assert (consultation.source, consultation.channel) == (Source.FORM, Channel.ONLINE)
    assert consultation.category.code == "RETUR"
    assert consultation.question == answers["question"]
    assert consultation.contact_name == "Siti Rahma"
    assert (consultation.contact_email, consultation.contact_phone) == ("siti@contoh.id", "+6281234567890")
    assert client.get(response.url).context["consultation"] == consultation
    assert Message.objects.get().recipient == "siti@contoh.id"


def test_who_speaks_for_a_satker_gives_its_code_and_name(client, form_url, answers):
    client.post(form_url, answers | SATKER)

    person = Stakeholder.objects.select_related("satker").get()
    assert person.affiliation == "UNIVERSITAS MATARAM (023704)"
    assert not person.satker.is_listed


def test_a_known_satker_keeps_its_official_name(client, form_url, answers):
    Satker.objects.create(code="023704", name="UNIVERSITAS MATARAM")

    client.post(form_url, answers | SATKER | {"satker_name": "Unram"})

    assert Satker.objects.get().name == "UNIVERSITAS MATARAM"


def test_who_asks_twice_is_one_person(client, form_url, answers):
    client.post(form_url, answers)
    client.post(
        form_url, answers | samples.browser_work() | {"page": str(uuid.uuid4()), "question": "Satu lagi"}
    )

    assert Stakeholder.objects.count() == 1
    assert Consultation.objects.count() == 2


def test_the_same_page_sent_to_two_offices_asks_each(client, answers, office):
    offices = [office, OfficeFactory()]
    for each in offices:
        client.post(reverse("public_form", args=[each.slug]), answers)

    assert [asked.office for asked in Consultation.objects.order_by("pk")] == offices


@pytest.mark.parametrize("contact", ["email", "phone"])
def test_one_contact_is_enough(client, form_url, answers, contact):
    client.post(form_url, answers | {contact: ""})

    assert Consultation.objects.get().has_contact


def test_without_any_contact_the_form_says_why_one_is_needed(client, form_url, answers):
    response = client.post(form_url, answers | {"email": "", "phone": " "})

    assert response.status_code == UNPROCESSABLE
    assert errors(response) == {
        "email": ["Isi alamat surel atau nomor telepon, agar jawaban dapat kami sampaikan."]
    }


def test_a_wrong_contact_is_one_error_and_not_two(client, form_url, answers):
    response = client.post(form_url, answers | {"email": "", "phone": "12"})

    assert errors(response) == {"phone": ["Nomor telepon belum sesuai, contoh 081234567890."]}


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("satker", {"satker_code", "satker_name"}),
        ("pemda", {"organisation"}),
        ("bank_pos", {"organisation"}),
        ("penyedia", {"organisation"}),
        ("unit_kemenkeu", {"organisation"}),
        ("perorangan_pensiunan", set()),
        ("masyarakat", set()),
        ("lainnya", set()),
    ],
)
def test_each_kind_of_stakeholder_is_asked_what_fits_it(client, form_url, answers, kind, needed):
    response = client.post(form_url, answers | {"kind": kind})

    assert (set(errors(response)) if response.status_code == UNPROCESSABLE else set()) == needed
    assert Consultation.objects.exists() is not bool(needed)


def test_what_was_typed_for_another_kind_is_forgotten(client, form_url, answers):
    client.post(form_url, answers | {"satker_code": "abc", "satker_name": "\0", "organisation": "CV Lama"})

    person = Stakeholder.objects.get()
    assert (person.satker, person.organisation) == (None, "")


def test_an_error_stands_at_its_field_and_what_was_typed_is_kept(client, form_url, answers):
    response = client.post(form_url, answers | SATKER | {"satker_code": "12"})

    page = response.content.decode()
    assert response.status_code == UNPROCESSABLE
    assert errors(response) == {"satker_code": ["Kode satker terdiri atas 6 digit angka, contoh 123456."]}
    assert '<a href="#id_satker_code">' in page
    assert answers["question"] in page
    assert 'value="siti@contoh.id"' in page
    assert not Consultation.objects.exists()


def test_a_bad_file_is_refused_by_name_and_the_rest_survives(client, form_url, answers):
    files = [samples.upload("program.pdf", b"MZ\x90\x00"), samples.upload("surat.pdf", samples.pdf())]
    response = client.post(form_url, answers | {"attachments": files})

    assert [said[:15] for said in errors(response)["attachments"]] == ["“program.pdf”: "]
    assert answers["question"] in response.content.decode()
    assert "pilih kembali berkasnya" in response.content.decode()


def test_files_come_with_the_question(client, form_url, answers):
    files = [samples.upload("surat.pdf", samples.pdf()), samples.upload("layar.png", samples.image("PNG"))]
    client.post(form_url, answers | {"attachments": files})

    attached = Consultation.objects.get().attachments
    assert list(attached.values_list("name", "content_type")) == [
        ("surat.pdf", "application/pdf"),
        ("layar.png", "image/png"),
    ]


def test_a_file_sent_with_the_wish_for_none_is_kept(client, form_url, answers):
    contradiction = {"attachments": samples.upload("surat.pdf", samples.pdf()), "attachments-clear": "on"}
    client.post(form_url, answers | contradiction)

    assert Consultation.objects.get().attachments.get().name == "surat.pdf"


def test_a_second_click_leads_to_the_same_receipt(client, form_url, answers):
    def send():
        return client.post(
            form_url, answers | {"attachments": samples.upload("surat.pdf", samples.pdf())}
        ).url

    assert send() == send()
    assert Consultation.objects.count() == 1


@pytest.mark.parametrize("edit", [{"question": "Pertanyaan lain"}, {"email": "lain@contoh.id"}])
def test_an_edited_form_sent_again_from_the_same_page_is_not_lost(client, form_url, answers, edit):
    client.post(form_url, answers)
    client.post(form_url, answers | edit)

    assert (Consultation.objects.count(), HeldSubmission.objects.count()) == (1, 1)


def test_another_file_sent_again_from_the_same_page_is_not_lost(client, form_url, answers):
    client.post(form_url, answers)
    client.post(form_url, answers | {"attachments": samples.upload("surat.pdf", samples.pdf())})

    assert (Consultation.objects.count(), HeldSubmission.objects.count()) == (1, 1)


def test_each_page_has_a_number_of_its_own(client, form_url):
    assert (
        client.get(form_url).context["form"]["page"].value()
        != client.get(form_url).context["form"]["page"].value()
    )


def test_the_documents_of_a_category_are_shown_before_sending(client, form_url):
    part = client.get(form_url, {"category": "RETUR"}, headers={"HX-Request": "true"})

    assert "Surat pemberitahuan retur" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize("category", ["", "TIDAK_ADA", "RETUR\0", "9" * 5_000])
def test_an_unknown_category_shows_no_documents(client, form_url, category):
    part = client.get(form_url, {"category": category}, headers={"HX-Request": "true"})

    assert part.content.decode().strip() == ""


def test_without_javascript_every_categorys_documents_can_be_read(client, form_url):
    page = client.get(form_url).content.decode()

    assert "Surat pemberitahuan retur, Rekening koran penerima" in page[page.index("<noscript>") :]


def test_a_category_that_is_no_longer_offered_or_anothers_is_refused(client, form_url, office, answers):
    office.categories.filter(code="RETUR").update(is_active=False)
    CategoryFactory(unit__office=OfficeFactory(), code="LAIN")

    for category in ("RETUR", "LAIN"):
        assert set(errors(client.post(form_url, answers | {"category": category}))) == {"category"}


def test_the_privacy_notice_says_what_the_law_asks_for(client, form_url, office):
    page = client.get(form_url).content.decode()

    for part in ("Tujuan", "Dasar", "Data", "Penyimpanan", "Hak Bapak/Ibu", "Kontak", office.full_name):
        assert part in page


def test_the_form_names_the_channels_for_what_is_no_consultation(client, form_url, office):
    office.standards.update(complaint_channels="SIPANDU https://pengaduandjpb.kemenkeu.go.id")
    page = client.get(form_url).content.decode()

    assert '<a href="https://pengaduandjpb.kemenkeu.go.id"' in page
    assert "Pejabat Pengelola Informasi dan Dokumentasi (PPID)" in page
    assert "Kantor Pelayanan Pajak (KPP)" in page


def test_an_office_without_a_standard_keeps_what_was_typed(client, form_url, answers):
    ServiceStandard.objects.all().delete()
    response = client.post(form_url, answers)

    assert response.status_code == UNPROCESSABLE
    assert "Belum ada standar pelayanan" in response.content.decode()
    assert answers["question"] in response.content.decode()
    assert not Stakeholder.objects.exists()


def test_an_unknown_office_is_not_found(client, office):
    assert client.get("/tidak-ada/konsultasi/").status_code == 404


def test_too_many_forms_from_one_address_are_put_off_with_the_text_kept(
    client, form_url, answers, monkeypatch
):
    monkeypatch.setattr(public, "FORMS_PER_ADDRESS", 1)
    client.post(form_url, answers)
    response = client.post(form_url, answers | {"question": "Pertanyaan kedua"})

    assert response.status_code == TOO_MANY
    assert "Terlalu banyak kiriman" in response.content.decode()
    assert "Pertanyaan kedua" in response.content.decode()
    other = client.post(form_url, answers | {"question": "Dari tempat lain"}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 302


def test_nobodys_mailbox_is_flooded_through_the_form(client, form_url, answers, monkeypatch):
    monkeypatch.setattr(public, "QUESTIONS_PER_CONTACT", 1)
    client.post(form_url, answers)
    again = answers | samples.browser_work() | {"question": "Lagi", "email": "SITI@contoh.id"}
    response = client.post(form_url, again)

    assert response.status_code == TOO_MANY
    assert Consultation.objects.count() == 1


def test_nobody_floods_the_desk_in_the_name_of_a_satker(client, form_url, answers, monkeypatch):
    monkeypatch.setattr(public, "QUESTIONS_PER_SATKER", 1)
    client.post(form_url, answers | SATKER)
    again = answers | SATKER | samples.browser_work() | {"question": "Lagi", "email": "lain@contoh.id"}
    response = client.post(form_url, again)

    assert response.status_code == TOO_MANY
    assert "Lagi" in response.content.decode()


@pytest.mark.parametrize("limit", ["QUESTIONS_PER_CONTACT", "QUESTIONS_PER_SATKER"])
def test_what_is_held_uses_up_nobodys_questions(client, form_url, answers, monkeypatch, limit):
    monkeypatch.setattr(public, limit, 1)
    for number in range(3):
        spam = {"question": f"Beli sekarang {number}", "solution": ""}
        assert client.post(form_url, answers | SATKER | spam).url.startswith("/lacak/tertahan/")
    client.post(form_url, answers | SATKER)

    assert Consultation.objects.get().question == answers["question"]


def test_who_was_put_off_sends_the_same_again_later(client, form_url, answers, monkeypatch, time_machine):
    monkeypatch.setattr(public, "QUESTIONS_PER_CONTACT", 1)
    client.post(form_url, answers)
    again = answers | samples.browser_work() | {"question": "Lagi"}
    assert client.post(form_url, again).status_code == TOO_MANY
    time_machine.move_to(timezone.now() + public.HOUR)

    assert client.post(form_url, again).url.endswith("/tanda-terima/")


def test_the_form_is_not_kept_by_browsers_and_needs_its_csrf_token(form_url, client, answers):
    assert "no-store" in client.get(form_url).headers["Cache-Control"]
    assert Client(enforce_csrf_checks=True).post(form_url, answers).status_code == 403


HOSTILE = {
    "nul": "a\0b",
    "one megabyte": "a" * MEGABYTE,
    "emoji": "👩‍👩‍👧 🇮🇩",
    "right to left": "\u202eגבא abc",
    "sql": "'; DROP TABLE consultations_consultation; --",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{ form }}{% debug %}",
    "broken unicode": b"\xff\xfe\xed\xa0\x80",
    "spaces": "\u200b\u3000 ",
    "number": "9" * 400,
}
TEXTS = (
    "name",
    "role",
    "email",
    "phone",
    "kind",
    "category",
    "question",
    "page",
    "note",
    "satker_code",
    "satker_name",
)


@pytest.mark.parametrize("field", [*TEXTS, "organisation", "attachments"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_typed_is_stored_as_text_or_refused(client, form_url, answers, field, text):
    kind = {"organisation": {"kind": "pemda"}}.get(field, SATKER if field.startswith("satker") else {})
    response = client.post(form_url, answers | kind | {field: text})

    if is_taken := response.status_code == 302:
        page = client.get(response.url)
    else:
        page = response
        assert page.status_code == UNPROCESSABLE
        assert page.context["form"].errors
    assert (Consultation.objects.exists() or HeldSubmission.objects.exists()) is is_taken
    assert "<script>alert" not in page.content.decode()
    assert "onerror=alert" not in page.content.decode().replace("&lt;img src=x onerror=alert", "")


@pytest.mark.parametrize(
    "text", [HOSTILE[name] for name in ("emoji", "right to left", "sql", "html", "template")]
)
def test_a_question_in_any_script_is_kept_as_it_was_written(client, form_url, answers, text):
    client.post(form_url, answers | {"question": text})

    assert Consultation.objects.get().question == text


@pytest.mark.parametrize("length", [5_000, 5_001])
def test_a_question_has_at_most_five_thousand_characters(client, form_url, answers, length):
    response = client.post(form_url, answers | {"question": "a" * length})

    assert (response.status_code == 302) is (length == 5_000)


def test_text_where_a_file_belongs_is_ignored(client, form_url, answers):
    assert client.post(form_url, answers | {"attachments": "../../etc/passwd"}).status_code == 302


def test_the_form_costs_few_statements(client, form_url, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get(form_url)


def test_a_question_costs_few_statements(client, form_url, answers):
    """At its dearest: a satker and a person nobody knew, and a file; begin, commit and savepoints aside."""
    sent = answers | SATKER | {"attachments": samples.upload("surat.pdf", samples.pdf())}
    with CaptureQueriesContext(connection) as captured:
        client.post(form_url, sent)

    statements = [query["sql"].split()[0] for query in captured]
    assert len([word for word in statements if word not in ("SAVEPOINT", "RELEASE")]) <= 22


def test_the_deadline_is_counted_from_the_day_it_was_sent_at_the_office(
    client, form_url, answers, at, time_machine
):
    time_machine.move_to(at(20, 23, 30), tick=False)
    client.post(form_url, answers | samples.browser_work())

    consultation = Consultation.objects.get()
    assert (consultation.received_at, consultation.due_at) == (at(20, 23, 30), at(25, 17))


@pytest.fixture
def whatsapp(office):
    """The office sends by WhatsApp as well."""
    office.sends_whatsapp, office.whatsapp_phone_number_id = True, "106540352242922"
    office.save()


def test_where_the_office_has_two_channels_the_stakeholder_chooses(client, form_url, answers, whatsapp):
    assert "Kabar dikirim melalui" in client.get(form_url).content.decode()
    client.post(form_url, answers | {"channel": "whatsapp"})
    message = Message.objects.get()
    assert (message.channel, message.recipient) == ("whatsapp", "+6281234567890")


def test_where_the_office_has_one_channel_nothing_is_asked(client, form_url):
    assert "Kabar dikirim melalui" not in client.get(form_url).content.decode()


@pytest.mark.parametrize(("channel", "field"), [("whatsapp", "phone"), ("email", "email")])
def test_the_channel_chosen_needs_its_address(client, form_url, answers, whatsapp, channel, field):
    response = client.post(form_url, answers | {"channel": channel, field: ""})
    assert list(errors(response)) == [field]


def test_whatsapp_is_not_for_a_landline(client, form_url, answers, whatsapp):
    response = client.post(form_url, answers | {"channel": "whatsapp", "phone": "(0370) 633744"})
    assert list(errors(response)) == ["phone"]


@pytest.mark.parametrize(
    ("channel", "named"),
    [("whatsapp", "melalui WhatsApp ke 0812-3456-7890"), ("email", "melalui surel ke siti@contoh.id")],
)
def test_the_receipt_names_where_the_link_was_sent(client, form_url, answers, whatsapp, channel, named):
    receipt = client.post(form_url, answers | {"channel": channel}, follow=True)
    assert f"Tautan ini juga kami kirim {named}." in receipt.content.decode()


def test_the_receipt_promises_no_message_to_whom_only_a_call_reaches(client, form_url, answers):
    receipt = client.post(form_url, answers | {"email": "", "phone": "(0370) 633744"}, follow=True)
    assert "juga kami kirim" not in receipt.content.decode()


DIRECTLY = "jawaban langsung sampai kepada Bapak/Ibu"


@pytest.fixture
def office_sends(office, whatsapp):
    """`office_sends(email=False, whatsapp=True)` is what the office sends news through."""

    def set_channels(*, email, whatsapp):
        office.sends_email, office.sends_whatsapp = email, whatsapp
        office.save()

    return set_channels


@pytest.mark.parametrize(
    ("email", "whatsapp_too", "promised", "at_the_email"),
    [
        (True, False, f"Dengan surel, {DIRECTLY}", "jawaban kami kirim ke surel ini"),
        (True, True, f"Dengan surel atau WhatsApp, {DIRECTLY}", "jawaban dapat kami kirim ke surel ini"),
        (False, True, f"Dengan nomor WhatsApp, {DIRECTLY}", "Kantor ini belum berkirim surel."),
        (False, False, "agar petugas dapat menghubungi Bapak/Ibu", "Kantor ini belum berkirim surel."),
    ],
)
def test_the_form_promises_only_what_the_office_sends(
    client, form_url, office_sends, email, whatsapp_too, promised, at_the_email
):
    office_sends(email=email, whatsapp=whatsapp_too)
    response = client.get(form_url)

    assert promised in response.content.decode()
    assert (DIRECTLY in response.content.decode()) is (email or whatsapp_too)
    assert at_the_email in response.context["form"]["email"].help_text


@pytest.mark.parametrize("by_whatsapp", [True, False])
@pytest.mark.parametrize("email", ["siti@contoh.id", ""])
def test_an_office_that_sends_no_mail_needs_a_telephone_number(
    client, form_url, answers, office_sends, by_whatsapp, email
):
    office_sends(email=False, whatsapp=by_whatsapp)
    said = (
        "Kantor ini belum berkirim surel. Mohon isi nomor telepon agar petugas dapat menghubungi Bapak/Ibu."
    )

    assert errors(client.post(form_url, answers | {"email": email, "phone": " "})) == {"phone": [said]}
    assert client.post(form_url, answers | {"email": email}).url.endswith("/tanda-terima/")
