"""Taking a question down while the visitor waits."""

from uuid import uuid4

import pytest

from consultations.enums import Act, ContactChannel, Source, Status
from consultations.models import Attachment, Consultation
from notifications.models import Message
from stakeholders.models import Satker, Stakeholder
from tests.factories import OfficeFactory, RegulationFactory, SatkerFactory, StaffFactory, StakeholderFactory
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db
PAGE = "/meja/konsultasi/baru/"


@pytest.fixture
def filled(office):
    """What an officer types for a visitor of a satker whose answer is not ready."""
    return {
        "page": str(uuid4()),
        "source": "loket",
        "received_at": "2026-11-23T09:00",
        "kind": "satker",
        "name": "Siti Rahmawati",
        "phone": "0812-3456-7890",
        "satker_code": SatkerFactory(name="PENGADILAN NEGERI MATARAM").code,
        "category": office.categories.get(code="RETUR").pk,
        "question": "Mengapa SP2D honor kami diretur?",
        "outcome": "tindak_lanjut",
    }


@pytest.fixture
def save(desk, filled):
    def save(**changes):
        return desk.post(PAGE, {**filled, **changes})

    return save


def errors(response):
    assert response.status_code == 422
    assert not Consultation.objects.exists()
    return dict(response.context["form"].errors)


def test_a_question_to_follow_up_becomes_the_officers_own_ticket(save, cso, at):
    response = save()
    consultation = Consultation.objects.get()
    assert response.headers["Location"] == consultation.get_absolute_url()
    assert (consultation.status, consultation.officer) == (Status.IN_PROGRESS, cso)
    assert (consultation.channel, consultation.source) == ("tatap_muka", Source.COUNTER)
    assert consultation.due_at == at(26, 17)
    assert consultation.stakeholder.affiliation.startswith("PENGADILAN NEGERI MATARAM")
    assert consultation.contact_phone == "+6281234567890"


def test_a_question_answered_on_the_spot_is_resolved_with_its_basis(save):
    basis = RegulationFactory(), RegulationFactory()
    save(
        outcome="selesai",
        answer="Rekening penerima pasif.",
        regulations=[each.pk for each in basis],
        phone="",
    )
    consultation = Consultation.objects.get()
    entry = consultation.entries.get(act=Act.RESOLVE)
    assert consultation.status == Status.RESOLVED
    assert entry.text == "Rekening penerima pasif."
    assert set(entry.regulations.all()) == set(basis)


def test_the_same_page_sent_twice_opens_one_ticket(save):
    first, second = save(), save()
    assert first.headers["Location"] == second.headers["Location"]
    assert Consultation.objects.count() == 1


def test_a_page_gone_back_to_and_filled_for_the_next_visitor_opens_another(save):
    save()
    save(name="Lalu Wirawan", phone="0812-9999-0000", question="Bagaimana cara mendaftar supplier?")
    assert Consultation.objects.count() == 2


@pytest.mark.parametrize("source", ["telepon", "whatsapp", "email", "hai_cso", "surat"])
def test_every_other_way_in_is_online(save, source):
    save(source=source, external_reference="HAI-2026-4711")
    consultation = Consultation.objects.get()
    assert (consultation.channel, consultation.source) == ("online", source)
    assert consultation.external_reference == "HAI-2026-4711"


def test_the_public_form_is_not_a_way_in_at_the_desk(save):
    assert list(errors(save(source="formulir"))) == ["source"]


def test_a_moment_in_the_past_anchors_the_deadline(save, at):
    save(received_at="2026-11-17T14:30")
    consultation = Consultation.objects.get()
    assert consultation.received_at == at(17, 14, 30)
    assert consultation.recorded_at == at(23, 9)
    assert consultation.due_at == at(20, 17)


def test_the_moment_is_read_and_shown_on_the_offices_wall(client, filled, at):
    office = OfficeFactory(time_zone="Asia/Jayapura")
    client.force_login(StaffFactory(office=office, role="cso"))
    page = client.get(PAGE).content.decode()
    assert "Waktu diterima (WIT)" in page
    assert 'value="2026-11-23T10:00"' in page
    category = office.categories.get(code="RETUR").pk
    client.post(PAGE, {**filled, "received_at": "2026-11-23T09:30", "category": category})
    assert Consultation.objects.get().received_at == at(23, 8, 30)


