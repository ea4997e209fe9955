"""Every act on a ticket: done, refused with what was typed kept, and only by whom the rules allow."""

import pytest

from consultations import lifecycle
from consultations.enums import Act, LinkKind, ProgressChannel, Source, Status
from consultations.forms.ticket import ACT_FORMS, CallForm
from consultations.models import Consultation, DocumentItem, Link
from tests.factories import ConsultationFactory, OfficeFactory, RegulationFactory, forget_contact
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db
WITH_FIELDS = [
    form for form in ACT_FORMS if form.base_fields and form is not CallForm
]  # a call needs no words


@pytest.fixture
def do(desk, consultation, page_of):
    """Send one act's form on the ticket."""

    def do(act, on=consultation, **typed):
        return desk.post(page_of(on, act), typed)

    return do


@pytest.fixture
def done(do, consultation):
    """Send it, be led back to the ticket, and see the ticket as it is then."""

    def done(act, **typed):
        response = do(act, **typed)
        assert response.status_code == 302, dict(response.context["form"].errors)
        assert response.headers["Location"] == consultation.get_absolute_url()
        consultation.refresh_from_db()
        return consultation

    return done


def refused(response):
    """The errors of the form that came back, focused."""
    assert response.status_code == 422
    page = response.content.decode()
    assert page.count('class="form-errors" role="alert" tabindex="-1" autofocus') == 1
    context = response.context
    forms = [context["open_form"], context["refused_item"], *context["composer"]]
    (form,) = [form for form in forms if form is not None and form.errors]
    return dict(form.errors)


def last_entry(consultation):
    return consultation.entries.order_by("pk").last()


def test_a_new_question_is_taken(do, office, cso):
    new = ConsultationFactory(office=office)
    do("tangani", on=new)
    new.refresh_from_db()
    assert (new.status, new.officer) == (Status.IN_PROGRESS, cso)


def test_of_two_who_take_it_the_second_is_told(do, office, colleague):
    taken = ConsultationFactory(office=office, officer=colleague)
    errors = refused(do("tangani", on=taken))
    assert errors["__all__"] == [
        f"Tindakan “Ditangani petugas” tidak dapat dilakukan: konsultasi {taken} berstatus Diproses."
    ]


def test_a_colleagues_ticket_is_taken_over(client, colleague, consultation, page_of):
    client.force_login(colleague)
    client.post(page_of(consultation, "ambil-alih"))
    consultation.refresh_from_db()
    assert consultation.officer == colleague


def test_a_reply_goes_to_the_stakeholder_with_its_files(done):
    consultation = done("balas", text="Sedang kami periksa.", attachments=upload("surat.pdf", pdf()))
    entry = last_entry(consultation)
    assert (entry.act, entry.text, entry.is_public) == (Act.REPLY, "Sedang kami periksa.", True)
    assert [file.name for file in entry.attachments.all()] == ["surat.pdf"]


def test_a_note_stays_inside(done):
    entry = last_entry(done("catatan", text="Rekening tampaknya pasif."))
    assert (entry.act, entry.is_public) == (Act.NOTE, False)


def test_progress_leaves_by_e_mail(done):
    consultation = done("progres", text="Hampir selesai.", told_through="kirim")
    progress = consultation.progress_updates.get()
    assert (progress.channel, progress.message.recipient) == ("email", consultation.contact_email)


@pytest.mark.parametrize("channel", ["telepon", "whatsapp", "langsung"])
def test_progress_told_by_word_of_mouth_is_recorded_as_told(done, channel, at):
    progress = done("progres", text="Hampir selesai.", told_through=channel).progress_updates.get()
    assert (progress.channel, progress.told_at) == (ProgressChannel(channel), at(23, 9))


def test_without_an_address_e_mail_is_not_offered(do, office, cso, at):
    contact = lifecycle.Contact("Siti", "+6281234567890")
    unreachable = ConsultationFactory(office=office, officer=cso, contact=contact, now=at(20))
    assert list(refused(do("progres", on=unreachable, text="Hampir.", told_through="email"))) == [
        "told_through"
    ]


