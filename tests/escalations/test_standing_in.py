"""Plh. and Plt. act for a head within their dates, and the record says in which capacity."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from consultations.enums import Act
from escalations import services
from escalations.access import acting_head, escalation_for, forwarding_head
from notifications.models import Message
from offices.duties import duties_of
from offices.enums import AppointmentKind, Role
from tests.factories import AppointmentFactory, OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand_in(office, bank):
    """Plh. Kepala Seksi Bank from 20 to 23 November."""
    return StaffFactory(
        office=office,
        role=Role.UNIT_HEAD,
        unit=bank,
        kind=AppointmentKind.PLH,
        starts_on=date(2026, 11, 20),
        ends_on=date(2026, 11, 23),
        full_name="Eko Prasetyo",
    )


def may_act(staff, escalation, now):
    duties = duties_of(staff, now)
    try:
        return acting_head(duties, staff, escalation_for(duties, escalation.pk), now).title
    except (Http404, PermissionDenied):
        return None


def test_a_stand_in_acts_from_the_first_day_to_the_last(escalation, stand_in, at):
    assert may_act(stand_in, escalation, at(19, 23, 59)) is None
    assert may_act(stand_in, escalation, at(20, 0, 0)) == "Plh. Kepala Seksi Bank"
    assert may_act(stand_in, escalation, at(23, 23, 59)) == "Plh. Kepala Seksi Bank"
    assert may_act(stand_in, escalation, at(24, 0, 0)) is None


def test_the_record_says_who_stood_in_for_whom(consultation, escalation, stand_in, cso, at):
    duties = duties_of(stand_in, at(23, 9))
    by = acting_head(duties, stand_in, escalation, at(23, 9))
    answered = services.answer(escalation, "Boleh.", by=by, now=at(23, 9))
    assert (answered.answered_as, answered.answered_by) == ("Plh. Kepala Seksi Bank", stand_in)
    entry = consultation.entries.get(act=Act.ANSWER_ESCALATION)
    assert (entry.actor_label, entry.actor) == ("Plh. Kepala Seksi Bank", stand_in)
    letter = Message.objects.get(kind="escalation_answered", recipient=cso.email)
    assert "Plh. Kepala Seksi Bank (Eko Prasetyo)" in letter.body


def test_a_plt_signs_as_plt(office, treasury, consultation, officer, at):
    acting = StaffFactory(office=office, role=Role.UNIT_HEAD, unit=treasury, kind=AppointmentKind.PLT)
    asked = services.escalate(consultation, treasury, "Mohon arahan.", by=officer, now=at(20, 11))
    assert may_act(acting, asked, at(20, 12)) == "Plt. Kepala Seksi Pencairan Dana"


def test_the_head_and_the_stand_in_of_the_day_are_both_told(
    consultation, bank, bank_head, stand_in, officer, at
):
    services.escalate(consultation, bank, "Mohon arahan.", by=officer, now=at(20, 11))
    told = Message.objects.filter(kind="escalation_asked").values_list("recipient", flat=True)
    assert set(told) == {bank_head.email, stand_in.email}
    asked = consultation.entries.filter(act=Act.ESCALATE).first()
    assert asked.text.startswith("Kepada Kepala Seksi Bank, Plh. Kepala Seksi Bank: ")


def test_a_stand_in_whose_days_are_over_is_not_told(consultation, bank, stand_in, officer, at):
    services.escalate(consultation, bank, "Mohon arahan.", by=officer, now=at(24, 11))
    assert not Message.objects.filter(kind="escalation_asked").exists()


def test_a_head_standing_in_elsewhere_signs_each_unit_by_its_own_title(
    office, treasury, escalation, bank_head, consultation, officer, at
):
    AppointmentFactory(
        staff=bank_head,
        role=Role.UNIT_HEAD,
        unit=treasury,
        kind=AppointmentKind.PLH,
        starts_on=date(2026, 11, 20),
    )
    duties = duties_of(bank_head, at(20, 12))
    assert acting_head(duties, bank_head, escalation, at(20, 12)).title == "Kepala Seksi Bank"
    onward = services.forward(
        escalation,
        treasury,
        "Menyangkut SPM.",
        by=acting_head(duties, bank_head, escalation, at(20, 12)),
        now=at(20, 12),
    )
    assert acting_head(duties, bank_head, onward, at(20, 12)).title == "Plh. Kepala Seksi Pencairan Dana"


def test_the_head_of_another_unit_does_not_see_it_and_the_officer_sees_but_may_not_decide(
    escalation, treasury_head, cso, at
):
    with pytest.raises(Http404):
        escalation_for(duties_of(treasury_head, at(20)), escalation.pk)
    duties = duties_of(cso, at(20))
    assert escalation_for(duties, escalation.pk) == escalation
    with pytest.raises(PermissionDenied):
        acting_head(duties, cso, escalation, at(20))


def test_nobody_of_another_office_sees_it(escalation, at):
    elsewhere = OfficeFactory()
    for role in (Role.CSO, Role.OFFICE_HEAD, Role.OFFICE_ADMIN):
        stranger = StaffFactory(office=elsewhere, role=role)
        with pytest.raises(Http404):
            escalation_for(duties_of(stranger, at(20)), escalation.pk)


def test_the_head_of_the_office_reassigns_but_does_not_answer(
    escalation, office_head, treasury, consultation, at
):
    duties = duties_of(office_head, at(20))
    with pytest.raises(PermissionDenied):
        acting_head(duties, office_head, escalation, at(20))
    by = forwarding_head(duties, office_head, escalation, at(20))
    onward = services.forward(escalation, treasury, "Kepala seksi sedang dinas luar.", by=by, now=at(20, 12))
    assert onward.unit == treasury
    assert consultation.entries.get(act=Act.FORWARD_ESCALATION).actor_label == "Kepala KPPN"


def test_who_stands_in_for_the_head_of_the_office_reassigns_by_that_title(office, escalation, at):
    stand_in = StaffFactory(office=office, role=Role.OFFICE_HEAD, kind=AppointmentKind.PLH)
    by = forwarding_head(duties_of(stand_in, at(20)), stand_in, escalation, at(20))
    assert by.title == "Plh. Kepala KPPN"


def test_a_head_of_the_office_who_stands_in_for_the_unit_signs_as_the_units(
    office_head, bank, escalation, at
):
    AppointmentFactory(staff=office_head, role=Role.UNIT_HEAD, unit=bank, kind=AppointmentKind.PLH)
    duties = duties_of(office_head, at(20))
    assert forwarding_head(duties, office_head, escalation, at(20)).title == "Plh. Kepala Seksi Bank"


def test_an_officer_does_not_forward(cso, escalation, at):
    with pytest.raises(PermissionDenied):
        forwarding_head(duties_of(cso, at(20)), cso, escalation, at(20))
