"""A visitor's own page: the place in the queue, where to go, and nobody else's number."""

import pytest
from django.urls import reverse

from frontdesk import calls
from frontdesk.models import QueueTicket
from frontdesk.tokens import token_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def follow(client):
    """What the page says of a number, on one line."""

    def read(ticket, **headers):
        response = client.get(reverse("queue_follow", args=[token_of(ticket)]), **headers)
        return " ".join(response.content.decode().split())

    return read


def test_it_says_how_many_come_before(take, follow):
    first, second = take(), take()
    assert "Giliran berikutnya adalah Bapak/Ibu" in follow(first)
    assert "1 nomor sebelum Bapak/Ibu" in follow(second)


def test_priority_numbers_that_go_before_are_counted(take, follow):
    regular = take()
    take("P")
    assert "1 nomor sebelum Bapak/Ibu" in follow(regular)


@pytest.mark.usefixtures("shift")
def test_before_anybody_was_served_the_standard_is_the_estimate(take, follow):
    take()
    assert "sekitar <strong>40 menit" in follow(take())


def test_without_a_counter_that_calls_there_is_no_estimate(take, follow):
    assert "Loket belum memanggil" in follow(take())


def test_a_called_number_is_told_where_to_go(shift, take, follow, now):
    take()
    assert "Silakan menuju Loket 1" in follow(calls.call_next(shift, now=now))


def test_the_page_renews_itself_while_the_visit_lasts(take, follow, now):
    ticket = take()
    assert 'hx-trigger="desk:changed"' in follow(ticket)
    assert '<meta http-equiv="refresh" content="15">' in follow(ticket)
    over = follow(calls.withdraw(ticket, now=now))
    assert "hx-trigger" not in over
    assert "http-equiv" not in over


def test_htmx_gets_the_state_alone(take, follow):
    part = follow(take(), headers={"HX-Request": "true"})
    assert "Giliran berikutnya adalah Bapak/Ibu" in part
    assert "<h1" not in part


def test_a_number_of_another_day_is_said_so(take, follow):
    assert "berlaku pada Minggu, 22 November 2026" in follow(take(minute=-24 * 60))


def test_giving_the_number_back_ends_it(client, take):
    ticket = take()
    client.post(reverse("queue_withdraw", args=[token_of(ticket)]))
    assert QueueTicket.objects.get().status == "left"


def test_a_called_number_is_not_given_back(client, shift, take, now):
    take()
    ticket = calls.call_next(shift, now=now)
    page = client.post(reverse("queue_withdraw", args=[token_of(ticket)]), follow=True).content.decode()
    assert "sampaikan kepada petugas loket" in page


@pytest.mark.parametrize("name", ["queue_follow", "queue_slip"])
def test_the_page_is_kept_by_nobody_and_found_by_no_search(client, take, name):
    response = client.get(reverse(name, args=[token_of(take())]))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_the_link_still_fits_after_the_key_was_rotated(take, settings):
    ticket = take()
    token = token_of(ticket)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key", [settings.SECRET_KEY]
    assert token_of(ticket) == token


def test_polling_costs_the_same_however_many_wait(client, take, django_assert_max_num_queries):
    for _ in range(8):
        ticket = take()
    url = reverse("queue_follow", args=[token_of(ticket)])
    with django_assert_max_num_queries(7):
        client.get(url, headers={"HX-Request": "true"})