def test_documents_are_asked_from_the_checklist_and_in_free_lines(done):
    done(
        "minta-dokumen",
        listed=["Rekening koran penerima"],
        others="Surat kuasa\n\n  KTP \nSurat kuasa",
        note="Mohon hasil pindai berwarna.",
    )
    assert [item.name for item in DocumentItem.objects.all()] == [
        "Rekening koran penerima",
        "Surat kuasa",
        "KTP",
    ]
    assert DocumentItem.objects.first().request.note == "Mohon hasil pindai berwarna."


def test_the_checklist_of_the_category_is_laid_out(desk, consultation, page_of):
    page = desk.get(page_of(consultation, "minta-dokumen")).content.decode()
    assert 'value="Surat pemberitahuan retur"' in page
    assert 'value="Rekening koran penerima"' in page


def test_at_least_one_document_is_asked_for_and_not_too_many(do):
    assert list(refused(do("minta-dokumen", others=" \n"))) == ["__all__"]
    assert list(refused(do("minta-dokumen", others="\n".join(f"Dokumen {n}" for n in range(21))))) == [
        "__all__"
    ]
    assert list(refused(do("minta-dokumen", others="x" * 161))) == ["others"]
    assert list(refused(do("minta-dokumen", listed=["SPM palsu"]))) == ["listed"]


def test_documents_need_somebody_to_ask(do, office, cso, at):
    visitor = forget_contact(
        ConsultationFactory(office=office, officer=cso, source=Source.COUNTER, now=at(20))
    )
    (sentence,) = refused(do("minta-dokumen", on=visitor, others="KTP"))["__all__"]
    assert sentence == "Catat dahulu nomor telepon atau surel kontak person stakeholder."


def test_an_answer_resolves_and_names_its_basis(done):
    basis = RegulationFactory()
    consultation = done(
        "selesai", answer="Rekening pasif.", regulations=[basis.pk], attachments=upload("nd.pdf", pdf())
    )
    entry = last_entry(consultation)
    assert consultation.status == Status.RESOLVED
    assert [*entry.regulations.all()] == [basis]
    assert entry.attachments.get().name == "nd.pdf"


def test_the_rules_of_the_category_are_offered_to_cite_and_ticked_ones_stay(desk, do, consultation, page_of):
    fitting = RegulationFactory(category_codes=["RETUR"])
    other = RegulationFactory(category_codes=["PEMBAYARAN"])
    assert desk.get(page_of(consultation, "selesai")).context["regulations"] == [fitting]
    response = do("selesai", answer="", regulations=[other.pk])
    assert (response.context["ticked"], response.context["regulations"]) == ([other], [fitting])


def test_what_was_resolved_is_reopened_with_a_new_deadline(done, consultation, officer, at):
    lifecycle.resolve(consultation, "Sudah.", by=officer, now=at(20, 11))
    reopened = done("buka-kembali", reason="Masih diretur.")
    assert (reopened.status, reopened.due_at) == (Status.IN_PROGRESS, at(26, 17))


def test_another_agencys_matter_is_referred(done):
    consultation = done("rujuk", agency="PPID Kementerian Keuangan", channel="https://ppid.kemenkeu.go.id")
    assert consultation.status == Status.REFERRED
    assert "PPID Kementerian Keuangan" in last_entry(consultation).text


def test_a_cancellation_keeps_its_reason(done):
    consultation = done("batal", reason="Tercatat dua kali.")
    assert (consultation.status, last_entry(consultation).text) == (Status.CANCELLED, "Tercatat dua kali.")


