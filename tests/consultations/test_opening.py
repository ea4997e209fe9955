"""How a consultation begins."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from consultations import actors, lifecycle
from consultations.enums import Act, Channel, LinkKind, Source, Status
from consultations.errors import RuleError
from consultations.models import Consultation, Entry
from consultations.tokens import token_of, tracking_url
from notifications.models import Message
from tests.factories import (
    ConsultationFactory,
    OfficeFactory,
    RegulationFactory,
    ServiceStandardFactory,
    StakeholderFactory,
)

pytestmark = pytest.mark.django_db


def intake(office, **given):
    person = given.pop("stakeholder", None) or StakeholderFactory(office=office)
    defaults = {
        "source": Source.FORM,
        "category": office.categories.get(code="RETUR"),
        "stakeholder": person,
        "contact": lifecycle.Contact(person.name, person.phone, person.email),
        "question": "Mengapa SP2D kami diretur?",
    }
    return lifecycle.Intake(**(defaults | given))


@pytest.mark.parametrize("source", list(Source))
def test_the_answer_is_promised_for_the_third_working_day_after_the_local_date_of_receipt(office, at, source):
    consultation = ConsultationFactory(office=office, source=source, now=at(20))
    assert consultation.due_at == at(25, 17)
    assert consultation.channel == (Channel.TATAP_MUKA if source is Source.COUNTER else Channel.ONLINE)


def test_it_is_stamped_with_the_standard_in_force_on_its_day(office, at):
    later = ServiceStandardFactory(
        office=office, decree_number="KEP-83/PB/2025", valid_from=at(21).date(), answer_working_days=2
    )
    before = ConsultationFactory(office=office, now=at(20))
    after = ConsultationFactory(office=office, now=at(23))
    assert before.standard.decree_number == "KEP-57/PB/2023"
    assert (after.standard, after.due_at) == (later, at(25, 17))


def test_an_office_without_a_standard_in_force_cannot_promise(at):
    office = OfficeFactory()
    office.standards.update(valid_from=at(24).date())
    with pytest.raises(RuleError, match="Belum ada standar pelayanan"):
        lifecycle.open_consultation(
            office, intake(office, received_at=at(20)), by=actors.STAKEHOLDER, now=at(20)
        )


def test_the_stakeholder_learns_the_number_and_the_due_moment_at_once(office, at):
    consultation = ConsultationFactory(office=office, now=at(20))
    confirmation = Message.objects.get(reference=consultation.number)
    assert consultation.number in confirmation.subject
    assert "paling lambat Rabu, 25 November 2026 pukul 17.00 WITA" in confirmation.body
    assert "Layanan ini tidak dipungut biaya (Rp0)." in confirmation.body
    assert "/lacak/" in confirmation.body


def test_a_question_cannot_have_been_received_in_the_future(office, at):
    with pytest.raises(RuleError, match="masa depan"):
        lifecycle.open_consultation(
            office, intake(office, received_at=at(20, 11)), by=actors.STAKEHOLDER, now=at(20, 10)
        )
    assert not Consultation.objects.exists()


def test_an_online_question_needs_somebody_to_reach(office, at):
    nobody = lifecycle.Contact("Budi")
    with pytest.raises(RuleError, match="wajib diisi"):
        lifecycle.open_consultation(
            office, intake(office, received_at=at(20), contact=nobody), by=actors.STAKEHOLDER, now=at(20)
        )


def test_a_visit_answered_on_the_spot_needs_no_contact(office, officer, at):
    regulation = RegulationFactory()
    consultation = lifecycle.receive_at_desk(
        office,
        intake(office, source=Source.COUNTER, received_at=at(20), contact=lifecycle.Contact("Budi")),
        by=officer,
        now=at(20),
        resolution=lifecycle.Resolution("Rekening penerima tidak aktif.", [regulation]),
    )
    assert consultation.status == Status.RESOLVED
    assert list(consultation.entries.values_list("act", flat=True)) == [Act.OPEN, Act.TAKE, Act.RESOLVE]
    assert list(consultation.entries.last().regulations.all()) == [regulation]


def test_a_visit_answered_on_the_spot_is_told_in_one_message(office, officer, at):
    consultation = lifecycle.receive_at_desk(
        office,
        intake(office, source=Source.COUNTER, received_at=at(20)),
        by=officer,
        now=at(20),
        resolution=lifecycle.Resolution("Rekening penerima tidak aktif."),
    )
    assert list(consultation.office.messages.values_list("kind", flat=True)) == ["resolved"]


def test_a_visit_without_an_answer_needs_a_contact_person(office, officer, at):
    visit = intake(office, source=Source.COUNTER, received_at=at(20), contact=lifecycle.Contact("Budi"))
    with pytest.raises(RuleError, match="kontak person wajib diisi"):
        lifecycle.receive_at_desk(office, visit, by=officer, now=at(20))
    assert not Consultation.objects.exists()


def test_the_same_submission_twice_opens_one_consultation(office, at):
    once = intake(office, received_at=at(20), submission_id=uuid4())
    first = lifecycle.open_consultation(office, once, by=actors.STAKEHOLDER, now=at(20))
    second = lifecycle.open_consultation(office, once, by=actors.STAKEHOLDER, now=at(20, 10, 1))
    assert first == second
    assert Message.objects.count() == 1
    following = ConsultationFactory(office=office, now=at(20, 11))
    assert following.number.endswith("-000002")


def test_the_same_desk_submission_twice_is_answered_once(office, officer, at):
    once = intake(office, source=Source.COUNTER, received_at=at(20), submission_id=uuid4())
    for minute in (0, 1):
        lifecycle.receive_at_desk(
            office, once, by=officer, now=at(20, 10, minute), resolution=lifecycle.Resolution("Bisa.")
        )
    assert Entry.objects.filter(act=Act.RESOLVE).count() == 1


def test_category_and_person_must_be_of_the_same_office(office, at):
    elsewhere = OfficeFactory()
    with pytest.raises(RuleError, match="kantor yang sama"):
        lifecycle.open_consultation(
            office,
            intake(office, received_at=at(20), category=elsewhere.categories.first()),
            by=actors.STAKEHOLDER,
            now=at(20),
        )


def test_a_second_topic_gets_a_consultation_of_its_own(office, officer, at):
    whole = ConsultationFactory(office=office, now=at(20), taken=True)
    category = office.categories.get(code="PEMBAYARAN")
    part = lifecycle.split(whole, "Dan bagaimana dengan SPM?", category, by=officer, now=at(20, 11))
    assert (part.status, part.category, part.due_at) == (Status.IN_PROGRESS, category, whole.due_at)
    assert part.stakeholder == whole.stakeholder
    assert [(link.to, link.kind) for link in part.links.all()] == [(whole, LinkKind.SPLIT)]


def test_a_topic_split_off_after_a_reopening_is_promised_from_the_reopening(office, officer, at):
    resolved = ConsultationFactory(office=office, now=at(16), resolved=True)
    whole = lifecycle.reopen(resolved, "Ada lagi.", by=actors.STAKEHOLDER, now=at(20))
    category = office.categories.get(code="PEMBAYARAN")
    part = lifecycle.split(whole, "Dan bagaimana dengan SPM?", category, by=officer, now=at(20, 11))
    assert (part.received_at, part.due_at) == (at(20), whole.due_at)


def test_who_is_noted_down_after_the_deadline_is_not_promised_an_answer_before_it(office, at):
    lifecycle.open_consultation(office, intake(office, received_at=at(16)), by=actors.STAKEHOLDER, now=at(24))
    letter = Message.objects.get(kind="received").body
    assert "sudah terlewati" in letter
    assert "paling lambat" not in letter


def test_a_further_question_on_a_closed_one_opens_a_linked_consultation(office, at):
    closed = ConsultationFactory(office=office, now=at(20), closed=True)
    further = lifecycle.ask_further(closed, "Ada satu hal lagi.", now=at(24))
    assert (further.status, further.due_at) == (Status.NEW, at(27, 17))
    assert [(link.to, link.kind) for link in further.links.all()] == [(closed, LinkKind.FOLLOW_UP)]


def test_a_further_question_waits_until_the_first_is_closed(office, at):
    with pytest.raises(RuleError, match="belum ditutup"):
        lifecycle.ask_further(ConsultationFactory(office=office, now=at(20)), "Dan lagi?", now=at(24))


@pytest.mark.parametrize("state", ["taken", "resolved", "closed"])
def test_another_topic_of_the_same_person_is_asked_at_any_time_and_linked(office, at, state):
    first = ConsultationFactory(office=office, now=at(20), **{state: True})
    category = office.categories.get(code="PEMBAYARAN")
    second = lifecycle.ask_another(first, "Dan bagaimana dengan SPM?", category, now=at(24))
    assert (second.status, second.category, second.due_at) == (Status.NEW, category, at(27, 17))
    assert (second.source, second.received_at) == (Source.FORM, at(24))
    assert (second.stakeholder, second.contact_email) == (first.stakeholder, first.contact_email)
    assert [(link.to, link.kind) for link in second.links.all()] == [(first, LinkKind.RELATED)]


def test_another_topic_needs_a_way_to_answer(office, at):
    unreached = ConsultationFactory(
        office=office, now=at(20), contact=lifecycle.Contact("Siti"), source=Source.COUNTER
    )
    with pytest.raises(RuleError, match="kontak person"):
        lifecycle.ask_another(unreached, "Satu lagi.", unreached.category, now=at(21))


def test_consultations_of_two_offices_are_never_linked(office, officer, at):
    ours, theirs = ConsultationFactory(office=office, now=at(20)), ConsultationFactory(now=at(20))
    with pytest.raises(RuleError, match="kantor yang sama"):
        lifecycle.link(ours, theirs, LinkKind.RELATED, by=officer, now=at(20))


def test_the_timeline_is_written_once_and_for_all(office, at):
    entry = ConsultationFactory(office=office, now=at(20)).entries.get()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(text="lain")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).delete()


@pytest.mark.parametrize("question", ["x" + "\u0302" * 300, "😀" * 400, "kata " * 400])
def test_a_long_question_is_known_by_its_beginning(office, at, question):
    consultation = ConsultationFactory(office=office, now=at(20), question=question)
    assert len(consultation.subject) == 160
    assert consultation.subject.endswith("…")


def test_a_link_made_with_a_lost_key_leads_to_where_it_is_found_again(office, at, settings):
    consultation = ConsultationFactory(office=office, now=at(20))
    assert tracking_url(consultation).endswith(f"/lacak/{token_of(consultation)}/")
    settings.SECRET_KEY = "another"
    assert tracking_url(consultation).endswith("/lacak/")


def test_a_rotated_key_keeps_its_links_while_it_is_named(office, at, settings):
    consultation = ConsultationFactory(office=office, now=at(20))
    before = token_of(consultation)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert token_of(consultation) == before


def test_opening_costs_a_bounded_number_of_statements(office, at, django_assert_max_num_queries):
    once = intake(office, received_at=at(20))
    with django_assert_max_num_queries(13):
        lifecycle.open_consultation(office, once, by=actors.STAKEHOLDER, now=at(20))
