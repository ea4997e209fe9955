"""An answer becomes public only from an answered question, and only when nothing in it tells who asked."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from answers.models import AnswerVersion, PublicAnswer
from answers.services import count_helped, draft_from, findings_in, publish, revise, withdraw
from consultations.errors import RuleError
from tests.factories import ConsultationFactory, OfficeFactory, RegulationFactory, StakeholderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(office, cso):
    person = StakeholderFactory(
        office=office, of_satker=True, name="Rosmiati Usman", satker__name="BALAI UJI PERIKANAN"
    )
    return ConsultationFactory(office=office, officer=cso, stakeholder=person, resolved=True)


def test_the_answer_and_its_basis_are_the_draft(source):
    answer, regulations = draft_from(source)
    assert (answer, regulations) == ("Rekening penerima tidak aktif.", [])


def test_an_answer_is_public_with_its_first_version(office, cso, content, source, at):
    rule = RegulationFactory()
    answer = publish(office, content(regulations=[rule]), by=cso, now=at(20), source=source)
    assert list(PublicAnswer.objects.public()) == [answer]
    version = answer.versions.get()
    assert (version.number, version.text, version.citations) == (1, answer.answer, [rule.citation])
    assert version.shown_from == at(20)


def test_a_question_that_is_not_answered_yet_is_not_published(office, cso, content, at):
    waiting = ConsultationFactory(office=office, taken=True)
    with pytest.raises(RuleError, match="sudah dijawab"):
        publish(office, content(), by=cso, now=at(20), source=waiting)


def test_a_consultation_is_published_once(office, cso, content, source, at):
    publish(office, content(), by=cso, now=at(20), source=source)
    with pytest.raises(RuleError, match="sudah diterbitkan"):
        publish(office, content(), by=cso, now=at(20), source=source)


def test_after_its_withdrawal_it_may_be_published_anew(office, cso, content, source, at):
    first = publish(office, content(), by=cso, now=at(20), source=source)
    withdraw(first, "Ketentuan berubah", by=cso, now=at(20))
    second = publish(office, content(), by=cso, now=at(20), source=source)
    assert second.slug == f"{first.slug}-2"


@pytest.mark.parametrize(
    "told",
    ["Rosmiati Usman bertanya.", "kata rosmiati usman", "BALAI UJI PERIKANAN", "hubungi 0812-3456-7890"],
)
def test_what_tells_who_asked_keeps_an_answer_from_the_public(office, cso, content, source, at, told):
    with pytest.raises(RuleError, match="mengungkap identitas orang"):
        publish(office, content(answer=told), by=cso, now=at(20), source=source)
    assert not PublicAnswer.objects.exists()


def test_each_part_of_a_known_identity_is_looked_for(content, source):
    person = source.stakeholder
    for told in (
        person.name,
        person.email,
        person.phone,
        person.satker.code,
        source.number,
        source.officer.full_name,
    ):
        assert findings_in(content(summary=f"Lihat {told}"), source), told


def test_what_is_declared_harmless_is_published_and_kept_on_record(office, cso, content, at):
    said = content(answer="Hubungi call center 0800-1234-5678.")
    (finding,) = findings_in(said, None)
    said = content(answer=said.answer, harmless=[finding.key])
    version = publish(office, said, by=cso, now=at(20)).versions.get()
    assert version.declared_harmless == ["0800-1234-5678"]


def test_one_declaration_does_not_cover_another_value(office, cso, content, at):
    said = content(answer="Hubungi 0800-1234-5678 atau 0800-1234-9999.")
    first, _ = findings_in(said, None)
    with pytest.raises(RuleError):
        publish(office, content(answer=said.answer, harmless=[first.key]), by=cso, now=at(20))


def test_a_revision_keeps_the_address_and_what_was_said_before(office, cso, content, at):
    answer = publish(office, content(), by=cso, now=at(20))
    revised = revise(answer, content(question="Apa sebab retur SP2D?"), by=cso, now=at(23))
    assert revised.slug == answer.slug
    assert list(answer.versions.values_list("number", "question", "shown_from")) == [
        (1, "Mengapa SP2D diretur oleh bank?", at(20)),
        (2, "Apa sebab retur SP2D?", at(23)),
    ]


def test_a_withdrawn_answer_is_neither_revised_nor_withdrawn_again(office, cso, content, at):
    answer = withdraw(publish(office, content(), by=cso, now=at(20)), "Keliru", by=cso, now=at(20))
    with pytest.raises(RuleError, match="sudah ditarik"):
        revise(answer, content(), by=cso, now=at(20))
    with pytest.raises(RuleError, match="sudah ditarik"):
        withdraw(answer, "Keliru", by=cso, now=at(20))


@pytest.mark.parametrize(
    "change", ["UPDATE answers_answerversion SET text = ''", "DELETE FROM answers_answerversion"]
)
def test_the_database_keeps_versions_as_they_were(office, cso, content, at, change):
    publish(office, content(), by=cso, now=at(20))
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert AnswerVersion.objects.get().text


@pytest.mark.parametrize("question", ["Mirip?", "???", "💰", "Mirip"])
def test_every_question_gets_an_address_that_is_its_own(office, cso, content, at, question):
    slugs = {publish(office, content(question=question), by=cso, now=at(20)).slug for _ in range(3)}
    assert len(slugs) == 3
    assert not slugs & {"", "mirip"}


def test_two_offices_may_use_the_same_address(office, cso, content, at):
    elsewhere = OfficeFactory()
    there = content(category=elsewhere.categories.first())
    assert (
        publish(office, content(), by=cso, now=at(20)).slug
        == publish(elsewhere, there, by=cso, now=at(20)).slug
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_until": date(2026, 10, 1)},
        {"summary": ""},
    ],
)
def test_the_database_refuses_an_answer_that_makes_no_sense(office, cso, content, at, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        publish(office, content(**wrong), by=cso, now=at(20))


def test_a_withdrawal_without_a_reason_is_refused_by_the_database(office, cso, content, at):
    answer = publish(office, content(), by=cso, now=at(20))
    with pytest.raises(IntegrityError), transaction.atomic():
        withdraw(answer, "", by=cso, now=at(20))


def test_helped_readers_are_counted(office, cso, content, at):
    answer = publish(office, content(), by=cso, now=at(20))
    count_helped(answer)
    count_helped(answer)
    answer.refresh_from_db()
    assert answer.helped == 2
