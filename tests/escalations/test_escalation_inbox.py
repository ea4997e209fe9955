"""The inbox: what waits for a head, the nearest public deadline first."""

from datetime import date

import pytest

from consultations import actors
from escalations import services
from escalations.inbox import PAGE_SIZE
from offices.enums import AppointmentKind, Role
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db
PAGE = "/eskalasi/"


@pytest.fixture(autouse=True)
def _monday_morning(time_machine, at):
    time_machine.move_to(at(23, 9), tick=False)


@pytest.fixture
def ask(office, cso, officer, bank, at):
    """Escalate a question received on a day of November, at a moment."""

    def ask(received, asked_at, *, unit=bank, by=officer):
        consultation = ConsultationFactory(office=office, now=received, officer=by.staff)
        return services.escalate(consultation, unit, "Mohon arahan.", by=by, now=asked_at)

    return ask


@pytest.fixture
def open_inbox(client):
    def open_inbox(staff, **query):
        client.force_login(staff)
        response = client.get(PAGE, query)
        assert response.status_code == 200
        return response

    return open_inbox


def numbers(page):
    return [line.escalation.consultation.number for line in page.lines] if page else None


def test_the_nearest_deadline_comes_first_whatever_came_in_first(ask, bank_head, open_inbox, at):
    later = ask(at(20), at(20, 11))
    sooner = ask(at(18), at(20, 15))
    inbox = open_inbox(bank_head).context["waiting"]
    assert numbers(inbox) == [sooner.consultation.number, later.consultation.number]


def test_each_line_says_how_long_it_waits_in_working_hours_and_how_near_the_deadline_is(
    ask, bank_head, open_inbox, at
):
    ask(at(18), at(20, 15, 40))
    (line,) = open_inbox(bank_head).context["waiting"].lines
    assert line.worked == "2 jam 20 menit"  # Friday until 17.00, Monday from 08.00 to 09.00
    assert line.deadline.label == "Hari ini pukul 17.00"
    page = open_inbox(bank_head).content.decode()
    assert "Menunggu 2 jam 20 menit" in page
    assert "Diminta oleh Ayu Lestari kepada Kepala Seksi Bank" in page
    assert f'href="{line.escalation.pk}/"' in page


def test_a_head_sees_their_own_unit_only(ask, bank, treasury, bank_head, treasury_head, open_inbox, at):
    own, other = ask(at(20), at(20, 11)), ask(at(20), at(20, 12), unit=treasury)
    assert numbers(open_inbox(bank_head).context["waiting"]) == [own.consultation.number]
    assert numbers(open_inbox(treasury_head).context["waiting"]) == [other.consultation.number]


def test_who_stands_in_sees_it_within_their_days_and_reads_in_which_capacity(
    ask, office, bank, open_inbox, client, time_machine, at
):
    stand_in = StaffFactory(
        office=office,
        role=Role.UNIT_HEAD,
        unit=bank,
        kind=AppointmentKind.PLH,
        starts_on=date(2026, 11, 23),
        ends_on=date(2026, 11, 24),
    )
    ask(at(20), at(20, 11))
    page = open_inbox(stand_in)
    assert len(page.context["waiting"].lines) == 1
    assert "Bapak/Ibu bertugas selaku Plh. Kepala Seksi Bank." in page.content.decode()
    time_machine.move_to(at(25, 9), tick=False)
    client.force_login(stand_in)
    assert client.get(PAGE).status_code == 403


def test_an_officer_sees_what_they_asked_and_what_they_handle(ask, office, cso, open_inbox, at):
    colleague = StaffFactory(office=office, role=Role.CSO)
    mine = ask(at(20), at(20, 11))
    ask(at(20), at(20, 12), by=actors.officer(colleague))
    assert numbers(open_inbox(cso).context["waiting"]) == [mine.consultation.number]


def test_what_a_head_forwards_stays_in_the_officers_list(
    ask, cso, bank_head, treasury, treasury_head, open_inbox, at
):
    asked = ask(at(20), at(20, 11))
    services.forward(
        asked, treasury, "Menyangkut SPM.", by=actors.head(bank_head, "Kepala Seksi Bank"), now=at(20, 12)
    )
    page = open_inbox(cso)
    assert numbers(page.context["waiting"]) == numbers(page.context["ended"]) == [asked.consultation.number]
    assert page.context["waiting"].lines[0].escalation.unit == treasury


@pytest.mark.parametrize("role", [Role.OFFICE_HEAD, Role.OFFICE_ADMIN])
def test_the_offices_head_and_administrator_read_all_of_their_office(
    ask, office, treasury, open_inbox, at, role
):
    ask(at(20), at(20, 11))
    ask(at(20), at(20, 12), unit=treasury)
    ConsultationFactory(now=at(20), escalated=True)
    reader = StaffFactory(office=office, role=role)
    assert len(open_inbox(reader).context["waiting"].lines) == 2