@pytest.mark.parametrize("received_at", ["2026-11-23T09:01", "2027-01-01T00:00", "9999-12-31T23:59"])
def test_the_future_is_refused(save, received_at):
    assert errors(save(received_at=received_at)) == {
        "received_at": ["Waktu diterima tidak boleh di masa depan."]
    }


@pytest.mark.parametrize("received_at", ["", "kemarin", "0000-00-00T00:00", "2026-11-31T09:00", "\x00"])
def test_a_moment_that_is_none_is_explained_at_its_field(save, received_at):
    assert list(errors(save(received_at=received_at))) == ["received_at"]


def test_a_moment_before_any_standard_is_refused_with_a_reason(save):
    (sentence,) = errors(save(received_at="0001-01-01T00:00"))["__all__"]
    assert sentence.startswith("Belum ada standar pelayanan")


@pytest.mark.parametrize(
    "changes", [{}, {"source": "telepon", "outcome": "selesai", "answer": "Sudah dijelaskan."}]
)
def test_a_follow_up_and_whatever_is_not_face_to_face_needs_somebody_to_reach(save, changes):
    assert list(errors(save(phone="", **changes))) == ["phone"]


def test_a_visitor_answered_on_the_spot_need_not_leave_a_number(save):
    save(phone="", outcome="selesai", answer="Sudah dijelaskan.")
    assert Consultation.objects.get().contact_phone == ""


def test_an_answer_on_the_spot_must_be_written(save):
    assert list(errors(save(outcome="selesai"))) == ["answer"]


def test_somebody_else_can_be_the_contact_person(save):
    save(contact_name="Lalu Wirawan", contact_email="lalu@contoh.id")
    consultation = Consultation.objects.get()
    assert consultation.stakeholder.name == "Siti Rahmawati"
    assert (consultation.contact_name, consultation.contact_email) == ("Lalu Wirawan", "lalu@contoh.id")
    assert consultation.contact_phone == ""


def test_another_contact_person_has_a_name_and_can_be_reached(save):
    assert list(errors(save(contact_email="lalu@contoh.id"))) == ["contact_name"]
    assert list(errors(save(contact_name="Lalu Wirawan"))) == ["contact_phone"]


def test_a_satker_that_no_list_has_is_kept_under_the_name_given(save):
    assert list(errors(save(satker_code="999999"))) == ["satker_name"]
    save(satker_code="999999", satker_name="SATKER BARU")
    assert Satker.objects.get(code="999999").name == "SATKER BARU"


def test_a_satkers_person_names_the_satker(save):
    assert errors(save(satker_code="")) == {"satker_code": ["Kode satker wajib diisi."]}
    assert list(errors(save(satker_code="12"))) == ["satker_code"]


def test_somebody_of_no_satker_has_none_whatever_was_typed_before(save):
    save(kind="pemda", organisation="BPKAD Kota Mataram")
    person = Consultation.objects.get().stakeholder
    assert person.satker is None
    assert person.organisation == "BPKAD Kota Mataram"


def test_somebody_known_is_not_written_down_twice(save, office, filled):
    known = StakeholderFactory(
        office=office,
        of_satker=True,
        satker=Satker.objects.get(code=filled["satker_code"]),
        name="Siti Rahmawati",
        phone="+6281234567890",
    )
    save(role="PPSPM")
    assert Stakeholder.objects.get() == known
    assert Stakeholder.objects.get().role == "PPSPM"


def test_nothing_is_kept_of_a_person_whose_question_is_refused(save):
    errors(save(received_at="0001-01-01T00:00"))
    assert not Stakeholder.objects.exists()


def test_files_come_with_the_question(save):
    save(attachments=upload("SP2D retur.pdf", pdf()))
    assert Attachment.objects.get().name == "SP2D retur.pdf"


def test_a_bad_file_is_named_and_the_rest_of_the_form_survives(save):
    response = save(attachments=upload("gaji.pdf", b"MZ\x90\x00"))
    assert "gaji.pdf" in errors(response)["attachments"][0]
    assert "Mengapa SP2D honor kami diretur?" in response.content.decode()


@pytest.mark.parametrize(
    "field",
    ["name", "phone", "email", "role", "nip", "satker_code", "satker_name", "organisation", "external_reference",
     "contact_name", "question", "answer", "category", "source", "kind", "outcome", "page", "regulations"],
)  # fmt: skip
@pytest.mark.parametrize("typed", ["a\x00b", "x" * 1_000_000])
def test_hostile_input_is_an_error_at_its_field(save, field, typed):
    changes = {field: typed}
    if field == "answer":
        changes["outcome"] = "selesai"
    assert field in errors(save(**changes))


