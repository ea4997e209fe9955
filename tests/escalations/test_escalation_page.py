"""One screen on which a head reads what matters and decides."""

import pytest

from consultations import actors, lifecycle
from consultations.enums import Act, Status
from escalations import services
from escalations.enums import EscalationStatus
from escalations.models import Escalation
from offices.enums import AppointmentKind, Role
from tests.factories import OfficeFactory, RegulationFactory, StaffFactory, paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _friday_noon(time_machine, at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    time_machine.move_to(at(20, 12), tick=False)


@pytest.fixture
def address(escalation):
    return f"/eskalasi/{escalation.pk}/"


@pytest.fixture
def as_head(client, bank_head):
    client.force_login(bank_head)
    return client


def status_of(escalation):
    return Escalation.objects.get(pk=escalation.pk).status


def test_the_head_finds_everything_on_one_screen(as_head, address, consultation, escalation, officer, at):
    rule = RegulationFactory(title="Retur SP2D")
    lifecycle.reply(consultation, "Kami pelajari dahulu.", by=officer, now=at(20, 11), regulations=[rule])
    lifecycle.note(
        consultation, "Bank sudah ditelepon.", by=officer, now=at(20, 11), files=[paper("koran.pdf")]
    )
    text = as_head.get(address).content.decode()
    assert "Apakah rekening pasif boleh dipakai?" in text
    assert consultation.question in text
    assert "Bank sudah ditelepon." in text
    assert "Hanya terlihat oleh petugas" in text
    assert rule.citation in text
    assert f'/{consultation.attachments.get().public_id}/"' in text
    assert "Ditandatangani selaku <strong>Kepala Seksi Bank</strong>" in text
    assert "25 November 2026 pukul 17.00" in text
    assert "1 jam (jam kerja)" in text


def test_earlier_escalations_of_the_consultation_are_shown(
    client, consultation, escalation, bank_head, treasury, treasury_head, at
):
    onward = services.forward(
        escalation,
        treasury,
        "Menyangkut SPM.",
        by=actors.head(bank_head, "Kepala Seksi Bank"),
        now=at(20, 12),
    )
    client.force_login(treasury_head)
    text = client.get(f"/eskalasi/{onward.pk}/").content.decode()
    assert "Apakah rekening pasif boleh dipakai?" in text
    assert "Diteruskan oleh Kepala Seksi Bank: Menyangkut SPM." in text
    assert "Eskalasi lain atas konsultasi ini" in text


def test_one_button_accepts(as_head, address, escalation):
    response = as_head.post(f"{address}terima/", follow=True)
    assert status_of(escalation) == EscalationStatus.ACCEPTED
    assert "sedang ditelaah" in response.content.decode()
    assert "Terima</button>" not in response.content.decode()


def test_an_answer_goes_to_the_officer_and_back_to_the_inbox(as_head, address, escalation, consultation):
    response = as_head.post(f"{address}jawab/", {"answer": "Boleh, lampirkan SRPR."}, follow=True)
    assert response.redirect_chain == [("/eskalasi/", 302)]
    assert f"Arahan atas {consultation} terkirim kepada petugas." in response.content.decode()
    escalation.refresh_from_db()
    assert (escalation.status, escalation.answered_as) == (EscalationStatus.ANSWERED, "Kepala Seksi Bank")
    assert "Boleh, lampirkan SRPR." in as_head.get(address).content.decode()


def test_who_stands_in_signs_so(client, office, bank, address, consultation):
    stand_in = StaffFactory(office=office, role=Role.UNIT_HEAD, unit=bank, kind=AppointmentKind.PLH)
    client.force_login(stand_in)
    client.post(f"{address}jawab/", {"answer": "Boleh."})
    entry = consultation.entries.get(act=Act.ANSWER_ESCALATION)
    assert (entry.actor_label, entry.actor) == ("Plh. Kepala Seksi Bank", stand_in)


def test_a_question_is_returned_with_a_reason(as_head, address, escalation, consultation):
    as_head.post(f"{address}kembalikan/", {"return_reason": "Sudah ada pada PER-9/PB/2018."})
    assert status_of(escalation) == EscalationStatus.RETURNED
    consultation.refresh_from_db()
    assert consultation.status == Status.IN_PROGRESS


def test_a_question_is_forwarded_to_another_unit(as_head, address, escalation, treasury):
    as_head.post(f"{address}teruskan/", {"unit": treasury.pk, "reason": "Menyangkut SPM."})
    assert status_of(escalation) == EscalationStatus.FORWARDED
    assert escalation.forwarded_to.unit == treasury


def test_the_head_of_the_office_reads_and_reassigns_only(client, office_head, address, escalation, treasury):
    client.force_login(office_head)
    text = client.get(address).content.decode()
    assert "Alihkan ke unit lain" in text
    assert "Kirim arahan" not in text
    assert client.post(f"{address}jawab/", {"answer": "Boleh."}).status_code == 403
    client.post(f"{address}teruskan/", {"unit": treasury.pk, "reason": "Kepala seksi dinas luar."})
    assert escalation.forwarded_to.unit == treasury
    escalation.refresh_from_db()
    assert escalation.answered_as == "Kepala KPPN"


@pytest.mark.parametrize("role", [Role.CSO, Role.OFFICE_ADMIN])
def test_officers_and_administrators_read_without_deciding(client, office, address, escalation, role):
    client.force_login(StaffFactory(office=office, role=role))
    text = client.get(address).content.decode()
    assert "Apakah rekening pasif boleh dipakai?" in text
    assert "Kirim arahan" not in text
    assert "Teruskan" not in text
    for act in ("terima", "jawab", "kembalikan", "teruskan"):
        assert client.post(f"{address}{act}/", {"answer": "Boleh."}).status_code == 403
    assert status_of(escalation) == EscalationStatus.WAITING


def test_for_the_head_of_another_unit_and_for_another_office_it_does_not_exist(
    client, address, treasury_head, escalation
):
    stranger = StaffFactory(office=OfficeFactory(), role=Role.OFFICE_HEAD)
    for staff in (treasury_head, stranger):
        client.force_login(staff)
        assert client.get(address).status_code == 404
        assert client.post(f"{address}teruskan/", {"reason": "Ke sini."}).status_code == 404
    assert status_of(escalation) == EscalationStatus.WAITING


def test_a_head_whose_appointment_ended_no_longer_decides(client, address, bank_head, escalation, at):
    bank_head.appointments.update(ends_on=at(19).date())
    client.force_login(bank_head)
    assert client.post(f"{address}jawab/", {"answer": "Boleh."}).status_code == 403
    assert status_of(escalation) == EscalationStatus.WAITING


# What is refused comes back with what was typed


@pytest.mark.parametrize(
    ("act", "field"), [("jawab", "answer"), ("kembalikan", "return_reason"), ("teruskan", "reason")]
)
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "tidak boleh kosong"),
        (" \n ", "tidak boleh kosong"),
        ("kata\x00lain", "karakter yang tidak dapat disimpan"),
        ("x" * 5001, "5000"),
    ],
)
def test_a_wrong_text_is_named_at_its_field_and_kept(as_head, address, escalation, act, field, text, error):
    response = as_head.post(f"{address}{act}/", {field: text})
    assert response.status_code == 422
    form = next(form for form in _bound_forms(response) if field in form.fields)
    assert error in str(form.errors[field])
    assert form[field].value() == text
    assert status_of(escalation) == EscalationStatus.WAITING


