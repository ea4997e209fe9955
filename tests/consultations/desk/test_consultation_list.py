"""The list behind the desk: narrowed by filters and words, a page at a time."""

import pytest

from consultations import lifecycle
from consultations.enums import Source
from consultations.views.desk import PAGE_SIZE
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db
PAGE = "/meja/konsultasi/"


@pytest.fixture
def shown(desk):
    def shown(**query):
        response = desk.get(PAGE, query)
        assert response.status_code == 200
        return [row.number for row in response.context["rows"]]

    return shown


@pytest.fixture
def ask(office, at):
    def ask(question, name="Siti Rahmawati", **kwargs):
        contact = lifecycle.Contact(name, "+6281234567890")
        return ConsultationFactory(office=office, question=question, contact=contact, now=at(20), **kwargs)

    return ask


def test_without_a_filter_everything_is_shown_the_latest_first(shown, office, at):
    older = ConsultationFactory(office=office, now=at(19), closed=True)
    newer = ConsultationFactory(office=office, now=at(20))
    assert shown() == [newer.number, older.number]


def test_status_narrows_to_one_state_or_to_all_unanswered(shown, office, at):
    new = ConsultationFactory(office=office, now=at(19))
    escalated = ConsultationFactory(office=office, now=at(20), escalated=True)
    resolved = ConsultationFactory(office=office, now=at(18), resolved=True)
    assert shown(status="resolved") == [resolved.number]
    assert shown(status="terbuka") == [escalated.number, new.number]


def test_category_channel_and_officer_narrow_together(shown, office, cso, at):
    payments = office.categories.get(code="PEMBAYARAN")
    wanted = ConsultationFactory(
        office=office, category=payments, source=Source.COUNTER, officer=cso, now=at(20)
    )
    ConsultationFactory(office=office, source=Source.COUNTER, officer=cso, now=at(20))
    ConsultationFactory(office=office, category=payments, officer=cso, now=at(20))
    ConsultationFactory(office=office, category=payments, source=Source.COUNTER, taken=True, now=at(20))
    assert shown(kategori=payments.pk, saluran="tatap_muka", petugas="saya") == [wanted.number]


def test_by_deadline_only_what_is_unanswered_is_shown_the_nearest_first(shown, office, at):
    later = ConsultationFactory(office=office, now=at(20))
    sooner = ConsultationFactory(office=office, now=at(18))
    ConsultationFactory(office=office, now=at(17), resolved=True)
    assert shown(urut="tenggat") == [sooner.number, later.number]


@pytest.mark.parametrize(("tick", "received"), [("terlambat", (10, 11)), ("progres", (19, 20))])
def test_what_waits_stands_in_the_order_it_is_due(shown, office, at, tick, received):
    first, second = (ConsultationFactory(office=office, now=at(day)) for day in received)
    ConsultationFactory(office=office, now=at(23, 8))
    assert shown(**{tick: "on"}) == [first.number, second.number]


def test_a_number_is_found_by_its_beginning_in_small_letters_too(shown, office, at):
    first, second = (ConsultationFactory(office=office, now=at(20)) for _ in range(2))
    assert shown(cari=first.number.lower()) == [first.number]
    assert shown(cari=first.number[:-3]) == [second.number, first.number]


def test_a_running_number_alone_is_enough(shown, ask):
    ask("Mengapa SP2D diretur?")
    second = ask("Mengapa SP2D diretur?")
    assert second.number.endswith("-000002")
    assert shown(cari="2") == [second.number]


def test_words_are_found_in_the_question_in_any_form(shown, ask):
    wanted = ask("Kapan pembayaran honorarium dapat dilakukan?")
    ask("Mengapa SP2D diretur?")
    assert shown(cari="membayar") == [wanted.number]


def test_a_name_is_found_while_it_is_typed(shown, ask):
    wanted = ask("Mengapa SP2D diretur?", name="Lalu Wirawan")
    ask("Mengapa SP2D diretur?")
    assert shown(cari="lalu wira") == [wanted.number]


def test_all_words_must_be_found(shown, ask):
    ask("Mengapa SP2D diretur?")
    assert shown(cari="retur pensiun") == []


