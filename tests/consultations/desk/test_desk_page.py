"""The officer's day: what needs somebody now."""

import pytest

from consultations import lifecycle
from consultations.enums import ProgressChannel
from consultations.views.desk import MOST_COUNTED, SECTION_SIZE
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db
PAGE = "/meja/"


@pytest.fixture
def open_page(client):
    def open_page(staff):
        client.force_login(staff)
        response = client.get(PAGE)
        assert response.status_code == 200
        return {section.group.key: section for section in response.context["sections"]}

    return open_page


def numbers(section):
    return [row.number for row in section.rows]


def test_what_is_overdue_stands_first_the_longest_overdue_on_top(open_page, office, cso, at):
    yesterday = ConsultationFactory(office=office, now=at(17))
    last_week = ConsultationFactory(office=office, now=at(10))
    assert numbers(open_page(cso)["terlambat"]) == [last_week.number, yesterday.number]


def test_what_is_due_today_is_not_yet_late(open_page, office, cso, at):
    today = ConsultationFactory(office=office, now=at(18))
    page = open_page(cso)
    assert numbers(page["hari-ini"]) == [today.number]
    assert numbers(page["terlambat"]) == []


def test_what_was_due_earlier_today_is_late(open_page, office, cso, at, time_machine):
    today = ConsultationFactory(office=office, now=at(18))
    time_machine.move_to(at(23, 17, 1), tick=False)
    page = open_page(cso)
    assert numbers(page["terlambat"]) == [today.number]
    assert numbers(page["hari-ini"]) == []


def test_the_day_ends_at_midnight_on_the_office_wall(open_page, at, time_machine):
    office = OfficeFactory(time_zone="Asia/Jayapura")
    due_tuesday = ConsultationFactory(office=office, now=at(19))
    officer = StaffFactory(office=office, role="cso")
    time_machine.move_to(at(23, 22, 59), tick=False)
    assert numbers(open_page(officer)["hari-ini"]) == []
    time_machine.move_to(at(23, 23, 1), tick=False)  # past midnight in WIT
    assert numbers(open_page(officer)["hari-ini"]) == [due_tuesday.number]


def test_progress_is_owed_until_it_is_given_today(open_page, cso, consultation, officer, at):
    assert numbers(open_page(cso)["progres"]) == [consultation.number]
    lifecycle.post_progress(
        consultation, "Sedang kami telaah.", by=officer, now=at(23, 9), told_through=ProgressChannel.PHONE
    )
    assert numbers(open_page(cso)["progres"]) == []


@pytest.fixture
def landline():
    """A contact person whom only a call reaches."""
    return lifecycle.Contact("Siti", "+62370633744", "")


def test_whom_only_a_call_reaches_is_listed_until_the_call_is_recorded(
    open_page, office, cso, officer, at, landline
):
    later = ConsultationFactory(office=office, now=at(23, 8), officer=cso, contact=landline)
    first = ConsultationFactory(office=office, now=at(20), officer=cso, contact=landline)
    assert numbers(open_page(cso)["telepon"]) == [first.number, later.number]
    lifecycle.record_call(first, by=officer, now=at(23, 9))
    assert numbers(open_page(cso)["telepon"]) == [later.number]


def test_who_is_sent_messages_need_not_be_called(open_page, cso, consultation):
    assert numbers(open_page(cso)["telepon"]) == []


def test_an_answer_still_to_be_told_by_telephone_is_listed_though_it_has_ended(
    open_page, office, cso, officer, at, landline
):
    found = ConsultationFactory(office=office, now=at(20), officer=cso, contact=landline)
    lifecycle.record_call(found, by=officer, now=at(20, 11))
    lifecycle.resolve(found, "Silakan ajukan ulang.", by=officer, now=at(20, 12))
    assert numbers(open_page(cso)["telepon"]) == [found.number]


def test_the_link_to_all_calls_shows_them(desk, office, cso, at, landline):
    found = ConsultationFactory(office=office, now=at(20), officer=cso, contact=landline)
    ConsultationFactory(office=office, now=at(20), officer=cso)
    sections = {section.group.key: section for section in desk.get(PAGE).context["sections"]}
    assert [row.number for row in desk.get(sections["telepon"].url).context["rows"]] == [found.number]