def _bound_forms(response):
    forms = (response.context.get(f"{name}_form") for name in ("answer", "return", "forward"))
    return [form for form in forms if form is not None and form.is_bound]


@pytest.mark.parametrize("unit", ["", "x", "9" * 400, "\x00", "own", "foreign"])
def test_a_question_goes_to_no_unit_but_another_of_the_office(as_head, address, escalation, bank, unit):
    foreign = OfficeFactory().units.first()
    sent = {"own": bank.pk, "foreign": foreign.pk}.get(unit, unit)
    response = as_head.post(f"{address}teruskan/", {"unit": sent, "reason": "Menyangkut SPM."})
    assert response.status_code == 422
    assert response.context["forward_form"].errors["unit"]
    assert "Menyangkut SPM." in response.content.decode()
    assert status_of(escalation) == EscalationStatus.WAITING


def test_an_answer_that_comes_too_late_is_kept_beside_the_one_that_was_given(
    as_head, address, escalation, office, bank, at
):
    stand_in = StaffFactory(office=office, role=Role.UNIT_HEAD, unit=bank, kind=AppointmentKind.PLH)
    services.answer(
        escalation, "Kata Plh.", by=actors.head(stand_in, "Plh. Kepala Seksi Bank"), now=at(20, 12)
    )
    response = as_head.post(f"{address}jawab/", {"answer": "Kata kepala."})
    assert response.status_code == 422
    text = response.content.decode()
    assert "Eskalasi ini sudah berakhir: Dijawab." in text
    assert "Kata kepala." in text
    assert "Kata Plh." in text


def test_accepting_twice_says_so(as_head, address):
    as_head.post(f"{address}terima/")
    assert "Eskalasi ini sudah diterima." in as_head.post(f"{address}terima/", follow=True).content.decode()


def test_what_people_typed_is_shown_as_text(as_head, address, consultation, officer, bank, escalation, at):
    services.withdraw(escalation, by=officer, now=at(20, 12))
    hostile = "<script>alert(1)</script> 😀 \u202eabc"
    asked = services.escalate(consultation, bank, hostile, by=officer, now=at(20, 12))
    text = as_head.get(f"/eskalasi/{asked.pk}/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 😀" in text


def test_the_head_sees_by_when_to_answer(as_head, address):
    text = as_head.get(address).content.decode()
    assert "Arahan diharapkan" in text
    assert "Senin, 23 November 2026 pukul 10.00 WITA" in text


def test_a_question_that_has_ended_has_no_clock(as_head, address, escalation, officer, at):
    services.withdraw(escalation, by=officer, now=at(20, 12))
    assert "Arahan diharapkan" not in as_head.get(address).content.decode()


def test_a_withdrawn_question_says_that_nothing_is_expected(as_head, address, escalation, officer, at):
    services.withdraw(escalation, by=officer, now=at(20, 12))
    text = as_head.get(address).content.decode()
    assert "tidak perlu ditanggapi lagi" in text
    assert "Kirim arahan" not in text


def test_the_page_costs_the_same_however_long_the_story(
    as_head, address, consultation, officer, django_assert_num_queries, at
):
    for count in (1, 5):
        for n in range(count):
            lifecycle.note(consultation, f"Catatan {n}", by=officer, now=at(20, 12), files=[paper()])
        with django_assert_num_queries(11):
            as_head.get(address)