def test_the_category_is_corrected(done, do, office, consultation):
    payments = office.categories.get(code="PEMBAYARAN")
    assert done("kategori", category=payments.pk).category == payments
    assert refused(do("kategori", category=payments.pk)) == {
        "category": ["Konsultasi ini sudah berkategori tersebut."]
    }
    foreign = OfficeFactory().categories.get(code="RETUR")
    assert list(refused(do("kategori", category=foreign.pk))) == ["category"]


def test_the_contact_person_is_recorded(done, do):
    consultation = done("kontak", name="Lalu Wirawan", phone="0812-3456-7890", email="")
    assert (consultation.contact_name, consultation.contact_phone) == ("Lalu Wirawan", "+6281234567890")
    assert list(refused(do("kontak", name="Lalu Wirawan"))) == ["__all__"]
    assert list(refused(do("kontak", name="Lalu Wirawan", phone="12"))) == ["phone"]


def test_the_form_of_the_contact_begins_with_the_one_known(desk, consultation, page_of):
    page = desk.get(page_of(consultation, "kontak")).content.decode()
    assert f'value="{consultation.contact_email}"' in page


def test_a_second_topic_becomes_a_ticket_of_its_own(do, office, consultation, cso):
    payments = office.categories.get(code="PEMBAYARAN")
    response = do("pecah", question="Bagaimana koreksi SPM?", category=payments.pk)
    part = Consultation.objects.exclude(pk=consultation.pk).get()
    assert response.headers["Location"] == part.get_absolute_url()
    assert (part.category, part.officer, part.received_at) == (payments, cso, consultation.received_at)
    assert Link.objects.get(consultation=part, to=consultation).kind == LinkKind.SPLIT


def test_tickets_are_linked_by_number_in_small_letters_too(done, office, consultation, at):
    earlier = ConsultationFactory(office=office, now=at(19))
    done("tautkan", kind="terkait", number=f" {earlier.number.lower()} ")
    assert Link.objects.get(consultation=consultation).to == earlier


def test_no_link_leads_to_itself_to_nothing_or_to_another_office(do, consultation):
    foreign = ConsultationFactory()
    unknown = {"number": ["Nomor konsultasi tidak ditemukan."]}
    assert refused(do("tautkan", kind="terkait", number=foreign.number)) == unknown
    assert refused(do("tautkan", kind="terkait", number="MTR-2026-999999")) == unknown
    assert list(refused(do("tautkan", kind="terkait", number=consultation.number))) == ["__all__"]
    assert list(refused(do("tautkan", kind="pecahan", number=consultation.number))) == ["kind"]


@pytest.mark.parametrize("form", WITH_FIELDS, ids=lambda form: form.path)
def test_an_empty_form_is_refused_in_words_and_changes_nothing(do, consultation, officer, at, form):
    if form.act == Act.REOPEN:
        lifecycle.resolve(consultation, "Sudah.", by=officer, now=at(20, 11))
    before = consultation.entries.count()
    assert refused(do(form.path))
    assert consultation.entries.count() == before


@pytest.mark.parametrize("typed", ["a\x00b", "x" * 100_000, " \n\t "])
@pytest.mark.parametrize(
    ("act", "field"),
    [("balas", "text"), ("catatan", "text"), ("progres", "text"), ("selesai", "answer"), ("batal", "reason"),
     ("rujuk", "agency"), ("rujuk", "channel"), ("kontak", "name"), ("pecah", "question"), ("tautkan", "number")],
)  # fmt: skip
def test_hostile_text_is_an_error_at_its_field(do, act, field, typed):
    assert field in refused(do(act, **{field: typed}))


def test_what_was_typed_comes_back(do):
    response = do("rujuk", agency="PPID <b>Kemenkeu</b>", channel="")
    assert "PPID &lt;b&gt;Kemenkeu&lt;/b&gt;" in response.content.decode()


def test_a_reply_written_while_a_colleague_resolved_it_is_not_lost(do, consultation, officer, at):
    lifecycle.resolve(consultation, "Sudah.", by=officer, now=at(20, 11))
    response = do("balas", text="Balasan yang panjang sekali.")
    assert list(refused(response)) == ["__all__"]
    assert "Balasan yang panjang sekali.</textarea>" in response.content.decode()