def test_nobody_sees_another_offices(ask, open_inbox, at):
    ask(at(20), at(20, 11))
    elsewhere = OfficeFactory()
    for role in (Role.CSO, Role.OFFICE_HEAD, Role.OFFICE_ADMIN):
        page = open_inbox(StaffFactory(office=elsewhere, role=role))
        assert "Tidak ada eskalasi yang menunggu." in page.content.decode()


def test_what_was_answered_stands_below_the_latest_first_with_who_answered_as_what(
    ask, bank_head, open_inbox, at
):
    by = actors.head(bank_head, "Kepala Seksi Bank")
    first, second = ask(at(18), at(20, 9)), ask(at(18), at(20, 9))
    services.answer(second, "Boleh.", by=by, now=at(20, 10))
    services.give_back(first, "Sudah diatur.", by=by, now=at(20, 11))
    page = open_inbox(bank_head)
    assert numbers(page.context["ended"]) == [first.consultation.number, second.consultation.number]
    assert "Kepala Seksi Bank (Budi Santoso), Jumat, 20 November 2026 pukul 11.00 WITA, setelah 2 jam" in (
        page.content.decode()
    )
    assert page.context["waiting"].lines == []


def test_long_lists_go_on_where_the_page_ended(ask, bank_head, open_inbox, at):
    asked = [ask(at(18 + n % 2), at(20, 9)) for n in range(PAGE_SIZE + 2)]
    by_deadline = sorted(asked, key=lambda each: (each.consultation.due_at, each.pk))
    first = open_inbox(bank_head).context["waiting"]
    assert len(first.lines) == PAGE_SIZE
    rest = open_inbox(bank_head, sesudah=first.next)
    assert rest.context["ended"] is None
    shown = [*first.lines, *rest.context["waiting"].lines]
    assert [line.escalation for line in shown] == by_deadline
    assert not rest.context["waiting"].next


def test_the_answered_ones_go_on_as_well(ask, bank_head, open_inbox, at):
    by = actors.head(bank_head, "Kepala Seksi Bank")
    answered = [
        services.answer(ask(at(18), at(20, 9)), "Boleh.", by=by, now=at(20, 10, n % 3))
        for n in range(PAGE_SIZE + 2)
    ]
    latest_first = sorted(answered, key=lambda each: (each.ended_at, each.pk), reverse=True)
    first = open_inbox(bank_head).context["ended"]
    rest = open_inbox(bank_head, sebelum=first.next)
    assert rest.context["waiting"] is None
    shown = [*first.lines, *rest.context["ended"].lines]
    assert [line.escalation for line in shown] == latest_first


def test_a_row_shows_by_when_the_head_is_to_answer_beside_the_public_deadline(ask, bank_head, open_inbox, at):
    ask(at(20), at(20, 15))  # eight working hours end on Monday at 14.00
    response = open_inbox(bank_head)
    (line,) = response.context["waiting"].lines
    assert (line.clock.due.level, line.clock.due.label) == ("today", "Hari ini pukul 14.00")
    assert "Hari ini pukul 14.00" in response.content.decode()


def test_a_row_of_the_ended_has_no_clock(ask, bank_head, open_inbox, at):
    by = actors.head(bank_head, "Kepala Seksi Bank")
    services.answer(ask(at(20), at(20, 11)), "Boleh.", by=by, now=at(20, 12))
    (line,) = open_inbox(bank_head).context["ended"].lines
    assert line.clock is None


@pytest.mark.parametrize("name", ["sesudah", "sebelum"])
@pytest.mark.parametrize(
    "place",
    ["x", ",", "2026-11-20,1", "2026-11-20T10:00+08:00,-1", f"2026-11-20T10:00+08:00,{10**30}", "\x00"],
)
def test_a_place_that_no_page_gave_shows_the_beginning(ask, bank_head, open_inbox, at, name, place):
    ask(at(20), at(20, 11))
    open_inbox(bank_head, **{name: place})


def test_the_inbox_costs_the_same_however_full_it_is(ask, bank_head, client, django_assert_num_queries, at):
    client.force_login(bank_head)
    by = actors.head(bank_head, "Kepala Seksi Bank")
    for count in (1, 6):
        for _ in range(count):
            ask(at(20), at(20, 11))
            services.answer(ask(at(20), at(20, 11)), "Boleh.", by=by, now=at(20, 12))
        with django_assert_num_queries(8):
            client.get(PAGE)
