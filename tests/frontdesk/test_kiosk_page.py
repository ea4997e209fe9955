"""The page that gives numbers: to whom it gives one, and to whom not."""

import re
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from frontdesk.enums import PriorityReason
from frontdesk.models import QueueTicket
from frontdesk.views import kiosk
from offices.enums import Role
from tests.factories import OfficeFactory, SatkerFactory, StaffFactory

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def url(office):
    return reverse("queue_kiosk", args=[office.slug])


@pytest.fixture
def said():
    """What a visitor sends; each call is a page of its own."""
    return lambda **more: {"page": uuid4(), "category": "RETUR", **more}


def test_a_number_is_one_choice_and_one_press_away(client, url, said):
    response = client.post(url, said())
    assert response.status_code == 302
    assert "K-001" in client.get(response.url).content.decode()


def test_a_priority_number_keeps_its_reason_to_the_desk(client, url, said):
    response = client.post(url, said(reason=PriorityReason.PREGNANT))
    slip = client.get(response.url).content.decode()
    assert "P-001" in slip
    assert "hamil" not in slip.lower()


def test_satker_and_phone_are_kept_when_given(client, url, said):
    satker = SatkerFactory()
    client.post(url, said(satker_code=satker.code, phone="081234567890"))
    ticket = QueueTicket.objects.get()
    assert (ticket.satker, ticket.phone) == (satker, "+6281234567890")


def test_a_satker_code_that_no_list_has_is_said_so(client, url, said):
    response = client.post(url, said(satker_code="999999"))
    assert response.status_code == 422
    assert "tidak ada dalam daftar" in response.content.decode()


def test_without_a_category_nothing_is_given(client, url, said):
    response = client.post(url, said(category=""))
    assert response.status_code == 422
    assert "Silakan pilih salah satu" in response.content.decode()
    assert not QueueTicket.objects.exists()


def test_the_form_sent_twice_leads_to_the_same_slip(client, url, said):
    form = said()
    assert client.post(url, form).url == client.post(url, form).url


def test_a_device_gets_so_many_numbers_a_minute_and_no_more(client, url, said, at_nine, now):
    client.get(url)
    for _ in range(kiosk.NUMBERS_PER_DEVICE):
        assert client.post(url, said()).status_code == 302
    refused = client.post(url, said())
    assert refused.status_code == 429
    assert "pukul 09.01 WITA" in refused.content.decode()
    at_nine.move_to(now + timedelta(minutes=1), tick=False)
    assert client.post(url, said()).status_code == 302


def test_other_devices_of_the_same_network_go_on_up_to_its_own_limit(client, url, said):
    for number in range(kiosk.NUMBERS_PER_ADDRESS):
        if number % kiosk.NUMBERS_PER_DEVICE == 0:
            client.cookies.clear()
            client.get(url)
        assert client.post(url, said()).status_code == 302
    client.cookies.clear()
    client.get(url)
    assert client.post(url, said()).status_code == 429


def test_a_forged_device_counts_as_none(client, url, said):
    for number in range(kiosk.NUMBERS_PER_DEVICE + 1):
        client.cookies[kiosk.DEVICE_COOKIE] = f"forged-{number}"
        response = client.post(url, said())
    assert response.status_code == 429


def test_however_many_ask_from_outside_the_reception_takes_numbers(client, url, said, office, monkeypatch):
    monkeypatch.setattr(kiosk, "NUMBERS_PER_OFFICE", 2)
    for number in range(2):
        assert client.post(url, said(), REMOTE_ADDR=f"192.0.2.{number}").status_code == 302
    refused = client.post(url, said(), REMOTE_ADDR="192.0.2.9")
    assert refused.status_code == 429
    assert "resepsionis" in refused.content.decode()
    client.force_login(StaffFactory(office=office, role=Role.RECEPTIONIST))
    assert client.post(url, said()).status_code == 302


def test_outside_its_hours_the_page_says_when_it_opens(client, url, said, at_nine, now):
    at_nine.move_to(now.replace(hour=16), tick=False)
    page = client.get(url).content.decode()
    assert "buka lagi besok pukul 08.00 WITA" in page
    assert "Ambil nomor</button>" not in page
    assert client.post(url, said()).status_code == 422
    assert not QueueTicket.objects.exists()


def test_during_a_break_the_page_says_when_it_ends_and_gives_no_number(
    client, url, said, office, at_nine, now
):
    office.service_hours.filter(service="tatap_muka", weekday=0).update(closes_at=now.time())
    office.service_hours.create(service="tatap_muka", weekday=0, opens_at=time(13), closes_at=time(15))
    refused = client.post(url, said())
    assert refused.status_code == 422
    assert "Sedang istirahat, buka lagi hari ini pukul 13.00 WITA" in refused.content.decode()
    at_nine.move_to(now.replace(hour=13))
    assert client.post(url, said()).status_code == 302


def test_a_page_left_open_past_closing_gives_no_number(client, url, said, at_nine, now):
    form = said()
    at_nine.move_to(now.replace(hour=15), tick=False)
    assert "Nomor antrean belum dapat diambil" in client.post(url, form).content.decode()


def test_the_kiosk_comes_back_for_the_next_visitor(client, url, said):
    response = client.post(f"{url}?layar=kios", said())
    slip = client.get(response.url).content.decode()
    assert f'content="20; url={url}?layar=kios"' in slip
    assert "print_at_once" in slip


def ways_out(html):
    """Where the links of a page lead, other than to another part of it."""
    return re.findall(r'<a [^>]*href="([^"#][^"]*)"', html)


@pytest.mark.parametrize("hour", [9, 16], ids=["open", "closed"])
def test_no_link_leads_away_from_the_kiosk(client, url, at_nine, now, hour):
    at_nine.move_to(now.replace(hour=hour), tick=False)
    assert ways_out(client.get(url).content.decode())
    assert ways_out(client.get(f"{url}?layar=kios").content.decode()) == []


def test_no_link_leads_away_from_a_form_the_kiosk_refused(client, url, said):
    assert ways_out(client.post(f"{url}?layar=kios", said(category="")).content.decode()) == []


def test_the_kiosks_slip_leads_to_the_kiosk_alone(client, url, said):
    slip = client.post(f"{url}?layar=kios", said()).url
    assert ways_out(client.get(slip).content.decode()) == [f"{url}?layar=kios"]


def test_another_offices_category_is_no_choice(client, url, said):
    OfficeFactory().categories.filter(code="RETUR").update(code="ASING")
    assert client.post(url, said(category="ASING")).status_code == 422


def test_the_page_costs_the_same_however_many_wait(client, url, take, django_assert_max_num_queries):
    for _ in range(6):
        take()
    with django_assert_max_num_queries(9):
        client.get(url)


@pytest.mark.parametrize(("query", "remembers"), [("", True), ("?layar=kios", False)])
def test_the_kiosk_offers_nobody_anothers_telephone_number(client, url, query, remembers):
    assert ('autocomplete="tel"' in client.get(f"{url}{query}").content.decode()) is remembers