def test_a_bad_file_stops_the_reply_and_keeps_its_text(do):
    response = do("balas", text="Terlampir.", attachments=upload("nd.pdf", b"MZ"))
    assert list(refused(response)) == ["attachments"]
    assert "Terlampir.</textarea>" in response.content.decode()


def test_a_forms_address_opens_it_on_the_ticket(desk, consultation, page_of):
    response = desk.get(page_of(consultation, "rujuk"))
    assert response.context["open_form"].path == "rujuk"
    assert consultation.question in response.content.decode()


def test_htmx_gets_the_form_alone(desk, consultation, page_of):
    response = desk.get(page_of(consultation, "rujuk"), headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert b'name="agency"' in response.content
    assert "HX-Request" in response.headers["Vary"]


def test_the_progress_address_opens_its_tab_with_the_draft(desk, consultation, page_of):
    page = desk.get(page_of(consultation, "progres")).content.decode()
    assert 'id="tulis-progres" checked' in page
    assert "Perkembangan per 23 November 2026" in page


def test_only_the_tab_in_front_is_written_out_and_the_others_lead_to_theirs(desk, consultation, page_of):
    page = desk.get(page_of(consultation)).content.decode()
    assert 'id="balas_text"' in page
    assert 'id="catatan_text"' not in page
    assert f'<a href="{page_of(consultation, "catatan")}#tulis-catatan">' in page
    assert 'id="catatan_text"' in desk.get(page_of(consultation, "catatan")).content.decode()


def test_htmx_gets_the_fields_of_a_tab_the_progress_with_its_draft(desk, consultation, page_of):
    response = desk.get(page_of(consultation, "progres"), headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<form" not in page
    assert 'name="told_through"' in page
    assert "Perkembangan per 23 November 2026" in page


@pytest.mark.parametrize("act", ["buka-kembali", "tangani"])
def test_a_form_that_is_not_offered_leads_back_to_the_ticket(desk, consultation, page_of, act):
    response = desk.get(page_of(consultation, act))
    assert response.headers["Location"] == consultation.get_absolute_url()


@pytest.mark.parametrize("form", ACT_FORMS, ids=lambda form: form.path)
@pytest.mark.parametrize("role", ["office_head", "office_admin", "unit_head"])
def test_who_only_reads_does_nothing(client, request, consultation, page_of, form, role):
    client.force_login(request.getfixturevalue(role))
    assert client.post(page_of(consultation, form.path), {"text": "x"}).status_code == 403
    assert client.get(page_of(consultation, form.path)).status_code == 403


@pytest.mark.parametrize("form", ACT_FORMS, ids=lambda form: form.path)
@pytest.mark.parametrize("who", ["other_cso", "receptionist"])
def test_for_strangers_there_is_nothing_to_do_anything_to(client, request, consultation, page_of, form, who):
    client.force_login(request.getfixturevalue(who))
    assert client.post(page_of(consultation, form.path), {"text": "x"}).status_code == 404


def test_a_call_is_recorded_with_or_without_words(done):
    assert done("telepon", text="").entries.last().text == "Kabar telah disampaikan lewat telepon."
    assert done("telepon", text="Jawaban dibacakan.").entries.last().text == "Jawaban dibacakan."


@pytest.mark.parametrize(("email", "said"), [("siti@contoh.id", "telah dikirim"), ("", "mohon hubungi")])
def test_an_officer_learns_whether_a_reply_left(do, desk, office, cso, email, said):
    contact = lifecycle.Contact("Siti", "+62370633744", email)
    asked = ConsultationFactory(office=office, officer=cso, contact=contact)
    shown = desk.get(do("balas", on=asked, text="Mohon menunggu.").url)
    (told,) = shown.context["messages"]
    assert said in str(told)
