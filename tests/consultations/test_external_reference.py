"""A number that another system gave a question is recorded once at an office; the second is shown the first."""

from dataclasses import replace
from importlib import import_module
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from consultations import lifecycle
from consultations.enums import Source
from consultations.models import Consultation
from tests.factories import ConsultationFactory, OfficeFactory, StakeholderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(office, at):
    person = StakeholderFactory(office=office)
    return lifecycle.Intake(
        source=Source.HAI_CSO,
        category=office.categories.get(code="RETUR"),
        stakeholder=person,
        contact=lifecycle.Contact(person.name, person.phone),
        question="Mengapa SP2D kami diretur?",
        received_at=at(20),
        external_reference="HAI-2026-4711",
    )


@pytest.fixture
def receive(office, officer, at):
    def receive(intake, at_office=office):
        return lifecycle.receive_at_desk(at_office, intake, by=officer, now=at(20))

    return receive


@pytest.mark.parametrize("written", ["HAI-2026-4711", " hai-2026-4711 ", "HAI-2026-4711\n"])
def test_the_second_sender_is_told_of_the_first(receive, ticket, written):
    first = receive(ticket)
    with pytest.raises(lifecycle.ReferenceTaken, match=first.number) as refusal:
        receive(replace(ticket, external_reference=written, submission_id=uuid4()))
    assert refusal.value.earlier == first
    assert Consultation.objects.get() == first


def test_the_same_form_sent_twice_is_still_the_same_question(receive, ticket):
    once = replace(ticket, submission_id=uuid4())
    assert receive(once) == receive(once)


def test_another_source_and_no_number_are_no_second(receive, ticket):
    receive(ticket)
    receive(replace(ticket, source=Source.LETTER))
    for _ in range(2):
        receive(replace(ticket, external_reference=" "))
    assert Consultation.objects.count() == 4


def test_another_office_has_numbers_of_its_own(receive, ticket):
    receive(ticket)
    elsewhere = OfficeFactory()
    person = StakeholderFactory(office=elsewhere)
    category = elsewhere.categories.get(code="RETUR")
    assert receive(replace(ticket, stakeholder=person, category=category), elsewhere).office == elsewhere


def test_the_database_keeps_it_in_whatever_letters(receive, ticket, office):
    receive(ticket)
    other = receive(replace(ticket, external_reference="HAI-2026-4712"))
    with pytest.raises(IntegrityError, match="consultation_reference_once"), transaction.atomic():
        Consultation.objects.filter(pk=other.pk).update(external_reference="Hai-2026-4711")


def test_numbers_recorded_twice_before_are_told_apart(office, at):
    first, second = (ConsultationFactory(office=office, now=at(20)) for _ in range(2))
    migration = import_module("consultations.migrations.0019_external_references_apart")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP INDEX consultation_reference_once")
        Consultation.objects.update(external_reference="HAI-4711")
        cursor.execute(migration.TELL_APART)
    references = dict(Consultation.objects.values_list("pk", "external_reference"))
    assert references == {first.pk: "HAI-4711", second.pk: f"HAI-4711 ({second.number})"}
