"""What the office and the public read of the surveys."""

import pytest
from django.urls import reverse

from offices.enums import Role
from surveys.enums import SurveySource
from surveys.models import SurveyResponse
from surveys.periods import Period, offered_periods, period_of
from surveys.results import HIDDEN, hidden_groups, profiles, skm
from surveys.services import rate
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory


@pytest.fixture
def respond(office, answers, at):
    """`respond(6, at(20), gender="perempuan")` stores six responses of that day."""

    def store(count, moment, **said):
        SurveyResponse.objects.bulk_create(
            SurveyResponse(office=office, on=moment.date(), source=SurveySource.POSTER, **(answers | said))
            for _ in range(count)
        )

    return store


def test_a_period_counts_its_own_days(office, respond, at):
    respond(5, at(1, month=10))
    respond(5, at(30, month=9), time=1)
    assert skm(office, Period(2026, 4))[0] == 5
    assert skm(office, Period(2026))[0] == 10


def test_another_offices_responses_do_not_count(office, respond, at):
    respond(5, at(20))
    assert skm(OfficeFactory(), Period(2026)) == (0, None)


def test_fewer_than_five_are_counted_but_not_shown(office, respond, at):
    respond(4, at(20))
    assert skm(office, Period(2026)) == (4, None)


def test_groups_that_could_lead_to_people_are_not_numbered(office, respond, at):
    respond(9, at(20), gender="perempuan")
    respond(6, at(20), gender="laki_laki")
    respond(2, at(20))
    groups = {group.label: group.count for group in dict(profiles(office, Period(2026)))["Jenis kelamin"]}
    assert groups == {"Perempuan": "9", "Laki-laki": HIDDEN, "Tidak diisi": HIDDEN}


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 5, "b": 9}, set()),
        ({"a": 4, "b": 9}, {"a", "b"}),
        ({"a": 4, "b": 9, "c": 7}, {"a", "c"}),
        ({"a": 4, "b": 1, "c": 7}, {"a", "b"}),
        ({"a": 1, "b": 1, "c": 10}, {"a", "b", "c"}),
        ({"a": 1, "b": 1, "c": 7, "d": 9}, {"a", "b", "c"}),
        ({"a": 1}, {"a"}),
    ],
)
def test_a_single_small_group_cannot_be_told_from_the_total(counts, hidden):
    assert hidden_groups(counts) == hidden


@pytest.mark.parametrize(
    ("year", "quarter", "period"),
    [
        ("2026", "2", Period(2026, 2)),
        ("2025", "", Period(2025)),
        ("1999", "1", Period(2026)),
        ("²⁰²⁶", "1", Period(2026)),
        ("9" * 40, "1", Period(2026)),
        ("0000020245", "1", Period(2026)),
        ("", "", Period(2026)),
        ("2026", "9", Period(2026)),
    ],
)
def test_a_period_is_read_from_the_address(year, quarter, period, at):
    assert period_of(year, quarter, at(20).date()) == period


def test_quarters_that_have_not_begun_are_not_offered(at):
    assert Period(2026, 4) not in offered_periods(at(30, month=9).date())


def test_the_public_reads_index_letter_and_elements(client, office, respond, at):
    respond(5, at(20))
    text = client.get(reverse("survey_results", args=[office.slug]), {"tahun": 2026}).text
    assert "75,00" in text
    assert "Kurang baik" in text
    assert "Perilaku pelaksana" in text


def test_without_responses_the_page_says_so(client, office):
    assert "Belum ada data." in client.get(reverse("survey_results", args=[office.slug])).text


def test_the_report_shows_ratings_with_their_comments(client, office, cso):
    consultation = ConsultationFactory(office=office, officer=cso, resolved=True)
    rate(consultation, 4, "Sangat membantu.", now=consultation.resolved_at)
    client.force_login(cso)
    text = client.get(reverse("survey_report")).text
    assert "Sangat membantu." in text
    assert consultation.number in text


def test_a_receptionist_reads_no_comments(client, office, cso):
    consultation = ConsultationFactory(office=office, officer=cso, resolved=True)
    rate(consultation, 4, "Sangat membantu.", now=consultation.resolved_at)
    client.force_login(StaffFactory(office=office, role=Role.RECEPTIONIST))
    assert "Sangat membantu." not in client.get(reverse("survey_report")).text


def test_another_offices_ratings_are_not_shown(client, cso):
    elsewhere = ConsultationFactory(office=OfficeFactory(), resolved=True)
    rate(elsewhere, 1, "Di kantor lain.", now=elsewhere.resolved_at)
    client.force_login(cso)
    assert "Di kantor lain." not in client.get(reverse("survey_report")).text


@pytest.mark.parametrize("count", [1, 30])
def test_the_report_costs_the_same_however_much_was_said(
    client, office, cso, respond, at, django_assert_max_num_queries, count
):
    respond(count, at(20))
    client.force_login(cso)
    with django_assert_max_num_queries(13):
        client.get(reverse("survey_report"), {"tahun": 2026})


def test_a_quarter_of_few_is_not_to_be_had_from_the_year_and_the_other_quarters(office, respond, at):
    respond(6, at(10, month=2))
    respond(9, at(10, month=5), time=1)
    respond(1, at(10, month=8), time=2)
    shown = [quarter for quarter in (1, 2, 3) if skm(office, Period(2026, quarter))[1]]
    assert shown == [2]
    assert skm(office, Period(2026))[1]
