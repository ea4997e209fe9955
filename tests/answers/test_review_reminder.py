"""The office's officers hear once of each answer whose review date has come, when their day has begun."""

import pytest

from answers.review import remind_of_reviews
from answers.services import revise, withdraw
from notifications.models import Message
from offices.enums import Role
from tests.factories import OfficeFactory, PublicAnswerFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(office, cso, at):
    return PublicAnswerFactory(
        office=office, published_by=cso, question="Apa itu TUP?", review_on=at(23).date()
    )


def test_it_comes_when_the_day_opens_and_once(due, cso, at):
    assert [remind_of_reviews(at(23, hour)) for hour in (7, 8, 9)] == [0, 1, 0]
    message = Message.objects.get(kind="answer_review")
    assert message.recipient == cso.email
    assert "Apa itu TUP? (23 November 2026)" in message.body
    assert remind_of_reviews(at(24, 9)) == 0


def test_before_its_day_nobody_is_told(due, at):
    assert remind_of_reviews(at(20, 9)) == 0


def test_none_comes_at_the_weekend(office, cso, at):
    PublicAnswerFactory(office=office, published_by=cso, review_on=at(20).date())
    assert [remind_of_reviews(at(day, 9)) for day in (21, 22, 23)] == [0, 0, 1]


def test_a_revision_with_a_new_date_is_told_of_anew(due, content, cso, at):
    remind_of_reviews(at(23, 9))
    revise(due, content(review_on=at(25).date()), by=cso, now=at(23))
    assert [remind_of_reviews(at(day, 9)) for day in (24, 25)] == [0, 1]


def test_a_withdrawn_answer_is_not_told_of(due, cso, at):
    withdraw(due, "Keliru", by=cso, now=at(20))
    assert remind_of_reviews(at(23, 9)) == 0


def test_every_officer_of_the_office_and_nobody_else_is_told(due, office, at):
    StaffFactory(office=office, role=Role.CSO, email="kedua@contoh.id")
    StaffFactory(office=office, role=Role.OFFICE_HEAD)
    StaffFactory(office=OfficeFactory(), role=Role.CSO)
    assert remind_of_reviews(at(23, 9)) == 2


def test_while_nobody_can_be_told_it_waits(office, cso, at):
    PublicAnswerFactory(office=office, published_by=cso, review_on=at(20).date())
    cso.appointments.update(ends_on=at(20).date())
    assert remind_of_reviews(at(23, 9)) == 0
    StaffFactory(office=office, role=Role.CSO)
    assert remind_of_reviews(at(24, 9)) == 1


def test_many_are_told_of_in_one_letter(office, cso, at):
    for _ in range(23):
        PublicAnswerFactory(office=office, published_by=cso, review_on=at(20).date())
    remind_of_reviews(at(20, 9))
    assert "- dan 3 lainnya" in Message.objects.get(kind="answer_review").body
