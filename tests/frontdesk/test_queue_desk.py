"""The officer's page: what each button does, who has buttons at all, and what the page gives away."""

import pytest
from django.urls import reverse

from frontdesk import calls
from frontdesk.models import CounterShift, QueueTicket, ServiceSession, SlotBooking
from offices.enums import Role
from tests.factories import (
    CounterFactory,
    OfficeFactory,
    QueueTicketFactory,
    SlotBookingFactory,
    StaffFactory,
)


@pytest.fixture
def press(signed_in):
    """Press a button as the officer; what the page says then, on one line."""

    def post(name, *args, **data):
        response = signed_in.post(reverse(name, args=args), data, follow=True)
        return " ".join(response.content.decode().split())

    return post


def test_a_counter_is_opened_and_closed(press, counter):
    assert "Panggil berikutnya" in press("counter_open", counter.pk)
    assert "Loket 1 ditutup" in press("queue_close")
    assert not CounterShift.objects.open().exists()


def test_a_visit_from_the_call_to_the_end(press, counter, take):
    ticket = take()
    press("counter_open", counter.pk)
    assert "Sedang dipanggil" in press("queue_call")
    assert "dipanggil ulang" in press("queue_recall", ticket=ticket.pk)
    assert "Sedang dilayani" in press("queue_serve", ticket=ticket.pk)
    assert ServiceSession.objects.running().get().ticket == ticket


@pytest.mark.parametrize("role", [Role.CSO, Role.RECEPTIONIST])
@pytest.mark.usefixtures("at_nine")
def test_no_number_is_served_without_a_session(client, office, counter, take, role):
    client.force_login(StaffFactory(office=office, role=role))
    ticket = take()
    client.post(reverse("counter_open", args=[counter.pk]))
    client.post(reverse("queue_call"))
    client.post(reverse("queue_serve"), {"ticket": ticket.pk})
    page = client.post(reverse("queue_finish"), {"ticket": ticket.pk}, follow=True).content.decode()
    session = ServiceSession.objects.get()
    assert "Nomor K-001 selesai bersama sesinya" in page
    assert f'href="{session.get_absolute_url()}"' in page
    ticket.refresh_from_db()
    assert (session.ticket, session.is_running, ticket.status) == (ticket, True, "serving")


@pytest.mark.usefixtures("shift")
def test_who_does_not_come_is_skipped(press, take):
    ticket = take()
    press("queue_call")
    assert "dilewati dan akan dipanggil kembali" in press("queue_skip", ticket=ticket.pk)


@pytest.mark.usefixtures("shift")
def test_a_visitor_is_sent_on(press, take, colleague):
    ticket = take()
    press("queue_call")
    told = press("queue_transfer", ticket=ticket.pk, category="PEMBAYARAN", counter="2")
    ticket.refresh_from_db()
    assert "Nomor K-001 dialihkan" in told
    assert (ticket.category.code, ticket.wanted_counter) == ("PEMBAYARAN", colleague.counter)


@pytest.mark.usefixtures("shift")
def test_a_transfer_to_nowhere_is_said_so(press, take):
    ticket = take()
    press("queue_call")
    assert "pilih kategori atau loket tujuan" in press("queue_transfer", ticket=ticket.pk)


@pytest.mark.usefixtures("shift")
def test_an_empty_queue_is_said_so(press):
    assert "Tidak ada nomor yang menunggu" in press("queue_call")


@pytest.mark.usefixtures("shift")
def test_a_pause_stops_the_calling(press, take):
    take()
    assert "Loket sedang dijeda" in press("queue_pause")
    assert "Panggil berikutnya" in press("queue_resume")


@pytest.mark.parametrize("name", ["queue_call", "queue_pause", "queue_close"])
def test_without_an_open_counter_nothing_is_called(press, take, name):
    take()
    assert "Loket Bapak/Ibu belum dibuka" in press(name)


@pytest.mark.usefixtures("shift")
def test_a_second_tab_is_told_that_the_number_moved_on(press, take):
    first = take()
    take()
    press("queue_call")
    press("queue_skip", ticket=first.pk)
    press("queue_call")
    assert "K-001 sekarang berstatus menunggu" in press("queue_skip", ticket=first.pk)
    assert QueueTicket.objects.get(number=2).status == "calling"


@pytest.mark.usefixtures("shift")
def test_another_offices_number_does_not_exist(signed_in, now):
    foreign = QueueTicketFactory(now=now)
    for name in ("queue_recall", "queue_skip", "queue_serve", "queue_finish", "queue_transfer"):
        assert signed_in.post(reverse(name), {"ticket": foreign.pk}).status_code == 404


def test_another_offices_counter_does_not_exist(signed_in):
    foreign = CounterFactory(office=OfficeFactory())
    assert signed_in.post(reverse("counter_open", args=[foreign.pk])).status_code == 404


def test_who_waits_is_listed_in_the_order_of_the_calls(signed_in, take):
    for kind in "KKP":
        take(kind)
    rows = signed_in.get(reverse("queue_desk")).context["waiting"]
    assert [row.label for row in rows] == ["P-001", "K-001", "K-002"]


def test_the_list_names_nobody(signed_in, take):
    ticket = take()
    QueueTicket.objects.filter(pk=ticket.pk).update(phone="+6281234567890")
    assert "81234567890" not in signed_in.get(reverse("queue_desk")).content.decode()


def test_the_list_renews_itself_without_the_rest(signed_in, take):
    take()
    part = signed_in.get(reverse("queue_desk"), headers={"HX-Request": "true"}).content.decode()
    assert "K-001" in part
    assert "Antrean hari ini" not in part


@pytest.mark.parametrize("role", [Role.UNIT_HEAD, Role.OFFICE_HEAD, Role.OFFICE_ADMIN])
@pytest.mark.usefixtures("counter", "at_nine")
def test_heads_read_and_have_no_buttons(client, office, take, role):
    take()
    unit = office.units.first() if role is Role.UNIT_HEAD else None
    client.force_login(StaffFactory(office=office, role=role, unit=unit))
    page = client.get(reverse("queue_desk")).content.decode()
    assert "K-001" in page
    assert "Buka Loket" not in page


def test_the_page_costs_the_same_however_many_wait(
    signed_in, shift, colleague, take, now, django_assert_max_num_queries
):
    for kind in "KKPKKPKK":
        take(kind)
    calls.call_next(shift, now=now)
    calls.call_next(colleague, now=now)
    with django_assert_max_num_queries(19):
        signed_in.get(reverse("queue_desk"))


def test_who_booked_and_comes_to_the_reception_gets_a_number(press, office, now):
    SlotBookingFactory(office=office, now=now.replace(day=20), name="Nyoman Sari", slot=3)
    booking = SlotBooking.objects.get()
    assert "09.30" in press("queue_call")
    assert "K-001" in press("booking_arrive", booking.pk)
    assert "Nyoman Sari" not in press("queue_call")


def test_heads_do_not_read_who_booked(client, office, at_nine, now):
    SlotBookingFactory(office=office, now=now.replace(day=20), name="Nyoman Sari")
    client.force_login(StaffFactory(office=office, role=Role.OFFICE_HEAD))
    assert "Nyoman Sari" not in client.get(reverse("queue_desk")).content.decode()