def test_the_next_page_begins_where_this_one_ends(desk, office, at):
    stored = [ConsultationFactory(office=office, now=at(20)) for _ in range(PAGE_SIZE + 2)]
    for query in ({"status": "new"}, {"urut": "tenggat"}):
        first = desk.get(PAGE, query)
        second = desk.get(PAGE + first.context["next_url"])
        seen = [row.number for page in (first, second) for row in page.context["rows"]]
        assert len(first.context["rows"]) == PAGE_SIZE
        assert sorted(seen) == sorted(each.number for each in stored)
        assert not second.context["next_url"]
        assert desk.get(PAGE + second.context["first_url"]).context["rows"] == first.context["rows"]


def test_the_last_page_offers_no_next_one(desk, consultation):
    response = desk.get(PAGE)
    assert response.context["next_url"] == ""
    assert "Menampilkan 1 konsultasi." in response.content.decode()


def test_an_empty_list_says_so(desk):
    assert "Tidak ada konsultasi yang cocok." in desk.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"cari": "a\x00b"},
        {"cari": "x" * 100_000},
        {"cari": "'; DROP TABLE consultations_consultation; --"},
        {"cari": "&|!():*'"},
        {"cari": "🙏🏽"},
        {"cari": "۱۲۳"},
        {"status": "tidak-ada"},
        {"kategori": "9" * 40},
        {"kategori": "' OR 1=1"},
        {"sesudah": "kemarin_1"},
        {"sesudah": "2026-11-20T10:00:00_1"},
        {"sesudah": f"2026-11-20T10:00:00+00:00_{10**30}"},
        {"sesudah": "2026-11-20T10:00:00+00:00_-1"},
        {"sesudah": "0001-01-01T00:00:00+14:00_1"},
        {"urut": "tenggat", "sesudah": "9999-12-31T23:59:59-12:00_1"},
    ],
)
def test_senseless_and_hostile_values_do_no_harm(desk, consultation, query):
    assert desk.get(PAGE, query).status_code == 200


def test_a_word_too_long_to_search_is_explained(desk):
    assert "paling banyak 100 karakter" in desk.get(PAGE, {"cari": "x" * 101}).content.decode()


def test_what_people_wrote_is_shown_as_text(desk, office, at):
    ConsultationFactory(office=office, question="<script>alert(1)</script>", now=at(20))
    page = desk.get(PAGE).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_htmx_gets_the_rows_alone_and_the_new_count(desk, consultation):
    whole = desk.get(PAGE)
    part = desk.get(PAGE, headers={"HX-Request": "true"})
    assert "HX-Request" in part.headers["Vary"]
    assert "HX-Request" in whole.headers["Vary"]
    assert b"<html" not in part.content
    assert b'hx-swap-oob="innerHTML:#result-count"' in part.content
    assert part.context["rows"] == whole.context["rows"]


def test_another_office_is_neither_listed_nor_found(client, consultation, other_cso):
    client.force_login(other_cso)
    assert client.get(PAGE).context["rows"] == []
    assert client.get(PAGE, {"cari": consultation.number}).context["rows"] == []


def test_a_category_of_another_office_filters_nothing(desk, consultation):
    foreign = OfficeFactory().categories.get(code="RETUR")
    assert len(desk.get(PAGE, {"kategori": foreign.pk}).context["rows"]) == 1


def test_a_receptionist_has_no_list(client, receptionist):
    client.force_login(receptionist)
    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("role", ["unit_head", "office_head", "office_admin"])
def test_heads_and_the_administrator_read_the_list(client, request, consultation, role):
    client.force_login(request.getfixturevalue(role))
    assert len(client.get(PAGE).context["rows"]) == 1


@pytest.mark.parametrize("query", [{}, {"urut": "tenggat"}, {"cari": "retur"}])
@pytest.mark.parametrize("rows", [1, 6])
def test_the_list_makes_eight_statements_however_many_rows(
    desk, office, cso, at, django_assert_num_queries, rows, query
):
    for _ in range(rows):
        ConsultationFactory(office=office, officer=StaffFactory(office=office, role="cso"), now=at(20))
    with django_assert_num_queries(8):
        desk.get(PAGE, query)