def test_new_questions_wait_in_the_order_they_came(open_page, office, cso, at):
    second = ConsultationFactory(office=office, now=at(23, 8, 30))
    first = ConsultationFactory(office=office, now=at(20))
    assert numbers(open_page(cso)["baru"]) == [first.number, second.number]


def test_an_officer_sees_apart_what_they_handle(open_page, office, cso, colleague, consultation):
    theirs = ConsultationFactory(office=office, officer=colleague)
    assert numbers(open_page(cso)["saya"]) == [consultation.number]
    assert numbers(open_page(colleague)["saya"]) == [theirs.number]


def test_a_row_says_what_whose_until_when_and_by_whom(open_page, cso, consultation):
    (row,) = open_page(cso)["saya"].rows
    assert row.subject == consultation.question
    assert (row.stakeholder, row.category) == (consultation.stakeholder.name, "Retur SP2D")
    assert (row.status_label, row.due.label) == ("Diproses", "25 November 2026 pukul 17.00")
    assert row.officer == cso.full_name
    assert row.url == consultation.get_absolute_url()


def test_a_section_shows_its_beginning_and_links_to_all_of_it(desk, office, at):
    for _ in range(SECTION_SIZE + 2):
        ConsultationFactory(office=office, now=at(10))
    sections = {section.group.key: section for section in desk.get(PAGE).context["sections"]}
    assert len(sections["terlambat"].rows) == SECTION_SIZE
    assert sections["terlambat"].count == str(SECTION_SIZE + 2)
    assert len(desk.get(sections["terlambat"].url).context["rows"]) == SECTION_SIZE + 2


@pytest.mark.parametrize(
    ("key", "received"), [("terlambat", 10), ("hari-ini", 18), ("progres", 20), ("baru", 20), ("saya", 20)]
)
def test_the_link_of_each_section_shows_what_the_section_shows(desk, office, cso, at, key, received):
    officer = None if key == "baru" else cso
    ConsultationFactory(office=office, now=at(received), officer=officer)
    ConsultationFactory(office=office, now=at(23, 8), resolved=True)
    sections = {section.group.key: section for section in desk.get(PAGE).context["sections"]}
    (row,) = sections[key].rows
    assert [each.number for each in desk.get(sections[key].url).context["rows"]] == [row.number]


def test_many_are_counted_only_so_far_as_matters(open_page, office, cso, at, monkeypatch):
    monkeypatch.setattr("consultations.views.desk.MOST_COUNTED", 2)
    for _ in range(3):
        ConsultationFactory(office=office, now=at(10))
    assert open_page(cso)["terlambat"].count == "2+"
    assert MOST_COUNTED == 99


def test_what_has_ended_needs_nobody(open_page, office, cso, at):
    ConsultationFactory(office=office, now=at(10), resolved=True)
    assert not any(section.rows for section in open_page(cso).values())


def test_nothing_of_another_office_is_shown(open_page, consultation, other_cso):
    assert not any(section.rows for section in open_page(other_cso).values())


def test_heads_see_the_office_but_handle_nothing(open_page, consultation, unit_head, office_head):
    for head in (unit_head, office_head):
        page = open_page(head)
        assert numbers(page["progres"]) == [consultation.number]
        assert "saya" not in page


def test_a_receptionist_reads_no_consultations_but_may_take_one_down(client, receptionist, consultation):
    client.force_login(receptionist)
    response = client.get(PAGE)
    assert response.context["sections"] == []
    assert consultation.number not in response.content.decode()
    assert "/meja/konsultasi/baru/" in response.content.decode()


def test_somebody_without_a_duty_is_turned_away(client, office):
    client.force_login(StaffFactory(office=office))
    assert client.get(PAGE).status_code == 403


def test_a_visitor_is_asked_to_sign_in(client, db):
    assert client.get(PAGE).headers["Location"] == f"/masuk/?next={PAGE}"


@pytest.mark.parametrize("rows", [1, 6])
def test_the_page_costs_as_much_however_many_rows_and_nothing_for_an_empty_group(
    desk, office, cso, at, django_assert_num_queries, rows
):
    for _ in range(rows):
        ConsultationFactory(office=office, now=at(10), officer=cso)
        ConsultationFactory(office=office, now=at(20))
    with django_assert_num_queries(13):  # four of the six groups have somebody
        desk.get(PAGE)