def test_markup_and_emoji_are_stored_and_shown_as_text(save, desk):
    response = save(question="<b>'; DROP TABLE x; --</b> 🙏🏽 \u202eabc")
    assert Consultation.objects.get().question == "<b>'; DROP TABLE x; --</b> 🙏🏽 \u202eabc"
    assert "&lt;b&gt;" in desk.get(response.headers["Location"]).content.decode()


def test_errors_keep_what_was_typed_and_lead_to_their_fields(save):
    response = save(name="", nip="12")
    page = response.content.decode()
    assert 'role="alert" tabindex="-1" autofocus' in page
    assert '<a href="#id_name">' in page
    assert '<a href="#id_nip">' in page
    assert 'value="0812-3456-7890"' in page


def test_a_category_of_another_office_cannot_be_chosen(save):
    foreign = OfficeFactory().categories.get(code="RETUR")
    assert list(errors(save(category=foreign.pk))) == ["category"]


def test_a_category_no_longer_offered_cannot_be_chosen(save, office):
    office.categories.update(is_active=False)
    assert list(errors(save())) == ["category"]


def test_a_receptionist_takes_down_and_leaves_the_rest_to_the_officers(client, receptionist, filled):
    client.force_login(receptionist)
    response = client.post(PAGE, {**filled, "outcome": "selesai", "answer": "Jawaban resepsionis."})
    consultation = Consultation.objects.get()
    assert (consultation.status, consultation.officer) == (Status.NEW, None)
    assert response.headers["Location"] == f"/meja/konsultasi/{consultation.number}/tanda-terima/"


def test_a_receptionist_sees_no_field_for_an_answer(client, receptionist):
    client.force_login(receptionist)
    page = client.get(PAGE).content.decode()
    assert 'name="outcome"' not in page
    assert 'name="answer"' not in page


def test_an_e_mail_address_gets_the_confirmation(save):
    save(email="siti@contoh.id")
    assert Message.objects.get(kind="received").recipient == "siti@contoh.id"


@pytest.mark.parametrize("role", ["unit_head", "office_head", "office_admin"])
def test_heads_and_the_administrator_take_no_questions_down(client, request, filled, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, filled).status_code == 403
    assert not Consultation.objects.exists()


@pytest.fixture
def whatsapp(office):
    office.sends_whatsapp, office.whatsapp_phone_number_id = True, "106540352242922"
    office.save()


def test_where_the_office_has_two_channels_the_officer_asks_which(save, desk, whatsapp):
    assert "Kabar dikirim melalui" in desk.get(PAGE).content.decode()
    save(email="siti@contoh.id", channel="whatsapp")
    assert Consultation.objects.get().contact_channel == ContactChannel.WHATSAPP


def test_where_the_office_has_one_channel_the_officer_asks_nothing(desk):
    assert "Kabar dikirim melalui" not in desk.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("channel", "field", "changes"),
    [
        ("email", "email", {}),
        ("whatsapp", "phone", {"phone": "(0370) 633744", "email": "siti@contoh.id"}),
        ("whatsapp", "contact_phone", {"contact_name": "Lalu", "contact_email": "lalu@contoh.id"}),
    ],
)
def test_the_channel_chosen_needs_the_contact_persons_address(save, whatsapp, channel, field, changes):
    assert list(errors(save(channel=channel, **changes))) == [field]


def test_a_number_of_another_system_entered_twice_leads_to_the_first(save):
    save(source="hai_cso", external_reference="HAI-2026-4711")
    first = Consultation.objects.get()
    again = save(page=str(uuid4()), source="hai_cso", external_reference="hai-2026-4711", name="Lalu Wirawan")
    page = again.content.decode()
    assert again.status_code == 422
    assert f'href="{first.get_absolute_url()}"' in page
    assert "Lalu Wirawan" in page
    assert list(again.context["form"].errors) == ["external_reference"]
    assert Consultation.objects.get() == first
    assert Stakeholder.objects.get() == first.stakeholder


def test_a_receptionist_leaves_no_question_whose_answer_reaches_nobody(client, receptionist, filled):
    client.force_login(receptionist)
    assert list(errors(client.post(PAGE, {**filled, "phone": ""}))) == ["phone"]
