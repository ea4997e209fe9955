"""What the wall board shows, and to whom."""

from datetime import timedelta

import pytest
import time_machine

from frontdesk import calls
from frontdesk.board import board_of
from frontdesk.models import QueueSettings
from tests.factories import CounterFactory, OfficeFactory, QueueTicketFactory, SatkerFactory

PART = {"HX-Request": "true"}


@pytest.fixture
def at_nine(now):
    with time_machine.travel(now, tick=False):
        yield now


@pytest.fixture
def page(client, office, at_nine):
    def get(**headers):
        return client.get(f"/{office.slug}/papan/", headers=headers)

    return get


def shown(office, now):
    return [(call.label, call.counter) for call in board_of(office, now).calls]


class TestCalls:
    def test_the_latest_call_stands_first(self, shift, colleague, take, office, minutes):
        take()
        take()
        calls.call_next(shift, now=minutes(1))
        calls.call_next(colleague, now=minutes(2))
        assert shown(office, minutes(3)) == [("K-002", "2"), ("K-001", "1")]

    def test_a_recall_is_another_call(self, shift, take, office, minutes):
        take()
        ticket = calls.call_next(shift, now=minutes(1))
        before = board_of(office, minutes(2)).calls[0].key
        calls.recall(shift, ticket, now=minutes(2))
        assert board_of(office, minutes(2)).calls[0].key != before

    def test_who_did_not_come_and_waits_again_is_not_shown(self, shift, take, office, minutes):
        take()
        calls.skip(shift, calls.call_next(shift, now=minutes(1)), now=minutes(2))
        assert shown(office, minutes(3)) == []

    def test_six_calls_are_shown(self, shift, take, office, cso, minutes):
        for number in range(8):
            take()
            ticket = calls.call_next(shift, now=minutes(number))
            calls.start_serving(ticket, officer=cso, now=minutes(number))
            calls.finish(ticket, now=minutes(number + 1))
        assert [label for label, _ in shown(office, minutes(9))] == [f"K-00{n}" for n in range(8, 2, -1)]

    def test_a_new_day_begins_empty(self, shift, take, office, minutes):
        take()
        calls.call_next(shift, now=minutes(1))
        assert shown(office, minutes(24 * 60)) == []

    def test_another_office_has_a_board_of_its_own(self, shift, take, minutes):
        take()
        calls.call_next(shift, now=minutes(1))
        assert shown(OfficeFactory(), minutes(2)) == []


class TestWaiting:
    def test_each_kind_is_counted(self, take, office, now):
        for kind in "KKP":
            take(kind)
        assert board_of(office, now).waiting == [("Reguler", 2), ("Prioritas", 1)]


class TestTheDay:
    def test_open_without_a_call(self, page):
        response = page()
        assert "Belum ada panggilan" in response.text
        assert "Sedang buka, sampai pukul 15.00 WITA" in response.text

    def test_closed_it_says_when_it_opens(self, office, now):
        evening = now.replace(hour=18)
        assert board_of(office, evening).is_over
        assert board_of(office, evening).opening == "Tutup, buka lagi besok pukul 08.00 WITA"

    def test_whoever_still_waits_at_closing_time_is_still_shown(self, take, office, now):
        take()
        assert not board_of(office, now.replace(hour=15, minute=5)).is_over

    def test_the_clock_is_the_offices(self, office, now):
        board = board_of(office, now)
        assert (board.day, board.time) == ("Senin, 23 November 2026", "09.00")


class TestPage:
    def test_it_shows_number_counter_hours_and_promise(self, page, office, shift, take, now):
        office.notice_of_service = "Kami menyatakan sanggup."
        office.save()
        take()
        calls.call_next(shift, now=now)
        text = page().text
        for expected in (
            "K-001",
            "Loket 1",
            "Senin s.d. Jumat pukul 08.00–15.00 WITA",
            "Kami menyatakan sanggup.",
        ):
            assert expected in text
        assert 'data-desk-say="Nomor antrean K, nol nol satu, silakan ke loket satu."' in text

    def test_nothing_personal_is_on_it(self, page, office, shift, now):
        satker = SatkerFactory()
        QueueTicketFactory(office=office, reason="hamil", satker=satker, phone="+6281234567890", now=now)
        calls.call_next(shift, now=now)
        text = page().text
        assert "P-001" in text
        for private in ("hamil", "Ibu", satker.code, satker.name, "81234567890", "Ida Ayu"):
            assert private not in text

    def test_an_office_may_keep_its_board_silent(self, page, office):
        assert "Aktifkan suara" in page().text
        QueueSettings.objects.create(office=office, has_voice=False)
        assert "Aktifkan suara" not in page().text

    def test_without_scripts_the_page_refreshes_itself(self, page):
        assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page().text

    @pytest.mark.django_db
    def test_an_unknown_office_has_none(self, client):
        assert client.get("/tidak-ada/papan/").status_code == 404
        assert client.get("/tidak-ada/papan/siaran/").status_code == 404

    def test_its_statements_do_not_grow_with_the_queue(
        self, page, shift, take, cso, now, django_assert_max_num_queries
    ):
        for _ in range(9):
            take()
            take("P")
        for _ in range(6):
            ticket = calls.call_next(shift, now=now)
            calls.start_serving(ticket, officer=cso, now=now)
            calls.finish(ticket, now=now)
        with django_assert_max_num_queries(8):
            page()


class TestPart:
    """What a board fetches when it hears of a change."""

    def test_it_is_the_page_without_its_frame(self, page):
        assert "<html" not in page(**PART).text
        assert "Menunggu" in page(**PART).text

    def test_one_rendering_serves_every_board_that_heard_of_the_change(
        self, client, office, at_nine, django_assert_num_queries
    ):
        address = f"/{office.slug}/papan/?sejak={int(at_nine.timestamp() * 1000)}"
        first = client.get(address, headers=PART)
        with django_assert_num_queries(0):
            assert client.get(address, headers=PART).content == first.content

    def test_a_rendering_from_before_the_change_is_not_used(self, client, office, take, shift, now):
        with time_machine.travel(now, tick=False):
            client.get(f"/{office.slug}/papan/?sejak=0", headers=PART)
            take()
            calls.call_next(shift, now=now)
        later = now + timedelta(seconds=1)
        with time_machine.travel(later, tick=False):
            answer = client.get(f"/{office.slug}/papan/?sejak={int(later.timestamp() * 1000)}", headers=PART)
        assert "K-001" in answer.text

    def test_an_unchanged_board_is_not_sent_twice(self, page):
        etag = page(**PART)["ETag"]
        assert page(**PART, **{"If-None-Match": etag}).status_code == 304


def test_without_a_hub_a_stream_is_refused_and_the_page_asks_by_itself(client, office):
    response = client.get(f"/{office.slug}/papan/siaran/")
    assert response.status_code == 503
    assert response["Retry-After"] == "60"


def test_a_counter_of_three_digits_fits_the_words(office, take, cso, now):
    take()
    shift = calls.open_counter(CounterFactory(office=office, number=105), cso, now=now)
    calls.call_next(shift, now=now)
    assert board_of(office, now).calls[0].spoken.endswith("loket satu nol lima.")
