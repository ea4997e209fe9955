"""What staff are told inside the desk: written with the act, for whoever serves the office, once."""

import pytest
from django.db import transaction

from consultations import lifecycle
from consultations.sweep import sweep
from notifications.models import Message, Notice
from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory


@pytest.fixture
def consultation(office, cso, at):
    """Received on Friday 20 November, taken by the officer; due on Wednesday 25 November."""
    return ConsultationFactory(office=office, now=at(20), officer=cso, question="Mengapa SP2D diretur?")


@pytest.fixture
def write(consultation, at):
    """The stakeholder writes on Monday."""

    def write(**changes):
        return lifecycle.message(consultation, "Ada kabar?", now=at(23), **changes)

    return write


def test_a_notice_says_what_happened_to_which_consultation_and_leads_there(write, consultation, cso, at):
    write()
    notice = cso.notices.get()
    assert notice.title == f"Pesan dari {consultation.contact_name}"
    assert (notice.reference, notice.text) == (consultation.number, consultation.subject)
    assert notice.url == consultation.get_absolute_url()
    assert (notice.office, notice.at, notice.read_at) == (consultation.office, at(23), None)


def test_who_has_no_address_is_told_at_the_desk_alone(write, cso):
    cso.email = ""
    cso.save()
    write()
    assert cso.notices.count() == 1
    assert not Message.objects.filter(kind="stakeholder_wrote").exists()


def test_who_has_an_address_is_told_in_both_ways(write, cso):
    write()
    assert Message.objects.get(kind="stakeholder_wrote").recipient == cso.email
    assert cso.notices.count() == 1


def test_while_nobody_handles_it_every_officer_is_told(office, cso, at):
    colleague = StaffFactory(office=office, role=Role.CSO)
    lifecycle.message(ConsultationFactory(office=office, now=at(20)), "Ada kabar?", now=at(23))
    assert set(Notice.objects.values_list("recipient", flat=True)) == {cso.pk, colleague.pk}


@pytest.mark.parametrize("gone", ["inactive", "elsewhere"])
def test_who_no_longer_serves_the_office_is_told_nothing(write, cso, gone):
    if gone == "inactive":
        cso.is_active = False
    else:
        cso.office = OfficeFactory(empty=True)
    cso.save()
    write()
    assert not Notice.objects.exists()


def test_a_notice_about_an_escalation_leads_to_the_escalation(consultation, office, unit_head, at, cso):
    escalated = ConsultationFactory(office=office, now=at(20), officer=cso, escalated=True)
    assert unit_head.notices.get().url == f"/eskalasi/{escalated.escalations.get().pk}/"


def test_the_clock_tells_officer_and_heads_once_however_often_it_is_asked(
    consultation, cso, unit_head, office_head, at
):
    for _ in range(2):
        sweep(at(25, 17, 1))
    late = Notice.objects.filter(title__startswith="TERLAMBAT")
    assert set(late.values_list("recipient", flat=True)) == {cso.pk, unit_head.pk, office_head.pk}
    assert late.count() == 3


def test_an_act_that_is_undone_tells_nobody(write):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_many_people_are_told_in_one_statement(office, cso, at, django_assert_max_num_queries):
    for _ in range(8):
        StaffFactory(office=office, role=Role.CSO)
    consultation = ConsultationFactory(office=office, now=at(20))
    with django_assert_max_num_queries(16) as asked:
        lifecycle.message(consultation, "Ada kabar?", now=at(23))
    assert sum('INSERT INTO "notifications_notice"' in query["sql"] for query in asked) == 1
    assert Notice.objects.count() == 9
